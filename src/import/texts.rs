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
