//! Laws of the texts that clients carry and give back: cursors and global ids of the graph, page keys of the REST doors.

use std::sync::LazyLock;

use deskgraph::auth::{Seal, Secret};
use deskgraph::graphql::node::{global_id, parse_global_id, parse_version_key, version_key};
use deskgraph::model::{Cursor, Key, WindowInput};
use deskgraph::rest::page_key as keys;
use deskgraph::rest::page_key::{List, Way};

use super::check_text;

static SEAL: LazyLock<Seal> = LazyLock::new(|| {
    let secret = Secret::new("a secret of the tests, long enough to be one").expect("a secret");
    Seal::of(&secret).expect("a seal")
});

/// Longest place that a page key is made of here; real ones have two ids at most.
const LIMIT_PLACE_BYTES: usize = 600;

/// Cursors and global ids: `bytes` are the text.
pub fn cursor(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let input = WindowInput { first: Some(7), after: Some(text.to_string()), ..WindowInput::default() };
    match (Cursor::parse(&text, "after"), input.check()) {
        (Ok(cursor), Ok(window)) => {
            assert_eq!(Cursor::parse(&cursor.to_string(), "after").as_ref(), Ok(&cursor));
            assert_eq!(window.after, Some(cursor));
        }
        (Err(error), Err(_)) => {
            assert_eq!(error.field, "after");
            check_text(&error.to_string());
        }
        (one, other) => panic!("{one:?} alone, {other:?} in a window"),
    }
    if let Some((kind, key)) = parse_global_id(&text) {
        assert_eq!(parse_global_id(&global_id(kind, &key)), Some((kind, key)));
    }
    if let Some((from, id)) = parse_version_key(&text) {
        assert_eq!(parse_version_key(&version_key(id, from)), Some((from, id)));
    }
}

/// Page keys: `bytes` as one, which this gateway never gave out, and as a place that one is made of.
pub fn page_key(bytes: &[u8]) {
    let list = List::new("acme", "/records", b"{}");
    let text = String::from_utf8_lossy(bytes);
    match keys::read(&SEAL, &list, &text, 7) {
        Ok(window) => panic!("a page key nobody gave out opens {window:?}"),
        Err(error) => check_text(&error.to_string()),
    }
    if bytes.len() > LIMIT_PLACE_BYTES {
        return;
    }
    let keys = bytes.chunks(9).map(|part| match part.split_first_chunk::<8>() {
        Some((number, [last])) if last % 2 == 0 => Key::Number(i64::from_le_bytes(*number)),
        _ => Key::Text(String::from_utf8_lossy(part).into_owned()),
    });
    let place = Cursor { order: text.chars().take(9).collect(), keys: keys.collect() };
    for way in [Way::After, Way::Before] {
        let Ok(key) = keys::write(&SEAL, &list, way, place.clone()) else { panic!("{place:?} cannot be written") };
        let Ok(window) = keys::read(&SEAL, &list, &key, 7) else { panic!("{place:?} cannot be read back") };
        let (after, before) = (way == Way::After, way == Way::Before);
        assert_eq!((window.rows, window.is_backward), (7, before));
        assert_eq!((window.after, window.before), (after.then(|| place.clone()), before.then(|| place.clone())));
        check_forged(&list, &key, bytes);
    }
}

/// One letter changed, wherever it is, makes a key nobody's.
fn check_forged(list: &List, key: &str, bytes: &[u8]) {
    let mut letters = key.as_bytes().to_vec();
    let at = bytes.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into())) % letters.len();
    letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8_lossy(&letters);
    assert!(keys::read(&SEAL, list, &forged, 7).is_err(), "a letter changed at {at} is not noticed");
}
