//! A metric as its oracle sees it: which figures it has, and what plain SQL makes of its rows.

use std::collections::BTreeMap;

use deskgraph::metric::MetricId;
use deskgraph::model::FilterAttribute;

use super::file::Oracle;
use super::ledger::{Ledger, Row};
use super::question::{Grouping, Placing, Question, Rows};

/// Percentiles that are asked for.
pub const PERCENTILES: [f64; 3] = [10.0, 90.0, 99.5];

/// What figures a metric has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Count,
    /// A count of what is now.
    Snapshot,
    Ratio,
    /// Milliseconds here, seconds at the door.
    Duration,
    Number,
    /// Time by status.
    Presence,
}

/// See the module.
pub struct Subject {
    pub id: MetricId,
    pub shape: Shape,
    oracle: Oracle,
}

/// Figures of a group; of values only where there are some.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    pub rows: i64,
    pub hits: i64,
    pub sum: i64,
    pub minimum: f64,
    pub maximum: f64,
    pub mean: f64,
    /// Square of the population deviation.
    pub variance: f64,
    pub median: f64,
    /// In the order of `PERCENTILES`.
    pub percentiles: [f64; 3],
}

/// Figures by the key of the group or bucket.
pub type Answer = BTreeMap<Option<String>, Figures>;

impl Subject {
    /// Every metric; panics where one has no oracle.
    pub fn all() -> Vec<Subject> {
        MetricId::ALL.iter().map(|&id| Subject::of(id, Oracle::read(id.word()))).collect()
    }

    fn of(id: MetricId, oracle: Oracle) -> Subject {
        let shape = match id {
            MetricId::AgentPresence => Shape::Presence,
            MetricId::AssignmentsPerAgent => Shape::Number,
            _ if oracle.has("hit") => Shape::Ratio,
            _ if oracle.has("value") && oracle.name.ends_with("_time") => Shape::Duration,
            _ if oracle.has("value") => Shape::Number,
            _ if !oracle.has("at") => Shape::Snapshot,
            _ => Shape::Count,
        };
        Subject { id, shape, oracle }
    }

    /// Keeps the rows of all metrics and what they are filtered by.
    pub async fn keep(subjects: &[Subject], ledger: &Ledger) {
        for name in ["attributes", "tags"] {
            ledger.keep(&Oracle::read(name)).await;
        }
        for subject in subjects {
            ledger.keep(&subject.oracle).await;
        }
        ledger.run("CREATE INDEX o_attributes_case ON o_attributes (case_id)").await;
        ledger.run("CREATE INDEX o_tags_case ON o_tags (case_id)").await;
    }

