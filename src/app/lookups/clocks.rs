//! SLA clocks of cases, how they stand now, and why.

use std::collections::{BTreeMap, HashMap};

use super::Lookups;
use crate::app::Error;
use crate::model::{CaseState, ClockMode, SlaMetric, SlaState};
use crate::record::{ClockInterval, SlaClockRecord, Timeline, sla_clock};

/// Which clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockKey {
    /// The case.
    pub case: String,
    /// What is measured.
    pub metric: SlaMetric,
    /// Which of the case's clocks of that metric.
    pub ordinal: i32,
}

/// A clock and how it stands at the request's now.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockNow {
    /// Which.
    pub key: ClockKey,
    /// The clock.
    pub record: SlaClockRecord,
    /// How it stands.
    pub state: SlaState,
    /// Milliseconds counted until completion or now, in its own mode.
    pub elapsed_ms: i64,
    /// Counted milliseconds left to the goal; negative past it; `None` once completed.
    pub remaining_ms: Option<i64>,
}

/// Most intervals that one clock is explained by.
const MAX_INTERVALS: usize = 10_000;

impl Lookups {
    /// The clocks of each case, by metric and ordinal, without those left out of every figure.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`.
    pub async fn clocks(&self, cases: &[String]) -> Result<HashMap<String, Vec<ClockNow>>, Error> {
        let records = self.reader()?.clocks(cases).await?;
        // Only business time that runs on needs the schedules.
        let runs_on = |clock: &SlaClockRecord| clock.running_since.is_some() && clock.clock == ClockMode::Business;
        let rules = match records.values().flatten().any(runs_on) {
            true => Some(self.rules().await?),
            false => None,
        };
        let stand = |case: &String, record: SlaClockRecord| {
            let schedule = rules.as_ref().and_then(|rules| rules.schedule(record.team.as_deref()));
            ClockNow {
                key: ClockKey { case: case.clone(), metric: record.metric, ordinal: record.ordinal },
                state: record.state(self.now),
                elapsed_ms: record.elapsed_ms(self.now, schedule),
                remaining_ms: record.remaining_ms(self.now, schedule),
                record,
            }
        };
        let of_case = |(case, clocks): (String, Vec<SlaClockRecord>)| {
            let clocks = clocks.into_iter().map(|clock| stand(&case, clock)).collect();
            (case, clocks)
        };
        Ok(records.into_iter().map(of_case).collect())
    }

    /// What each clock counted and what not, interval by interval from its start until completion or now.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`; `Limit` when one needs more than 10,000 intervals.
    pub async fn explanations(&self, clocks: &[ClockKey]) -> Result<HashMap<ClockKey, Vec<ClockInterval>>, Error> {
        let reader = self.reader()?;
        let mut by_case: BTreeMap<&str, Vec<&ClockKey>> = BTreeMap::new();
        for key in clocks {
            by_case.entry(&key.case).or_default().push(key);
        }
        let ids: Vec<String> = by_case.keys().map(|&id| id.to_owned()).collect();
        let rules = self.rules().await?;
        let cases = reader.case_sources(&ids).await?;
        let events = reader.events_of(&ids).await?;
        let mut explained = HashMap::new();
        for (id, keys) in by_case {
            let Some(case) = cases.get(id).filter(|case| case.state == CaseState::Active) else { continue };
            let timeline = Timeline::replay(case, events.get(id).into_iter().flatten(), &rules);
            let records = sla_clock::derive(&timeline);
            for key in keys {
                let is_it = |clock: &&SlaClockRecord| (clock.metric, clock.ordinal) == (key.metric, key.ordinal);
                let Some(record) = records.iter().filter(|clock| !clock.is_left_out).find(is_it) else { continue };
                let intervals: Vec<_> =
                    sla_clock::explain(&timeline, record, self.now).take(MAX_INTERVALS + 1).collect();
                if intervals.len() > MAX_INTERVALS {
                    let text = format!("an explanation has at most {MAX_INTERVALS} intervals; this clock needs more");
                    return Err(Error::Limit(text));
                }
                explained.insert(key.clone(), intervals);
            }
        }
        Ok(explained)
    }
}
