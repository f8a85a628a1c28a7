//! Local time in SQL: PostgreSQL knows the zones itself (`AT TIME ZONE`); for SQLite the offsets of a zone are listed by its transitions,
//! and dates are SQLite's own.

use deskgraph::metric::Grain;
use deskgraph::model::Instant;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A zone by its IANA name.
#[derive(Clone, Debug)]
pub struct Zone(pub &'static str);

impl Zone {
    /// `zone (zone_from, zone_until, zone_offset) AS (…)`, all in milliseconds.
    pub fn table(&self) -> String {
        let rules = TimeZone::get(self.0).unwrap();
        let start: Timestamp = "2015-01-01T00:00:00Z".parse().unwrap();
        let end: Timestamp = "2035-01-01T00:00:00Z".parse().unwrap();
        let mut turns = vec![start];
        turns.extend(rules.following(start).map(|turn| turn.timestamp()).take_while(|turn| *turn < end));
        turns.push(end);
        let rows = turns.windows(2).map(|pair| {
            let offset = rules.to_offset(pair[0]).seconds();
            format!("({}, {}, {})", pair[0].as_millisecond(), pair[1].as_millisecond(), offset * 1_000)
        });
        format!("zone (zone_from, zone_until, zone_offset) AS (VALUES {})", rows.collect::<Vec<_>>().join(", "))
    }

    /// The local time of an instant: a `timestamp` on PostgreSQL, milliseconds on SQLite.
    pub fn local(&self, instant: &str, is_postgres: bool) -> String {
        if is_postgres {
            format!("({} AT TIME ZONE '{}')", instant_of(instant), self.0)
        } else {
            format!(
                "({instant} + (SELECT zone_offset FROM zone WHERE {instant} >= zone_from AND {instant} < zone_until))"
            )
        }
    }

    pub fn hour_of_day(&self, instant: &str, is_postgres: bool) -> String {
        let local = self.local(instant, is_postgres);
        if is_postgres { format!("extract(hour FROM {local})") } else { format!("({local} / 3600000 % 24)") }
    }

    /// 1 Monday to 7 Sunday.
    pub fn day_of_week(&self, instant: &str, is_postgres: bool) -> String {
        let local = self.local(instant, is_postgres);
        // The first of January 1970 was a Thursday.
        if is_postgres {
            format!("extract(isodow FROM {local})")
        } else {
            format!("(({local} / 86400000 + 3) % 7 + 1)")
        }
    }

    /// The local start of the calendar unit in which an instant lies, as a text; of an hour with the offset.
    pub fn bucket(&self, instant: &str, grain: Grain, is_postgres: bool) -> String {
        let local = self.local(instant, is_postgres);
        if is_postgres {
            if grain == Grain::Hour {
                let offset = format!("extract(epoch FROM {local} - ({} AT TIME ZONE 'UTC'))::int", instant_of(instant));
                return format!(r#"(to_char({local}, 'YYYY-MM-DD"T"HH24') || ' ' || {offset})"#);
            }
            return format!("to_char(date_trunc('{grain}', {local}), 'YYYY-MM-DD')");
        }
        let date = |format: &str, more: &str| format!("strftime('{format}', {local} / 1000, 'unixepoch'{more})");
        match grain {
            Grain::Hour => format!("({} || ' ' || (({local} - {instant}) / 1000))", date("%Y-%m-%dT%H", "")),
            Grain::Day => date("%Y-%m-%d", ""),
            Grain::Week => date("%Y-%m-%d", ", 'weekday 0', '-6 days'"),
            Grain::Month => date("%Y-%m-01", ""),
            Grain::Quarter => {
                let month = format!("(CAST({} AS integer) - 1) / 3 * 3 + 1", date("%m", ""));
                format!("printf('%s-%02d-01', {}, {month})", date("%Y", ""))
            }
            Grain::Year => date("%Y-01-01", ""),
        }
    }
}

fn instant_of(ms: &str) -> String {
    format!("(timestamptz 'epoch' + {ms} * interval '1 millisecond')")
}

/// An instant as questions write it.
pub fn written(ms: i64) -> String {
    Instant::from_ms(ms).to_string()
}
