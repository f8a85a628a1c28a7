//! Local dates in SQL: where calendar units begin, and the same wall clock earlier. Databases do the sums on wall clocks; which instants
//! a wall clock is at is read from the offsets that `zone` lists, the first of two, and where clocks skip it as if they had not yet.

use deskgraph::metric::Grain;

use super::ledger::Ledger;
use super::zone::Zone;

/// How far back.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Local days.
    Days(i64),
    /// Calendar months; a day that one lacks is its last.
    Months(i64),
    /// Exact milliseconds.
    Milliseconds(i64),
}

/// A zone as a database reckons in it.
pub struct Calendar<'a> {
    pub ledger: &'a Ledger,
    pub zone: &'a Zone,
}

impl Calendar<'_> {
    /// The same wall clock earlier.
    pub async fn earlier(&self, at: i64, step: Step) -> i64 {
        let is_postgres = self.ledger.is_postgres();
        let local = match step {
            Step::Milliseconds(ms) => return at - ms,
            Step::Days(days) if is_postgres => self.moved(at, days, "day"),
            Step::Months(months) if is_postgres => self.moved(at, months, "month"),
            Step::Days(days) => format!("{} - {days} * 86400000", self.zone.local(&at.to_string(), false)),
            Step::Months(months) => {
                let local = self.zone.local(&at.to_string(), false);
                let seconds = format!("strftime('%s', {local} / 1000, 'unixepoch', '-{months} months', 'floor')");
                format!("CAST({seconds} AS integer) * 1000 + {local} % 1000")
            }
        };
        self.instant(&local).await
    }

    /// The start of the unit in which an instant lies, or of one so many units earlier.
    pub async fn start(&self, at: i64, grain: Grain, back: i64) -> i64 {
        let is_postgres = self.ledger.is_postgres();
        let zone = if is_postgres { String::new() } else { format!("WITH {} ", self.zone.table()) };
        let date = format!("{zone}SELECT {}", self.zone.bucket(&at.to_string(), grain, is_postgres));
        let date = self.ledger.rows(&date).await[0][0].clone().unwrap();
        let (count, unit) = match grain {
            Grain::Hour => panic!("hours begin at no date"),
            Grain::Day => (back, "day"),
            Grain::Week => (back * 7, "day"),
            Grain::Month => (back, "month"),
            Grain::Quarter => (back * 3, "month"),
            Grain::Year => (back, "year"),
        };
        // Units begin on days that every month and year has.
        let local = if is_postgres {
            milliseconds(&format!("(CAST('{date}' AS timestamp) - interval '{count} {unit}')"))
        } else {
            format!("CAST(strftime('%s', '{date}', '-{count} {unit}') AS integer) * 1000")
        };
        self.instant(&local).await
    }

    /// As PostgreSQL moves a wall clock.
    fn moved(&self, at: i64, count: i64, unit: &str) -> String {
        milliseconds(&format!("({} - interval '{count} {unit}')", self.zone.local(&at.to_string(), true)))
    }

    /// The instant of a wall clock in milliseconds.
    async fn instant(&self, local: &str) -> i64 {
        let at = "l - zone_offset";
        let sql = format!(
            "WITH {}, clock AS (SELECT CAST({local} AS bigint) AS l) SELECT coalesce(\
             (SELECT min({at}) FROM zone, clock WHERE {at} >= zone_from AND {at} < zone_until), \
             (SELECT {at} FROM zone, clock WHERE {at} >= zone_until ORDER BY zone_until DESC LIMIT 1))",
            self.zone.table()
        );
        self.ledger.rows(&sql).await[0][0].as_ref().unwrap().parse().unwrap()
    }
}

fn milliseconds(timestamp: &str) -> String {
    format!("(extract(epoch FROM {timestamp}) * 1000)")
}
