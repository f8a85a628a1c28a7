//! What the oracles are asked about: the demo, cases written by hand (`tests/oracles/hand.ndjson`), cases left to chance.

use deskgraph::app::demo::Plan;

use super::ledger::Ledger;
use super::wild;
use crate::world::{WORKSPACE, World, now};

const HAND: &str = include_str!("../../oracles/hand.ndjson");

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixture {
    Demo,
    Hand,
    /// Bots' messages are no replies.
    Wild,
    /// Bots' messages are replies.
    WildBots,
}

impl Fixture {
    fn lines(self) -> String {
        match self {
            Fixture::Demo => Plan { seed: 11, cases: 700, now: now() }.lines().collect::<Vec<_>>().join("\n"),
            Fixture::Hand => HAND.to_owned(),
            Fixture::Wild => wild::lines(1, 300, false, now()),
            Fixture::WildBots => wild::lines(2, 300, true, now()),
        }
    }

    /// A world that has its lines, and the ledger over it.
    pub async fn open(self) -> (World, Ledger) {
        let world = World::new().await;
        let lines = self.lines();
        let lines: Vec<&str> = lines.lines().collect();
        for part in lines.chunks(5_000) {
            let report = world.ingest(&part.join("\n")).await;
            assert_eq!(report["rejected"], serde_json::json!([]), "{self:?}");
        }
        let ledger = Ledger::open(&world.database_url, WORKSPACE, now()).await;
        (world, ledger)
    }
}
