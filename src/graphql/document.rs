//! Documents, parsed and looked at once. Pages send the same ones over and over with other variables; what depends on those, such as what a
//! request costs and whether its values are good, is judged anew where they may make a difference (`judged`).

use std::sync::Arc;

use async_graphql::ServerError;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::empty;
use super::judged::{Judgements, KEPT_BYTES};
use super::limit::{self, Bounds};
use super::shape::Shape;
use crate::app::Error;

/// Memory that all of them take, about, in bytes.
const LIMIT_BYTES: u64 = 32 * 1024 * 1024;
/// Longest text that is kept, in bytes.
const LIMIT_TEXT_BYTES: usize = 32 * 1024;
/// What a document takes for each word of it, about, the mended one and the shape of its answers included.
const WORD_BYTES: usize = 512;
/// What one takes besides, about.
const ENTRY_BYTES: usize = 1_024 + KEPT_BYTES;

/// A document that is well formed.
#[derive(Debug)]
pub struct Document {
    /// As it came.
    pub parsed: ExecutableDocument,
    /// As the library is to answer it, when that is another; see `empty`.
    pub mended: Option<ExecutableDocument>,
    /// Over which bound it is.
    pub bounded: Result<(), Error>,
    /// What its answers look like.
    pub shape: Shape,
    /// What was found to be right of it.
    pub judged: Judgements,
    /// Memory that it takes, about.
    bytes: usize,
}

/// See the module. Cheap to clone; clones share what is kept.
#[derive(Clone)]
pub struct Documents(Arc<Cache<String, Arc<Document>, Weight>>);

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Document>> for Weight {
    fn weight(&self, _: &String, document: &Arc<Document>) -> u64 {
        document.bytes as u64
    }
}

impl Default for Documents {
    fn default() -> Documents {
        Documents(Arc::new(Cache::with_weighter(500, LIMIT_BYTES, Weight)))
    }
}

impl Documents {
    /// The document that a text is.
    ///
    /// # Errors
    /// What the parser says of one that is not well formed, which is not kept.
    pub fn read(&self, text: &str, bounds: &Bounds) -> Result<Arc<Document>, ServerError> {
        if let Some(document) = self.0.get(text) {
            return Ok(document);
        }
        let parsed = parse_query(text)?;
        let bounded = limit::check(&parsed, bounds);
        // What is over a bound is answered with that alone.
        let mended = if bounded.is_ok() { empty::ask_something(&parsed) } else { None };
        let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let words = words.filter(|word| !word.is_empty()).count();
        let bytes = ENTRY_BYTES + text.len() + WORD_BYTES * words;
        let (shape, judged) = (Shape::of_words(words), Judgements::default());
        let document = Arc::new(Document { parsed, mended, bounded, shape, judged, bytes });
        if text.len() <= LIMIT_TEXT_BYTES {
            self.0.insert(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_once_and_strangers_fill_no_more_than_there_is() {
        let (documents, bounds) = (Documents::default(), Bounds::default());
        let read = |text: &str| documents.read(text, &bounds).unwrap();
        assert!(Arc::ptr_eq(&read("{ a }"), &read("{ a }")));
        assert!(!Arc::ptr_eq(&read("{ a }"), &read("{ b }")));
        assert!(documents.read("{ a", &bounds).is_err() && documents.read("{ a", &bounds).is_err());
        let long = format!("{{ a }} {}", "#".repeat(LIMIT_TEXT_BYTES));
        assert!(!Arc::ptr_eq(&read(&long), &read(&long)));
        for number in 0..600 {
            read(&format!("{{ a{number} {} }}", "b ".repeat(200)));
        }
        assert!(documents.0.weight() <= LIMIT_BYTES, "{}", documents.0.weight());
        assert!((1..600).contains(&documents.0.len()), "{}", documents.0.len());
    }

    #[test]
    fn what_is_over_a_bound_is_so_each_time() {
        let (documents, bounds) = (Documents::default(), Bounds { root_fields: 1, ..Bounds::default() });
        for _ in 0..2 {
            let document = documents.read("{ a b }", &bounds).unwrap();
            let text = document.bounded.as_ref().unwrap_err().to_string();
            assert_eq!(text, "2 fields at the root of an operation; at most 1 are allowed");
        }
        assert!(documents.read("{ a { ... on B { c } } }", &bounds).unwrap().mended.is_some());
    }
}
