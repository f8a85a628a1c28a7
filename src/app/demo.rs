//! A support organisation of the project's own making, to look at and to test with: two years of an electric-bicycle maker that does not exist.
//!
//! The same plan always gives the same ingest lines, and they go through the same ingest as everybody's. The workspace's name says which plan
//! it was made from and, until the last line, that it is being loaded: so a second start reuses what is complete and takes up what is not.

mod chance;
mod customers;
mod demand;
mod ending;
mod facts;
mod holidays;
mod line;
mod load;
mod moment;
mod names;
mod office;
mod organisation;
mod policies;
mod presence;
mod roster;
mod scribe;
mod source;
mod story;
mod talk;
mod topics;
mod world;

#[cfg(test)]
mod tests;

use crate::model::Instant;

pub use load::{DemoReport, load};
pub use source::DemoSource;

/// The workspace that the demo lives in.
pub const WORKSPACE: &str = "demo";
/// Seed of the demo that `serve --demo` shows.
pub const SEED: u64 = 2_026;
/// Cases of the demo that `serve --demo` shows.
pub const CASES: u32 = 20_000;

/// What a demo is made from. The same three give the same lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// Number of cases.
    pub cases: u32,
    /// The last instant: nothing happens later, and it all began two years before.
    pub now: Instant,
}

/// Queries to begin with: what they show, and their text. The first needs only the newest cases.
pub const QUERIES: [(&str, &str); 2] = [
    (
        "the newest cases, who has them and how their SLA clocks stand",
        "{ cases(first: 5, orderBy: {field: CREATED_AT, direction: DESC}) { totalCount edges { node { number subject status \
         channel { label } requester { name } assignee { name } team { name } \
         slaClocks { metric state dueAt remainingSeconds } } } } }",
    ),
    (
        "the latest solved case: its figures, what its clocks counted and why, everything that happened to it",
        "{ cases(first: 1, filter: {status: [RESOLVED, CLOSED]}, orderBy: {field: CREATED_AT, direction: DESC}) { edges { node { \
         number subject metrics { agentReplyCount repliesToResolution agentFirstBusinessResponseTime resolutionCalendarTime } \
         slaClocks { metric goalSeconds elapsedSeconds explanation { from until counted reason } } \
         timeline(first: 20) { edges { node { __typename at } } } } } } }",
    ),
];

const LOADING: &str = ", loading";

impl Plan {
    /// All lines of the demo, in the order in which they are best loaded: the newest cases first, so that they can be looked at while the
    /// rest follows.
    pub fn lines(self) -> impl Iterator<Item = String> + Send {
        let first = std::iter::once_with(move || self.workspace(true));
        let last = std::iter::once_with(move || self.workspace(false));
        first.chain(world::World::of(self).lines()).chain(last)
    }

    /// The plan by which a workspace of that name is being loaded; `None` when the name is not that of a demo half loaded.
    pub fn unfinished(workspace_name: &str) -> Option<Plan> {
        let plan = workspace_name.strip_prefix(organisation::NAME)?.trim().strip_prefix('(')?.strip_suffix(')')?;
        let mut words = plan.strip_suffix(LOADING)?.split(", ");
        let now = Instant::parse(words.next()?.strip_prefix("demo until ")?)?;
        let cases = words.next()?.strip_suffix(" cases")?.parse().ok()?;
        let seed = words.next()?.strip_prefix("seed ")?.parse().ok()?;
        words.next().is_none().then_some(Plan { seed, cases, now })
    }

    fn workspace(self, is_loading: bool) -> String {
        let Plan { seed, cases, now } = self;
        let loading = if is_loading { LOADING } else { "" };
        serde_json::json!({
            "type": "workspace",
            "name": format!("{} (demo until {now}, {cases} cases, seed {seed}{loading})", organisation::NAME),
            "timezone": moment::ZONES[0],
            "business_hours": office::SCHEDULES[0].id,
            "abandon_after_seconds": 900,
            "ignore_bot_messages": true,
        })
        .to_string()
    }
}
