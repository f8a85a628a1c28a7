//! A gateway killed while lines are sent to it: what it answered is there, what it did not answer is there whole or not at all, and
//! sending everything again to the next one ends in the same rows as if nothing had happened.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rand::Rng;

use super::blow::Blow;
use super::gateway::{Gateway, ingest};
use super::{Place, assert_same, chance, story};

const FILES: usize = 10;
const KILLS: usize = 10;

#[tokio::test]
async fn what_a_killed_gateway_has_answered_is_there() {
    let files = Arc::new(story::files(FILES));
    let empty = Place::new().await;
    empty.run(&["migrate"]);
    let (after, span) = watch(&empty, &files).await;
    let mut chance = chance();
    let (mut killed, mut told) = (0, Vec::new());
    for trial in 0..KILLS {
        let place = Place::like(&empty).await;
        let blow = Blow::nth(trial, span.mul_f64(chance.random_range(0.0..0.9)));
        let mut sender = None;
        let is_killed = blow.strike(&place, || {
            let gateway = Gateway::start(&place, &[]);
            sender = Some(send(&gateway, &files));
            gateway.release()
        });
        killed += usize::from(is_killed.await);
        let answered = sender.map_or(0, |sender| sender.join().unwrap());
        let rows = place.rows().await;
        let what = format!("trial {trial}, {blow:?}, {answered} answered");
        // The last one may have been committed and not answered.
        if rows != after[answered] {
            assert_same(&rows, after.get(answered + 1).unwrap_or(&after[answered]), &what);
        }
        told.push(answered);

        let gateway = Gateway::start(&place, &[]);
        assert_eq!(send(&gateway, &files).join().unwrap(), FILES, "{what}: {}", gateway.log());
        drop(gateway);
        assert_same(&place.rows().await, &after[FILES], &what);
    }
    println!("{killed} of {KILLS} killed, having answered {told:?} of {FILES}; undisturbed it takes {span:?}");
    assert!(killed == KILLS && told.iter().any(|&answered| 0 < answered && answered < FILES), "{told:?}");
}

/// The rows after each number of files, and how long it takes to send them.
pub async fn watch(empty: &Place, files: &[String]) -> (Vec<Vec<String>>, Duration) {
    let place = Place::like(empty).await;
    let gateway = Gateway::start(&place, &[]);
    let (mut after, mut span) = (vec![place.rows().await], Duration::ZERO);
    for lines in files {
        let started = Instant::now();
        assert_eq!(gateway.ingest(lines).unwrap().status, 200);
        span += started.elapsed();
        after.push(place.rows().await);
    }
    (after, span)
}

/// Sends the files one after another until one is not answered; gives the number of those that were.
fn send(gateway: &Gateway, files: &Arc<Vec<String>>) -> JoinHandle<usize> {
    let (address, files) = (gateway.address.clone(), Arc::clone(files));
    thread::spawn(move || {
        files.iter().take_while(|lines| ingest(&address, lines).is_ok_and(|a| a.status == 200)).count()
    })
}
