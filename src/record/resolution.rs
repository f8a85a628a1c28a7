//! Resolutions: transitions from a status that is not terminal into a terminal one (SEMANTICS 8).

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use std::collections::BTreeSet;

use super::timeline::{Role, Step, Timeline};
use super::{Person, ordinal};
use crate::model::Instant;

/// One resolution.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ResolutionRecord {
    /// 0 for the first resolution of the case, then counting.
    pub ordinal: i32,
    /// When.
    pub resolved_at: Instant,
    /// Author; `None` for automation.
    pub resolved_by: Option<Person>,
    /// The author when a human agent, else the assignee then.
    pub agent: Option<String>,
    /// Assignee then.
    pub assignee: Option<String>,
    /// Team then.
    pub team: Option<String>,
    /// Queue then.
    pub queue: Option<String>,
    /// Indicates it was not followed by a reopening.
    pub is_standing: bool,
    /// Creation to it, terminal time between taken out.
    pub calendar_ms: Option<i64>,
    /// The same in business time.
    pub business_ms: Option<i64>,
    /// Agent replies up to it.
    pub replies: i32,
    /// Distinct agents who replied or were assignee up to it.
    pub agents: i32,
    /// Indicates nothing was reopened before or after and at most one reply was needed.
    pub is_first_contact: bool,
}

/// Derives the rows of a replayed case.
pub fn derive(timeline: &Timeline<'_>) -> Vec<ResolutionRecord> {
    let mut rows = Vec::new();
    let mut work = Work::begin(timeline);
    let mut was_reopened = false;
    for step in &timeline.steps {
        work.note(step);
        if step.is_resolution() {
            work.stop(step.event.at);
            rows.push(work.resolve(rows.len(), step));
        } else if step.is_reopening() {
            work.running_since = Some(step.event.at);
            was_reopened = true;
        }
    }
    // Resolutions and reopenings alternate, so that only the last can stand.
    if let Some(last) = rows.last_mut() {
        last.is_standing = timeline.now().status.category.is_terminal();
        last.is_first_contact = last.is_standing && !was_reopened && last.replies <= 1;
    }
    rows
}

/// What went into a case so far, in the order of its events.
struct Work<'t, 'a> {
    timeline: &'t Timeline<'a>,
    /// Start of the stretch that counts; `None` while terminal: that time is taken out.
    running_since: Option<Instant>,
    calendar_ms: i64,
    business_ms: i64,
    replies: i32,
    agents: BTreeSet<&'a str>,
}

impl<'t, 'a> Work<'t, 'a> {
    fn begin(timeline: &'t Timeline<'a>) -> Work<'t, 'a> {
        let is_running = !timeline.created.status.category.is_terminal();
        let mut work = Work {
            timeline,
            running_since: is_running.then_some(timeline.case.created_at),
            calendar_ms: 0,
            business_ms: 0,
            replies: 0,
            agents: BTreeSet::new(),
        };
        work.note_assignee(timeline.created.assignee);
        work
    }

    fn note(&mut self, step: &Step<'a>) {
        if step.role == Role::Reply {
            self.replies += 1;
            self.agents.extend(step.author.agent());
        }
        if step.before.assignee != step.after.assignee {
            self.note_assignee(step.after.assignee);
        }
    }

    /// A bot that has the case is an agent of the resolution only when bots reply (SEMANTICS 8.1).
    fn note_assignee(&mut self, assignee: Option<&'a str>) {
        let rules = self.timeline.rules;
        self.agents.extend(assignee.filter(|agent| !rules.ignore_bot_messages || !rules.is_bot(agent)));
    }

    fn stop(&mut self, at: Instant) {
        let Some(since) = self.running_since.take() else { return };
        // What happened before the case was created takes no time of it.
        let since = since.max(self.timeline.case.created_at);
        self.calendar_ms += at.duration_since(since).unwrap_or(0);
        self.business_ms += self.timeline.business_ms(since, at).unwrap_or(0);
    }

    fn resolve(&self, count: usize, step: &Step<'_>) -> ResolutionRecord {
        let (resolved_at, then) = (step.event.at, &step.after);
        let text = |value: Option<&str>| value.map(str::to_owned);
        let is_after_creation = resolved_at >= self.timeline.case.created_at;
        ResolutionRecord {
            ordinal: ordinal(count),
            resolved_at,
            resolved_by: Person::author(step),
            agent: text(step.author.human_agent().or(then.assignee)),
            assignee: text(then.assignee),
            team: text(then.team),
            queue: text(then.queue),
            is_standing: false,
            calendar_ms: is_after_creation.then_some(self.calendar_ms),
            business_ms: is_after_creation.then_some(self.business_ms),
            replies: self.replies,
            agents: i32::try_from(self.agents.len()).unwrap_or(i32::MAX),
            is_first_contact: false,
        }
    }
}

#[cfg(test)]
mod tests;
