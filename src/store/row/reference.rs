//! Settings and versions: workspace, schedules, statuses, policies.

use serde::{Deserialize, Serialize};

use super::{from_json, from_key, key_from, to_json, word};
use crate::model::{
    BusinessHours, CaseStatus, ClockMode, DayInterval, Holiday, SlaMetric, SlaPolicy, SlaTarget, Status, Workspace,
};
use crate::store::StoreError;
use crate::store::entity::{business_hours, sla_policy, status, workspace};

/// Lays a workspace's settings over its row; where its writing stands is kept.
pub fn lay_workspace(settings: &Workspace, row: &mut workspace::Model) {
    row.name.clone_from(&settings.name);
    row.timezone.clone_from(&settings.timezone);
    row.business_hours.clone_from(&settings.business_hours);
    row.abandon_after_ms = settings.abandon_after_ms;
    row.ignore_bot_messages = settings.ignore_bot_messages;
}

/// The settings of a workspace row.
pub fn to_workspace(row: &workspace::Model) -> Workspace {
    Workspace {
        id: row.id.clone(),
        name: row.name.clone(),
        timezone: row.timezone.clone(),
        business_hours: row.business_hours.clone(),
        abandon_after_ms: row.abandon_after_ms,
        ignore_bot_messages: row.ignore_bot_messages,
    }
}

#[derive(Serialize, Deserialize)]
struct HolidayText {
    date: String,
    name: Option<String>,
}

/// The row of a version of a schedule.
pub fn of_business_hours(workspace: &str, hours: &BusinessHours) -> Result<business_hours::Model, StoreError> {
    let week: Vec<Vec<(u16, u16)>> =
        hours.weekly.iter().map(|day| day.iter().map(|i| (i.from_minute, i.until_minute)).collect()).collect();
    let holidays: Vec<HolidayText> =
        hours.holidays.iter().map(|h| HolidayText { date: h.date.to_string(), name: h.name.clone() }).collect();
    Ok(business_hours::Model {
        workspace: workspace.to_owned(),
        id: hours.id.clone(),
        from_at: from_key(hours.from),
        name: hours.name.clone(),
        timezone: hours.timezone.clone(),
        weekly: to_json(&week)?,
        holidays: to_json(&holidays)?,
    })
}

/// The version of a schedule of a row.
pub fn to_business_hours(row: business_hours::Model) -> Result<BusinessHours, StoreError> {
    let week: [Vec<(u16, u16)>; 7] = from_json("business_hours.weekly", &row.weekly)?;
    let holidays: Vec<HolidayText> = from_json("business_hours.holidays", &row.holidays)?;
    let interval = |(from_minute, until_minute)| DayInterval { from_minute, until_minute };
    let holiday = |h: HolidayText| {
        let date = h.date.parse().map_err(|_| StoreError::Corrupt { column: "business_hours.holidays" })?;
        Ok(Holiday { date, name: h.name })
    };
    Ok(BusinessHours {
        from: key_from(row.from_at),
        id: row.id,
        name: row.name,
        timezone: row.timezone,
        weekly: week.map(|day| day.into_iter().map(interval).collect()),
        holidays: holidays.into_iter().map(holiday).collect::<Result<_, StoreError>>()?,
    })
}

/// The row of a version of a status.
pub fn of_status(workspace: &str, of: &Status) -> status::Model {
    status::Model {
        workspace: workspace.to_owned(),
        id: of.id.clone(),
        from_at: from_key(of.from),
        label: of.label.clone(),
        category: of.category.word().to_owned(),
        sla_active: of.sla_active,
    }
}

/// The version of a status of a row.
pub fn to_status(row: status::Model) -> Result<Status, StoreError> {
    Ok(Status {
        from: key_from(row.from_at),
        category: word("status.category", CaseStatus::from_word, &row.category)?,
        id: row.id,
        label: row.label,
        sla_active: row.sla_active,
    })
}

#[derive(Serialize, Deserialize)]
struct TargetText {
    metric: String,
    priority: Option<String>,
    goal_ms: i64,
    clock: String,
}

/// The row of a version of a policy.
pub fn of_sla_policy(workspace: &str, policy: &SlaPolicy) -> Result<sla_policy::Model, StoreError> {
    let target = |t: &SlaTarget| TargetText {
        metric: t.metric.word().to_owned(),
        priority: t.priority.clone(),
        goal_ms: t.goal_ms,
        clock: t.clock.word().to_owned(),
    };
    Ok(sla_policy::Model {
        workspace: workspace.to_owned(),
        id: policy.id.clone(),
        from_at: from_key(policy.from),
        name: policy.name.clone(),
        position: policy.position,
        is_enabled: policy.is_enabled,
        conditions: to_json(&policy.conditions)?,
        targets: to_json(&policy.targets.iter().map(target).collect::<Vec<_>>())?,
    })
}

/// The version of a policy of a row.
pub fn to_sla_policy(row: sla_policy::Model) -> Result<SlaPolicy, StoreError> {
    let targets: Vec<TargetText> = from_json("sla_policy.targets", &row.targets)?;
    let target = |t: TargetText| {
        Ok(SlaTarget {
            metric: word("sla_policy.targets", SlaMetric::from_word, &t.metric)?,
            clock: word("sla_policy.targets", ClockMode::from_word, &t.clock)?,
            priority: t.priority,
            goal_ms: t.goal_ms,
        })
    };
    Ok(SlaPolicy {
        from: key_from(row.from_at),
        conditions: from_json("sla_policy.conditions", &row.conditions)?,
        targets: targets.into_iter().map(target).collect::<Result<_, StoreError>>()?,
        id: row.id,
        name: row.name,
        position: row.position,
        is_enabled: row.is_enabled,
    })
}
