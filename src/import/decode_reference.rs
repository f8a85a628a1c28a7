//! The lines about people, places, schedules, statuses and policies.

use crate::model::{
    AgentKind, AgentLine, BusinessHoursLine, CaseStatus, ChannelLine, ClockMode, Conditions, ContactPointLine,
    CustomerLine, DayInterval, FieldError, Holiday, Instant, PresenceLine, PresenceStatus, QueueLine, SlaMetric,
    SlaPolicyLine, SlaTarget, StatusLine, TagLine, TeamLine, WorkspaceLine,
};

use super::fields::Fields;
use super::json::Node;
use super::values::{
    boolean, date, id, ids, indexed_name, instant, integer, list, name, object, past_instant, seconds, word, zone,
};

type Read<T> = Result<T, FieldError>;

pub(super) fn workspace(f: &mut Fields<'_>) -> Read<WorkspaceLine> {
    Ok(WorkspaceLine {
        name: f.get("name", name)?,
        timezone: f.get("timezone", zone)?,
        business_hours: f.patch("business_hours", id)?,
        abandon_after_ms: f.get("abandon_after_seconds", seconds)?,
        ignore_bot_messages: f.get("ignore_bot_messages", boolean)?,
    })
}

pub(super) fn agent(f: &mut Fields<'_>) -> Read<AgentLine> {
    Ok(AgentLine {
        id: f.require("id", id)?,
        number: f.get("number", integer)?,
        name: f.get("name", indexed_name)?,
        username: f.patch("username", name)?,
        email: f.patch("email", name)?,
        kind: f.get("kind", |n| word(n, AgentKind::from_word, AgentKind::ALL))?,
        active: f.get("active", boolean)?,
        teams: f.get("teams", ids)?,
    })
}

pub(super) fn presence(f: &mut Fields<'_>, now: Instant) -> Read<PresenceLine> {
    Ok(PresenceLine {
        agent: f.require("agent", id)?,
        at: f.require("at", |n| past_instant(n, now))?,
        status: f.require("status", |n| word(n, PresenceStatus::from_word, PresenceStatus::ALL))?,
    })
}

pub(super) fn team(f: &mut Fields<'_>) -> Read<TeamLine> {
    Ok(TeamLine {
        id: f.require("id", id)?,
        name: f.get("name", name)?,
        business_hours: f.patch("business_hours", id)?,
    })
}

pub(super) fn queue(f: &mut Fields<'_>) -> Read<QueueLine> {
    Ok(QueueLine { id: f.require("id", id)?, name: f.get("name", name)?, team: f.patch("team", id)? })
}

pub(super) fn tag(f: &mut Fields<'_>) -> Read<TagLine> {
    Ok(TagLine { id: f.require("id", id)?, name: f.get("name", name)? })
}

pub(super) fn channel(f: &mut Fields<'_>) -> Read<ChannelLine> {
    Ok(ChannelLine { id: f.require("id", id)?, label: f.get("label", name)? })
}

pub(super) fn contact_point(f: &mut Fields<'_>) -> Read<ContactPointLine> {
    Ok(ContactPointLine {
        id: f.require("id", id)?,
        channel: f.patch("channel", id)?,
        address: f.patch("address", name)?,
        label: f.get("label", name)?,
    })
}

pub(super) fn customer(f: &mut Fields<'_>) -> Read<CustomerLine> {
    Ok(CustomerLine {
        id: f.require("id", id)?,
        name: f.patch("name", name)?,
        created_at: f.patch("created_at", instant)?,
    })
}

pub(super) fn status(f: &mut Fields<'_>) -> Read<StatusLine> {
    Ok(StatusLine {
        id: f.require("id", id)?,
        from: f.find("from", instant)?,
        label: f.get("label", name)?,
        category: f.get("category", |n| word(n, CaseStatus::from_word, CaseStatus::ALL))?,
        sla_active: f.patch("sla_active", boolean)?,
    })
}

pub(super) fn sla_policy(f: &mut Fields<'_>) -> Read<SlaPolicyLine> {
    Ok(SlaPolicyLine {
        id: f.require("id", id)?,
        from: f.find("from", instant)?,
        name: f.get("name", name)?,
        position: f.get("position", integer)?,
        enabled: f.get("enabled", boolean)?,
        conditions: f.get("conditions", |n| object(n, conditions))?,
        targets: f.get("targets", |n| list(n, |n| object(n, target)))?,
    })
}

fn conditions(f: &mut Fields<'_>) -> Read<Conditions> {
    Ok(Conditions {
        channel: f.get("channel", ids)?.unwrap_or_default(),
        team: f.get("team", ids)?.unwrap_or_default(),
        queue: f.get("queue", ids)?.unwrap_or_default(),
        priority: f.get("priority", ids)?.unwrap_or_default(),
        tag: f.get("tag", ids)?.unwrap_or_default(),
        case_type: f.get("case_type", ids)?.unwrap_or_default(),
    })
}

fn target(f: &mut Fields<'_>) -> Read<SlaTarget> {
    Ok(SlaTarget {
        metric: f.require("metric", |n| word(n, SlaMetric::from_word, SlaMetric::ALL))?,
        priority: f.find("priority", id)?,
        goal_ms: f.require("goal_seconds", seconds)?,
        clock: f.get("clock", |n| word(n, ClockMode::from_word, ClockMode::ALL))?.unwrap_or(ClockMode::Calendar),
    })
}

pub(super) fn business_hours(f: &mut Fields<'_>) -> Read<BusinessHoursLine> {
    Ok(BusinessHoursLine {
        id: f.require("id", id)?,
        from: f.find("from", instant)?,
        name: f.get("name", name)?,
        timezone: f.get("timezone", zone)?,
        weekly: f.get("weekly", |n| object(n, weekly))?,
        holidays: f.get("holidays", |n| list(n, |n| object(n, holiday)))?,
    })
}

fn weekly(f: &mut Fields<'_>) -> Read<[Vec<DayInterval>; 7]> {
    let mut day = |name| f.get(name, |n| list(n, interval)).map(Option::unwrap_or_default);
    Ok([
        day("monday")?,
        day("tuesday")?,
        day("wednesday")?,
        day("thursday")?,
        day("friday")?,
        day("saturday")?,
        day("sunday")?,
    ])
}

fn holiday(f: &mut Fields<'_>) -> Read<Holiday> {
    Ok(Holiday { date: f.require("date", date)?, name: f.find("name", name)? })
}

fn interval(node: Node<'_>) -> Read<DayInterval> {
    let parsed = match &node {
        Node::List(ends) => match ends.as_slice() {
            [Node::Text(from), Node::Text(until)] => wall_minute(from).zip(wall_minute(until)),
            _ => None,
        },
        _ => None,
    };
    match parsed {
        Some((from_minute @ 0..1440, until_minute)) => Ok(DayInterval { from_minute, until_minute }),
        _ => Err(FieldError::new(
            "",
            "must be two wall times such as [\"09:00\",\"17:00\"], from 00:00 to 23:59 and until 00:00 to 24:00",
        )),
    }
}

/// Minutes since midnight of `HH:MM`, 24:00 included.
fn wall_minute(text: &str) -> Option<u16> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else { return None };
    let hour = digit(h1)? * 10 + digit(h2)?;
    let minute = digit(m1)? * 10 + digit(m2)?;
    let total = hour * 60 + minute;
    (minute < 60 && total <= 1440).then_some(total)
}
