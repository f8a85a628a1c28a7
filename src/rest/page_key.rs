//! Page keys: where a page begins, as a text that clients carry and do not look into. Each is marked with the gateway's seal and bound
//! to the viewer's workspace and the list it was given out for, so that none can be made, changed or used elsewhere. How many rows a page
//! has is no part of it and may change from page to page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::app::Error;
use crate::auth::Seal;
use crate::auth::seal::MARK_BYTES;
use crate::model::{Cursor, Key, Window};

/// Longest page key that is looked at, in bytes.
const LIMIT_BYTES: usize = 8 * 1024;

/// A list, by everything that makes one list another: workspace, path, and what is asked of it.
#[derive(Clone, Debug)]
pub struct List {
    digest: [u8; 32],
}

impl List {
    /// The list at a path of a workspace that answers this question.
    pub fn new(workspace: &str, path: &str, question: &[u8]) -> List {
        let mut hash = Sha256::new();
        for part in [workspace.as_bytes(), path.as_bytes(), question] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        List { digest: hash.finalize().into() }
    }
}

/// What a page key says.
#[derive(Serialize, Deserialize)]
struct Place {
    /// Indicates the page is the one before the place.
    back: bool,
    order: String,
    keys: Vec<Key>,
}

/// Which way from a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The rows after it.
    After,
    /// The rows before it.
    Before,
}

/// The page key of the rows that way of a place in a list.
///
/// # Errors
/// None in fact: a place can be written.
pub fn write(seal: &Seal, list: &List, way: Way, place: Cursor) -> Result<String, Error> {
    let place = Place { back: way == Way::Before, order: place.order, keys: place.keys };
    let text = serde_json::to_vec(&place).map_err(|_| Error::Internal)?;
    let mut bytes = seal.mark(&marked(list, &text)).to_vec();
    bytes.extend(text);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The stretch of `rows` rows that a page key asks for.
///
/// # Errors
/// `Invalid` for what is no page key of this list.
pub fn read(seal: &Seal, list: &List, key: &str, rows: usize) -> Result<Window, Error> {
    let foreign = || Error::Invalid("pageKey is none of this request; pass one that an earlier page gave".to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(key.get(..LIMIT_BYTES.min(key.len())).unwrap_or_default());
    let bytes = bytes.map_err(|_| foreign())?;
    let (mark, text) = bytes.split_at_checked(MARK_BYTES).ok_or_else(foreign)?;
    if !seal.is_mark_of(mark, &marked(list, text)) {
        return Err(foreign());
    }
    let Place { back, order, keys } = serde_json::from_slice(text).map_err(|_| foreign())?;
    let (after, before) = match Some(Cursor { order, keys }) {
        place if back => (None, place),
        place => (place, None),
    };
    Ok(Window { rows, is_backward: back, after, before })
}

fn marked(list: &List, text: &[u8]) -> Vec<u8> {
    [&list.digest[..], text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Secret;

    #[test]
    fn keys_open_only_the_list_that_gave_them_out() {
        let seal = Seal::of(&Secret::random()).unwrap();
        let list = List::new("acme", "/records", b"{}");
        let place = Cursor { order: "records".to_owned(), keys: vec![Key::Number(7), Key::Text("c1".to_owned())] };
        let key = write(&seal, &list, Way::After, place.clone()).unwrap();
        let window = read(&seal, &list, &key, 10).unwrap();
        assert_eq!(window, Window { rows: 10, is_backward: false, after: Some(place.clone()), before: None });
        let key_back = write(&seal, &list, Way::Before, place.clone()).unwrap();
        let back = Window { rows: 2, is_backward: true, after: None, before: Some(place) };
        assert_eq!(read(&seal, &list, &key_back, 2).unwrap(), back);
        for other in [
            List::new("other", "/records", b"{}"),
            List::new("acme", "/metrics", b"{}"),
            List::new("acme", "/records", b"{ }"),
            List::new("acme/records", "", b"{}"),
        ] {
            assert!(read(&seal, &other, &key, 10).is_err());
        }
        let mut changed = key.into_bytes();
        changed[30] = if changed[30] == b'A' { b'B' } else { b'A' };
        for bad in [String::from_utf8(changed).unwrap(), String::new(), "é".repeat(9_000), "AAAA".repeat(50)] {
            assert!(read(&seal, &list, &bad, 10).is_err(), "{bad}");
        }
    }
}
