//! Codes for texts, one dictionary a domain and workspace. Codes are only ever added, so that all snapshots share them; 0 is no value.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::record::Domain;

/// Code of rows without a value.
pub const NONE: u32 = 0;

/// The texts of one domain.
#[derive(Debug, Default)]
pub struct Dictionary(RwLock<Texts>);

#[derive(Debug, Default)]
struct Texts {
    /// By code − 1.
    texts: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Dictionary {
    /// Of texts by code, from 1 on; a code without text is nothing's any more.
    fn of(texts: Vec<Option<String>>) -> Dictionary {
        let mut of = Texts::default();
        for (code, text) in (1..).zip(texts) {
            let is_said = text.is_some();
            let text: Arc<str> = text.unwrap_or_default().into();
            of.texts.push(Arc::clone(&text));
            if is_said {
                of.codes.insert(text, code);
            }
        }
        Dictionary(RwLock::new(of))
    }

    /// The texts by code, from 1 on.
    pub fn texts(&self) -> Vec<Arc<str>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).texts.clone()
    }

    /// The code of a text; `None` when no row ever had it.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).codes.get(text).copied()
    }

    /// The code of a text, made when it is new; `NONE` for none.
    pub fn code(&self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return NONE };
        if let Some(code) = self.find(text) {
            return code;
        }
        let mut texts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = texts.codes.get(text) {
            return *code;
        }
        let text: Arc<str> = text.into();
        texts.texts.push(Arc::clone(&text));
        let code = u32::try_from(texts.texts.len()).unwrap_or(u32::MAX);
        texts.codes.insert(text, code);
        code
    }

    /// The text of a code; `None` for `NONE`.
    pub fn text(&self, code: u32) -> Option<Arc<str>> {
        let place = usize::try_from(code).ok()?.checked_sub(1)?;
        self.0.read().unwrap_or_else(PoisonError::into_inner).texts.get(place).cloned()
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        // A text with its counts, and the places that lead to it.
        let texts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        texts.texts.iter().map(|text| text.len() + 16).sum::<usize>()
            + texts.texts.capacity() * 16
            + texts.codes.capacity() * 25
    }

    /// Number of codes, `NONE` included: every code is below it.
    pub fn codes(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).texts.len() + 1
    }
}

/// The dictionaries of a workspace, and of its tags.
#[derive(Debug, Default)]
pub struct Dictionaries {
    domains: [Dictionary; DOMAINS],
    /// Tags.
    pub tags: Dictionary,
}

const DOMAINS: usize = 11;
/// Place of the tags among all dictionaries.
pub const TAGS: usize = DOMAINS;

/// Place of a domain among all dictionaries.
pub fn place(domain: Domain) -> usize {
    // As many as domains, which a test holds.
    domain as usize
}

impl Dictionaries {
    /// The dictionary of a domain.
    pub fn of(&self, domain: Domain) -> &Dictionary {
        &self.domains[place(domain)]
    }

    /// All of them: domains, then tags.
    pub fn all(&self) -> impl Iterator<Item = &Dictionary> {
        self.domains.iter().chain([&self.tags])
    }

    /// Of the texts of each, as `all` has them.
    pub fn of_texts(texts: Vec<Vec<Option<String>>>) -> Dictionaries {
        let mut all = texts.into_iter().map(Dictionary::of);
        let domains = std::array::from_fn(|_| all.next().unwrap_or_default());
        Dictionaries { domains, tags: all.next().unwrap_or_default() }
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.all().map(Dictionary::bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay() {
        let all = Dictionaries::default();
        let agents = all.of(Domain::Agent);
        assert_eq!((agents.code(None), agents.code(Some("a")), agents.code(Some("b"))), (NONE, 1, 2));
        assert_eq!((agents.code(Some("a")), agents.find("c"), agents.codes()), (1, None, 3));
        assert_eq!((agents.text(2).as_deref(), agents.text(NONE), agents.text(3)), (Some("b"), None, None));
        assert_eq!(Domain::Free as usize + 1, DOMAINS);
    }
}
