//! Business-hours schedules as a source states them. What time they leave open is `record::schedule`'s to say.

use super::Instant;
use super::patch::lay;

/// Minutes in a day.
pub const DAY_MINUTES: u16 = 1440;

/// One version of a schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct BusinessHours {
    /// The source's identifier.
    pub id: String,
    /// In force from then on; `None`: since ever.
    pub from: Option<Instant>,
    /// Display name.
    pub name: String,
    /// IANA zone of its wall times; checked when read.
    pub timezone: String,
    /// Open intervals of each weekday, Monday first.
    pub weekly: [Vec<DayInterval>; 7],
    /// Days that are closed.
    pub holidays: Vec<Holiday>,
}

/// An open interval of a day, in minutes of wall time. One that ends at or before its start runs past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayInterval {
    /// 0 to 1439.
    pub from_minute: u16,
    /// 0 to 1440.
    pub until_minute: u16,
}

/// A day on which a schedule is closed, 00:00 to 24:00 of its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The local day.
    pub date: jiff::civil::Date,
    /// Display name.
    pub name: Option<String>,
}

/// What one line says of a version of a schedule. The week and the holidays are replaced whole.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of BusinessHours")]
pub struct BusinessHoursLine {
    pub id: String,
    pub from: Option<Instant>,
    pub name: Option<String>,
    pub timezone: Option<String>,
    pub weekly: Option<[Vec<DayInterval>; 7]>,
    pub holidays: Option<Vec<Holiday>>,
}

impl BusinessHours {
    /// A version of which only id and start are known: always closed, in UTC.
    pub fn named(id: &str, from: Option<Instant>) -> BusinessHours {
        BusinessHours {
            id: id.to_owned(),
            from,
            name: id.to_owned(),
            timezone: "UTC".to_owned(),
            weekly: Default::default(),
            holidays: Vec::new(),
        }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: BusinessHoursLine) {
        lay(line.name, &mut self.name);
        lay(line.timezone, &mut self.timezone);
        lay(line.weekly, &mut self.weekly);
        lay(line.holidays, &mut self.holidays);
    }
}
