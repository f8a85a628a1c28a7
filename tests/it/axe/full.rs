//! No room: what does not fit is answered with a code and leaves nothing, reading goes on, and when there is room again so does writing.

use std::process::Command;

use sea_orm::ConnectionTrait;

use super::gateway::Gateway;
use super::{Place, assert_same, story};

/// Files that land before the disk is full.
const BEFORE: usize = 3;

/// The files of SQLite may grow no further. Another server's disk cannot be filled from here, so its last table says of every row that
/// there is no room, in the middle of the transaction, as it would.
async fn fill(place: &Place, gateway: &Gateway) {
    if place.sqlite_file().is_some() {
        return limit_file_sizes(gateway, "4096");
    }
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON case_history FOR EACH ROW EXECUTE FUNCTION full_disk()";
    place.connect().await.execute_unprepared(full).await.unwrap();
}

async fn make_room(place: &Place, gateway: &Gateway) {
    if place.sqlite_file().is_some() {
        return limit_file_sizes(gateway, "unlimited");
    }
    place.connect().await.execute_unprepared("DROP FUNCTION full_disk CASCADE").await.unwrap();
}

fn limit_file_sizes(gateway: &Gateway, bytes: &str) {
    let words = ["--pid".to_owned(), gateway.process().to_string(), format!("--fsize={bytes}:unlimited")];
    let limited = Command::new("prlimit").args(words).status();
    assert!(limited.is_ok_and(|status| status.success()), "prlimit, of Debian's util-linux, does not run");
}

#[tokio::test]
async fn when_the_disk_is_full_nothing_is_half_written_and_what_is_answered_later_is_durable() {
    let files = story::files(6);
    let place = Place::new().await;
    let gateway = Gateway::start(&place, &[]);
    for lines in &files[..BEFORE] {
        assert_eq!(gateway.ingest(lines).unwrap().status, 200);
    }
    let before = place.rows().await;
    fill(&place, &gateway).await;
    for _ in 0..3 {
        let refused = gateway.ingest(&files[BEFORE]).unwrap();
        assert_eq!((refused.status, refused.code()), (503, "UNAVAILABLE"), "{refused:?}");
    }
    assert_same(&place.rows().await, &before, "while there is no room");
    assert_eq!(gateway.ask("{ cases { totalCount } }").body["data"]["cases"]["totalCount"], 12);
    assert_eq!(gateway.get("/readyz").status, 200);

    make_room(&place, &gateway).await;
    assert_eq!(gateway.ingest(&files[0]).unwrap().body["accepted"], 0);
    for lines in &files[BEFORE..] {
        let landed = gateway.ingest(lines).unwrap();
        assert_eq!(landed.status, 200, "{landed:?}");
    }
    // Killed, so that nothing is still written that was answered before.
    drop(gateway);
    let expected = Place::new().await;
    expected.import_all(&files);
    assert_same(&place.rows().await, &expected.rows().await, "after the disk was full");
}
