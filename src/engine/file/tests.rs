//! A picture that was written is read back whole, or not at all.

use super::*;
use crate::engine::picture::testing::{case, rules, said, spells};
use crate::engine::picture::{AgentNow, Laid, Picture};
use crate::record::Derived;

fn drawn() -> Picture {
    let (picture, rules) = (Picture::empty(), rules());
    let cases = (0..300_u64).map(|n| (format!("c{n}"), Some(case(&format!("c{n}"), n, &rules))));
    let agent = AgentNow {
        agent: "a1".to_owned(),
        spells: spells("a1", 5, Instant::from_ms(1_700_000_000_000)),
        teams: vec!["t1".to_owned(), "t9".to_owned()],
    };
    picture.lay(Laid { cases: cases.collect(), presence: vec![agent] });
    picture.publish(7, Instant::from_ms(1_234));
    picture
}

fn one(id: &str, derived: Option<Derived>) -> Laid {
    Laid { cases: vec![(id.to_owned(), derived)], presence: Vec::new() }
}

#[test]
fn a_picture_comes_back_and_goes_on() {
    let (folder, picture, rules) = (tempfile::tempdir().unwrap(), drawn(), rules());
    let path = folder.path().join("w.picture");
    // Also what was changed since: dead rows.
    picture.lay(one("c1", None));
    picture.lay(one("c2", Some(case("c2", 9_999, &rules))));
    picture.publish(8, Instant::from_ms(5_678));
    let before = picture.snapshot();
    write(&path, "w", Some(-3), &before).unwrap();
    let (after, mark) = read(&path, "w").unwrap();
    assert_eq!((after.revision, after.as_of, mark), (8, Instant::from_ms(5_678), Some(-3)));
    assert_eq!(said(&after), said(&before));
    assert_eq!(after.cases.tag_sets.first().map(|set| set.len()), Some(0));
    let again = Picture::of(after);
    for picture in [&again, &picture] {
        picture.lay(one("c1", Some(case("c1", 77, &rules))));
        picture.lay(one("c3", None));
        picture.publish(9, Instant::from_ms(9));
    }
    assert_eq!(said(&again.snapshot()), said(&picture.snapshot()));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["w.picture"]);
}

#[test]
fn an_empty_picture_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.picture");
    write(&path, "w", None, &Picture::empty().snapshot()).unwrap();
    let (snapshot, mark) = read(&path, "w").unwrap();
    assert_eq!((snapshot.revision, mark, said(&snapshot)), (0, None, Vec::new()));
}

#[test]
fn what_is_gone_is_not_in_the_file() {
    let (folder, picture, rules) = (tempfile::tempdir().unwrap(), drawn(), rules());
    let path = folder.path().join("w.picture");
    let mut secret = case("secret", 5, &rules);
    secret.case.state = crate::model::CaseState::Active;
    secret.case.tags = vec!["the tag of it".to_owned()];
    secret.case.priority = Some("the priority of it".to_owned());
    secret.case.channel = "the channel of it".to_owned();
    picture.lay(one("c1", Some(secret)));
    picture.publish(8, Instant::from_ms(8));
    let holds = |text: &str| fs::read(&path).unwrap().windows(text.len()).any(|found| found == text.as_bytes());
    write(&path, "w", None, &picture.snapshot()).unwrap();
    let texts = ["the tag of it", "the priority of it", "the channel of it"];
    assert!(texts.iter().all(|text| holds(text)));
    picture.lay(one("c1", None));
    picture.publish(9, Instant::from_ms(9));
    write(&path, "w", None, &picture.snapshot()).unwrap();
    assert!(!texts.iter().any(|text| holds(text)));
    let (snapshot, _) = read(&path, "w").unwrap();
    assert_eq!(said(&snapshot), said(&picture.snapshot()));
    // Said again, it has another code.
    let again = Picture::of(snapshot);
    let mut other = case("c1", 6, &rules);
    (other.case.state, other.case.tags) = (crate::model::CaseState::Active, vec!["the tag of it".to_owned()]);
    again.lay(one("c1", Some(other)));
    again.publish(10, Instant::from_ms(10));
    assert!(said(&again.snapshot()).iter().any(|line| line.contains("the tag of it")));
}

#[test]
fn a_file_that_is_torn_damaged_or_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.picture");
    write(&path, "w", Some(1), &drawn().snapshot()).unwrap();
    let whole = fs::read(&path).unwrap();
    assert!(read(&path, "w").is_ok());
    assert!(read(&path, "other").is_err());
    assert_eq!(read(&folder.path().join("none"), "w").unwrap_err().kind(), io::ErrorKind::NotFound);
    let is_refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read(&path, "w").is_err()
    };
    for cut in (0..whole.len()).step_by(997).chain([whole.len() - 1]) {
        assert!(is_refused(&whole[..cut]), "cut at {cut}");
    }
    for place in (0..whole.len()).step_by(1_009).chain([0, 8, 16, 20, whole.len() - 1]) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        assert!(is_refused(&bytes), "changed at {place}");
    }
    assert!(is_refused(&[&whole[..], &[0]].concat()));
    assert!(is_refused(&[]));
    // Of another layout, and sound.
    let head_len = u64::from_le_bytes(whole[8..16].try_into().unwrap()) as usize;
    let head = String::from_utf8(whole[20..20 + head_len].to_vec()).unwrap();
    let mut other = MAGIC.to_vec();
    section(&mut other, head.replace("\"layout\":1", "\"layout\":2").as_bytes()).unwrap();
    other.extend_from_slice(&whole[20 + head_len..]);
    assert!(is_refused(&other));
    assert!(!is_refused(&whole));
}
