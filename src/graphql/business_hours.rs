//! Schedules of business hours. A schedule has versions; the object is one of them.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};

use super::context::Ask;
use super::node::{Kind, global_id, parse_version_key, version_key};
use super::scalars::{Date, DateTime, TimeZone};
use crate::model;

/// A version of a schedule.
pub struct BusinessHours {
    versions: Arc<Vec<model::BusinessHours>>,
    /// Place of this one among them.
    place: usize,
}

impl BusinessHours {
    /// The version in force now of a schedule, the first one when none is yet.
    ///
    /// # Errors
    /// As the loader.
    pub async fn in_force(ask: &Ask, id: &str) -> async_graphql::Result<Option<BusinessHours>> {
        let Some(versions) = ask.load.business_hours.find(id.to_owned()).await? else { return Ok(None) };
        if versions.is_empty() {
            return Ok(None);
        }
        let now = ask.lookups.now();
        let place = versions.iter().rposition(|version| version.from.is_none_or(|from| from <= now)).unwrap_or(0);
        Ok(Some(BusinessHours { versions, place }))
    }

    /// The version that the key of a global id names.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, key: &str) -> async_graphql::Result<Option<BusinessHours>> {
        let Some((from, id)) = parse_version_key(key) else { return Ok(None) };
        let Some(versions) = ask.load.business_hours.find(id.to_owned()).await? else { return Ok(None) };
        let place = versions.iter().position(|version| version.from == from);
        Ok(place.map(|place| BusinessHours { versions, place }))
    }

    fn model(&self) -> &model::BusinessHours {
        &self.versions[self.place]
    }
}

/// When the organisation works: one version of a schedule, in force from its start until the next version's
#[Object]
impl BusinessHours {
    /// Global id of the version
    pub async fn id(&self) -> ID {
        let hours = self.model();
        global_id(Kind::BusinessHours, &version_key(&hours.id, hours.from))
    }
    /// The source's id of the schedule, the same in all its versions
    async fn external_id(&self) -> &str {
        &self.model().id
    }
    /// Display name
    async fn name(&self) -> &str {
        &self.model().name
    }
    /// Start of the version; null: in force since ever
    async fn from(&self) -> Option<DateTime> {
        self.model().from.map(DateTime)
    }
    /// Time zone of its wall times
    async fn timezone(&self) -> TimeZone {
        TimeZone(self.model().timezone.clone())
    }
    /// Open intervals of the week, Monday's first; a day without one is closed
    async fn weekly(&self) -> Vec<OpenInterval> {
        let days = Weekday::WEEK.iter().zip(&self.model().weekly);
        days.flat_map(|(&weekday, intervals)| intervals.iter().map(move |one| OpenInterval::new(weekday, one)))
            .collect()
    }
    /// Days that are closed, from 00:00 to 24:00
    async fn holidays(&self) -> Vec<Holiday> {
        let holidays = self.model().holidays.iter();
        holidays.map(|holiday| Holiday { date: Date(holiday.date), name: holiday.name.clone() }).collect()
    }
}

/// Day of the week
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Weekday {
    /// The first day of the ISO week
    Monday,
    /// The second day of the ISO week
    Tuesday,
    /// The third day of the ISO week
    Wednesday,
    /// The fourth day of the ISO week
    Thursday,
    /// The fifth day of the ISO week
    Friday,
    /// The sixth day of the ISO week
    Saturday,
    /// The seventh day of the ISO week
    Sunday,
}

impl Weekday {
    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
}

/// A stretch of a weekday that is open
#[derive(SimpleObject)]
pub struct OpenInterval {
    /// Day on which it starts
    weekday: Weekday,
    /// Wall time of its start, HH:MM
    opens: String,
    /// Wall time of its end, HH:MM up to 24:00; not after the start: past midnight
    closes: String,
}

impl OpenInterval {
    fn new(weekday: Weekday, interval: &model::DayInterval) -> OpenInterval {
        let wall = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        OpenInterval { weekday, opens: wall(interval.from_minute), closes: wall(interval.until_minute) }
    }
}

/// A day on which a schedule is closed
#[derive(SimpleObject)]
pub struct Holiday {
    /// The day, in the schedule's time zone
    date: Date,
    /// Display name; null when it has none
    name: Option<String>,
}