    pub fn is_presence(&self) -> bool {
        !self.oracle.has("case_id")
    }
    pub fn is_standing(&self) -> bool {
        self.oracle.has("until")
    }
    /// Indicates its rows lie at instants, so that a series parts them.
    pub fn is_placed(&self) -> bool {
        self.oracle.has("at") && !self.is_standing()
    }
    /// The clocks that it can be asked by: false calendar time, true business time.
    pub fn clocks(&self) -> &'static [bool] {
        if self.oracle.has("business") { &[false, true] } else { &[false] }
    }
    pub fn accepts(&self, attribute: FilterAttribute) -> bool {
        !self.is_presence() || matches!(attribute, FilterAttribute::Agent | FilterAttribute::Team)
    }
    pub fn accepts_all(&self, question: &Question) -> bool {
        question.terms.iter().all(|(attribute, _)| self.accepts(*attribute))
    }

    fn rows<'a>(&'a self, ledger: &'a Ledger, placing: Placing) -> Rows<'a> {
        Rows {
            ledger,
            table: &self.oracle.name,
            placing,
            is_presence: self.is_presence(),
            has_status: self.oracle.has("status"),
            has_policy: self.oracle.has("policy"),
        }
    }

    /// What plain SQL answers.
    pub async fn answer(&self, ledger: &Ledger, question: &Question, grouping: Grouping, is_business: bool) -> Answer {
        if self.shape == Shape::Presence {
            return self.presence(ledger, question).await;
        }
        let counted = self.counted(ledger, question, grouping, is_business);
        let percentiles = [50.0].into_iter().chain(PERCENTILES).map(|p| {
            // A value counts as much as its place is near the rank.
            let distance = format!("abs(place - {:.3} * (n - 1))", p / 100.0);
            format!("sum(CASE WHEN {distance} < 1 THEN x * (1 - {distance}) ELSE 0 END)")
        });
        let sql = format!(
            "{counted}, ranked AS (SELECT k, hit, v, CAST(v AS double precision) AS x, \
             row_number() OVER (PARTITION BY k ORDER BY v) - 1 AS place, count(*) OVER (PARTITION BY k) AS n, \
             avg(CAST(v AS double precision)) OVER (PARTITION BY k) AS mean FROM counted) \
             SELECT k, count(*), CAST(sum(hit) AS bigint), CAST(sum(v) AS bigint), min(x), max(x), max(mean), \
             avg((x - mean) * (x - mean)), {} FROM ranked GROUP BY k",
            percentiles.collect::<Vec<_>>().join(", ")
        );
        ledger.rows(&sql).await.iter().map(|row| (row[0].clone(), figures(row))).collect()
    }

    /// `WITH … kept …, counted (k, hit, v)`: what is counted, with the key of its group.
    pub fn counted(&self, ledger: &Ledger, question: &Question, grouping: Grouping, is_business: bool) -> String {
        let placing = match self.shape {
            Shape::Snapshot => Placing::Now,
            _ if self.is_standing() => Placing::Standing(question.until),
            _ => Placing::At,
        };
        let hit = if self.shape == Shape::Ratio { "r.hit" } else { "0" };
        let value = match self.shape {
            Shape::Duration | Shape::Number if is_business => "r.business",
            Shape::Duration | Shape::Number if self.oracle.has("value") => "r.value",
            _ => "0",
        };
        let columns = format!("{hit} AS hit, CAST({value} AS bigint) AS v, r.agent AS agent");
        let kept = self.rows(ledger, placing).kept(question, grouping, &columns);
        match self.id {
            MetricId::AssignmentsPerAgent => format!(
                "{kept}, counted AS (SELECT k, 0 AS hit, count(*) AS v FROM kept WHERE agent IS NOT NULL GROUP BY k, agent)"
            ),
            _ => format!("{kept}, counted AS (SELECT k, hit, v FROM kept WHERE v IS NOT NULL)"),
        }
    }

    /// Milliseconds of each status within the period, until now at most.
    async fn presence(&self, ledger: &Ledger, question: &Question) -> Answer {
        let until = question.until.min(ledger.now);
        let kept = self.rows(ledger, Placing::Now).kept(question, Grouping::Total, "r.at, r.until, r.status");
        let end = format!("CASE WHEN until IS NULL OR until > {until} THEN {until} ELSE until END");
        let start = format!("CASE WHEN at < {0} THEN {0} ELSE at END", question.from);
        let sql = format!(
            "{kept} SELECT status, CAST(sum({end} - {start}) AS bigint) FROM kept WHERE {end} > {start} GROUP BY status"
        );
        let of = |row: &Row| Figures { rows: 1, sum: number(row, 1), ..Figures::default() };
        ledger.rows(&sql).await.iter().map(|row| (row[0].clone(), of(row))).collect()
    }

    /// The number by which answers are told apart; `None` where nothing is answered.
    pub fn told(&self, answer: &Answer) -> Option<String> {
        let total = |of: fn(&Figures) -> i64| answer.values().map(of).sum::<i64>();
        let (rows, hits, sum) = (total(|f| f.rows), total(|f| f.hits), total(|f| f.sum));
        match self.shape {
            Shape::Count | Shape::Snapshot => (rows != 0).then(|| rows.to_string()),
            Shape::Ratio => (hits != 0).then(|| format!("{:.9}", hits as f64 / rows as f64)),
            Shape::Duration | Shape::Number | Shape::Presence => (sum != 0).then(|| sum.to_string()),
        }
    }
}

fn number(row: &Row, index: usize) -> i64 {
    row[index].as_ref().unwrap().parse().unwrap()
}

fn figures(row: &Row) -> Figures {
    let real = |index: usize| row[index].as_ref().unwrap().parse::<f64>().unwrap();
    Figures {
        rows: number(row, 1),
        hits: number(row, 2),
        sum: number(row, 3),
        minimum: real(4),
        maximum: real(5),
        mean: real(6),
        variance: real(7),
        median: real(8),
        percentiles: [real(9), real(10), real(11)],
    }
}
