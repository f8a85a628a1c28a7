//! A question to an oracle, and the statement that answers it: period, filters, groups, buckets and figures in plain SQL.

use deskgraph::metric::Grain;
use deskgraph::model::FilterAttribute;

use super::ledger::{Ledger, quote};
use super::zone::Zone;

/// What a term demands of its attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    In(Vec<String>),
    NotIn(Vec<String>),
    Unset,
    /// There is a value; of groups left out only, no question can ask for it.
    Set,
}

/// What is asked of every metric alike.
#[derive(Clone, Debug)]
pub struct Question {
    /// First instant, and the one after the last, in milliseconds.
    pub from: i64,
    pub until: i64,
    pub zone: Zone,
    pub terms: Vec<(FilterAttribute, Test)>,
}

/// How rows are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    Total,
    By(FilterAttribute),
    Series(Grain),
}

/// Which rows of a metric an instant or stretch puts in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// `at` lies in it.
    At,
    /// `at` to `until` contains an instant.
    Standing(i64),
    /// None: all rows.
    Now,
}

/// An attribute of the rows: one value each, or the rows of another list.
enum Values {
    One(String),
    /// A list of `owner` and `word`, and the column of the row that is the owner.
    Many(String, &'static str),
}

/// What the statement is written from: names of the metric's columns decide where attributes are read.
pub struct Rows<'a> {
    pub ledger: &'a Ledger,
    /// Table of the kept rows.
    pub table: &'a str,
    pub placing: Placing,
    /// Rows are of agents, not of cases.
    pub is_presence: bool,
    pub has_status: bool,
    pub has_policy: bool,
}

impl Rows<'_> {
    /// `WITH … kept (k, and the columns asked for) …`: the rows that the question is about, with the key of their group.
    pub fn kept(&self, question: &Question, grouping: Grouping, columns: &str) -> String {
        let mut from = format!("o_{} r", self.table);
        if !self.is_presence {
            from += " JOIN o_attributes c ON c.case_id = r.case_id";
        }
        let key = match grouping {
            Grouping::Total => "CAST(NULL AS text)".to_owned(),
            Grouping::Series(grain) => question.zone.bucket("r.at", grain, self.ledger.is_postgres()),
            Grouping::By(attribute) => match self.values(attribute, &question.zone) {
                Values::One(value) => format!("CAST({value} AS text)"),
                Values::Many(list, owner) => {
                    from += &format!(" LEFT JOIN ({list}) g ON g.owner = r.{owner}");
                    "g.word".to_owned()
                }
            },
        };
        let mut conditions = match self.placing {
            Placing::At => vec![format!("r.at >= {} AND r.at < {}", question.from, question.until)],
            Placing::Standing(at) => {
                vec![format!("r.at <= {at} AND (r.until IS NULL OR r.until > {at}) AND c.created_at <= {at}")]
            }
            Placing::Now => vec!["1 = 1".to_owned()],
        };
        conditions
            .extend(question.terms.iter().map(|(attribute, test)| self.condition(*attribute, test, &question.zone)));
        let zone = if self.ledger.is_postgres() { String::new() } else { question.zone.table() + ", " };
        format!("WITH {zone}kept AS (SELECT {key} AS k, {columns} FROM {from} WHERE {})", conditions.join(" AND "))
    }

    fn condition(&self, attribute: FilterAttribute, test: &Test, zone: &Zone) -> String {
        let list = |values: &[String]| {
            // Nothing is in an empty list.
            let values = values.iter().map(|value| quote(value)).collect::<Vec<_>>().join(", ");
            if values.is_empty() { "NULL".to_owned() } else { values }
        };
        match self.values(attribute, zone) {
            Values::One(value) => match test {
                Test::In(values) => format!("CAST({value} AS text) IN ({})", list(values)),
                Test::NotIn(values) if values.is_empty() => "1 = 1".to_owned(),
                Test::NotIn(values) => format!("({value} IS NULL OR CAST({value} AS text) NOT IN ({}))", list(values)),
                Test::Unset => format!("{value} IS NULL"),
                Test::Set => format!("{value} IS NOT NULL"),
            },
            Values::Many(of, owner) => {
                let some = |more: &str| format!("EXISTS (SELECT 1 FROM ({of}) m WHERE m.owner = r.{owner}{more})");
                match test {
                    Test::In(values) => some(&format!(" AND m.word IN ({})", list(values))),
                    Test::NotIn(values) => format!("NOT {}", some(&format!(" AND m.word IN ({})", list(values)))),
                    Test::Unset => format!("NOT {}", some("")),
                    Test::Set => some(""),
                }
            }
        }
    }

    fn values(&self, attribute: FilterAttribute, zone: &Zone) -> Values {
        // The instant that places a row, else the creation of its case.
        let instant = if self.placing == Placing::At { "r.at" } else { "c.created_at" };
        Values::One(match attribute {
            FilterAttribute::Team if self.is_presence => {
                let list = "SELECT agent AS owner, team AS word FROM agent_team WHERE workspace = :workspace";
                return Values::Many(list.to_owned(), "agent");
            }
            FilterAttribute::Tag => {
                return Values::Many("SELECT case_id AS owner, tag AS word FROM o_tags".to_owned(), "case_id");
            }
            FilterAttribute::Agent | FilterAttribute::Team | FilterAttribute::Queue => format!("r.{attribute}"),
            FilterAttribute::Status if self.has_status => "r.status".to_owned(),
            FilterAttribute::SlaPolicy if self.has_policy => "r.policy".to_owned(),
            FilterAttribute::HourOfDay => zone.hour_of_day(instant, self.ledger.is_postgres()),
            FilterAttribute::DayOfWeek => zone.day_of_week(instant, self.ledger.is_postgres()),
            _ => format!("c.{attribute}"),
        })
    }
}
