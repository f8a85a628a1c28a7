//! Which clocks a case has: when each started, what completed it, and under which promise it ran.

use std::cell::OnceCell;

use super::SlaClockRecord;
use super::count::{Count, Meter};
use super::phase::{Phase, Phases};
use crate::model::{ActorKind, ClockMode, EventBody, Instant, SlaMetric, SlaPolicy, SlaTarget, Visibility};
use crate::record::Timeline;
use crate::record::rules::Author;
use crate::record::schedule::Hours;
use crate::record::timeline::{Role, State, Step};

/// What a clock is judged by: the policy and priority at its completion, else now.
struct Promise<'t, 'a> {
    policy: &'a SlaPolicy,
    target: &'a SlaTarget,
    state: &'t State<'a>,
}

/// A clock before it is known whether anything was promised.
struct Life<'t, 'a> {
    metric: SlaMetric,
    ordinal: i32,
    started_at: Instant,
    completed_by: Option<&'t Step<'a>>,
}

/// Derives the rows of a replayed case: the first reply, the next replies, the resolution.
pub fn derive(timeline: &Timeline<'_>) -> Vec<SlaClockRecord> {
    let mut lives = reply_lives(timeline);
    lives.extend(resolution_life(timeline));
    let (reply_phases, resolution_phases) = (OnceCell::new(), OnceCell::new());
    let mut clocks = Vec::with_capacity(lives.len());
    for life in &lives {
        let state = life.completed_by.map_or(timeline.now(), |step| &step.after);
        let Some(policy) = state.policy else { continue };
        let Some(target) = policy.target(life.metric, state.priority) else { continue };
        let is_resolution = life.metric == SlaMetric::Resolution;
        let phases = if is_resolution { &resolution_phases } else { &reply_phases };
        let phases = phases.get_or_init(|| Phases::of(timeline, life.metric));
        clocks.extend(clock(life, Promise { policy, target, state }, phases, timeline.hours()));
    }
    clocks
}

/// The first reply and the customer runs after it. When an agent opened the case, both begin with the first customer message.
fn reply_lives<'t, 'a>(timeline: &'t Timeline<'a>) -> Vec<Life<'t, 'a>> {
    let mut lives: Vec<Life<'t, 'a>> = Vec::new();
    let mut waiting_since = (!is_opened_by_agent(timeline)).then_some(timeline.case.created_at);
    let mut is_first = true;
    let mut ordinal = 0;
    let mut end = |started_at: Instant, is_first: bool, completed_by: Option<&'t Step<'a>>| {
        let metric = if is_first { SlaMetric::FirstReply } else { SlaMetric::NextReply };
        lives.push(Life { metric, ordinal, started_at, completed_by });
        ordinal += i32::from(!is_first);
    };
    for step in &timeline.steps {
        if is_customer_message(step) {
            waiting_since.get_or_insert(step.event.at);
        } else if step.role == Role::Reply
            && let Some(started_at) = waiting_since.take()
        {
            end(started_at, is_first, Some(step));
            is_first = false;
        }
    }
    if let Some(started_at) = waiting_since {
        end(started_at, is_first, None);
    }
    lives
}

fn resolution_life<'t, 'a>(timeline: &'t Timeline<'a>) -> Option<Life<'t, 'a>> {
    let completed_by = if timeline.now().status.category.is_terminal() {
        Some(timeline.steps.iter().rev().find(|step| step.is_resolution())?)
    } else {
        None
    };
    let started_at = timeline.case.created_at;
    Some(Life { metric: SlaMetric::Resolution, ordinal: 0, started_at, completed_by })
}

fn is_opened_by_agent(timeline: &Timeline<'_>) -> bool {
    match timeline.opening() {
        Some(step) => matches!(step.author, Author::Agent(_) | Author::Bot(_)),
        None => {
            let creator = timeline.case.creator.as_ref();
            creator.is_some_and(|creator| matches!(creator.kind, ActorKind::Agent | ActorKind::Bot))
        }
    }
}

/// Indicates a public message of a customer, the opening one included.
fn is_customer_message(step: &Step<'_>) -> bool {
    let is_public = matches!(step.event.body, EventBody::Message { visibility: Visibility::Public, .. });
    is_public && matches!(step.author, Author::Customer(_))
}

/// The row of a clock; `None` when it would end before its start.
fn clock(life: &Life<'_, '_>, promise: Promise<'_, '_>, phases: &Phases, hours: &Hours<'_>) -> Option<SlaClockRecord> {
    let Promise { policy, target, state } = promise;
    let started_at = life.started_at;
    let completed_at = life.completed_by.map(|step| step.event.at);
    if completed_at.is_some_and(|at| at < started_at) {
        return None;
    }
    let is_open = completed_at.is_none();
    let (since, phase) = phases.now();
    let paused_since = (is_open && phase != Phase::Running).then(|| started_at.max(since));
    let running_since = (is_open && phase == Phase::Running)
        .then(|| hours.changed_at().map_or(since, |changed_at| since.max(changed_at)).max(started_at));
    let counted_until = completed_at.or(running_since).or(paused_since).unwrap_or(started_at);

    let calendar = Meter { mode: ClockMode::Calendar, hours }.count(phases, started_at, counted_until);
    let business = Meter { mode: ClockMode::Business, hours }.count(phases, started_at, counted_until);
    let own = Meter { mode: target.clock, hours };
    let counted_ms = if target.clock == ClockMode::Calendar { calendar.ms } else { business.ms };
    let mut due_at = own.reached_at(phases, target.goal_ms, started_at, counted_until);
    if due_at.is_none() && paused_since.is_none() {
        due_at = own.reached_on(counted_until, target.goal_ms - counted_ms);
    }
    let is_shelved = is_open && phase == Phase::Terminal;
    let judged = |count: Count| (!is_open || is_shelved).then_some(count.judged_ms());
    Some(SlaClockRecord {
        metric: life.metric,
        ordinal: life.ordinal,
        policy: policy.id.clone(),
        policy_from: policy.from,
        clock: target.clock,
        goal_ms: target.goal_ms,
        started_at,
        due_at,
        completed_at,
        is_paused: paused_since.is_some(),
        paused_since,
        running_since,
        counted_calendar_ms: calendar.ms,
        counted_business_ms: business.ms,
        judged_calendar_ms: judged(calendar),
        judged_business_ms: judged(business),
        is_left_out: is_shelved && due_at.is_none_or(|due_at| due_at >= since),
        agent: match life.completed_by {
            Some(step) if life.metric != SlaMetric::Resolution => replier(step),
            _ => state.assignee,
        }
        .map(str::to_owned),
        team: state.team.map(str::to_owned),
        queue: state.queue.map(str::to_owned),
    })
}

fn replier<'a>(step: &Step<'a>) -> Option<&'a str> {
    match step.author {
        Author::Agent(id) | Author::Bot(id) => id,
        Author::Customer(_) | Author::System => None,
    }
}
