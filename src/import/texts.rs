//! Texts kept once each: tables repeat the same few names on every row.

use std::sync::Arc;

use foldhash::HashMap;

/// A text of `Texts`; `NONE` is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TextId(u32);

impl TextId {
    pub(super) const NONE: TextId = TextId(u32::MAX);
}

/// Texts by number and back.
#[derive(Default)]
pub(super) struct Texts {
    ids: HashMap<Arc<str>, TextId>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    /// The number of a text, new or not.
    pub(super) fn id(&mut self, text: Option<&str>) -> TextId {
        let Some(text) = text else { return TextId::NONE };
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        // Four billion different texts do not fit in memory.
        let id = TextId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.ids.insert(Arc::clone(&text), id);
        self.texts.push(text);
        id
    }

    /// The text of a number.
    pub(super) fn text(&self, id: TextId) -> Option<&str> {
        self.texts.get(id.0 as usize).map(|text| &**text)
    }

    /// The text of a number, as lines hold it.
    pub(super) fn owned(&self, id: TextId) -> Option<String> {
        self.text(id).map(str::to_owned)
    }
}

/// The latest text of each column, and its number: rows of a case often stand together and repeat most of their values, which then need
/// be neither checked nor looked up.
#[derive(Default)]
pub(super) struct Latest(Vec<(String, TextId)>);

impl Latest {
    /// The number of a column's text, as `id` says when it is another than the latest.
    pub(super) fn id<E>(
        &mut self,
        place: usize,
        raw: &str,
        id: impl FnOnce() -> Result<TextId, E>,
    ) -> Result<TextId, E> {
        if let Some((text, known)) = self.0.get(place)
            && text == raw
        {
            return Ok(*known);
        }
        let id = id()?;
        while self.0.len() <= place {
            // What an empty text is.
            self.0.push((String::new(), TextId::NONE));
        }
        let (text, known) = &mut self.0[place];
        text.clear();
        text.push_str(raw);
        *known = id;
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_repeats_itself_is_not_looked_at_again() {
        let (mut texts, mut latest) = (Texts::default(), Latest::default());
        let mut id = |place, text: &str| latest.id(place, text, || text.parse::<u8>().map(|_| texts.id(Some(text))));
        let one = id(2, "1").unwrap();
        assert_eq!(id(2, "1"), Ok(one));
        assert_ne!(id(2, "2"), Ok(one));
        assert!(id(2, "x").is_err() && id(2, "x").is_err());
        assert_eq!(id(2, "1"), Ok(one));
        assert_eq!(id(0, "1"), Ok(one));
        assert_eq!(id(1, ""), Ok(TextId::NONE));
    }
}
