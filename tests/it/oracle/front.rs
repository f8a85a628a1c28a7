//! The front page's shares and best agents, and what agents did, in plain SQL.

use deskgraph::metric::MetricId;
use deskgraph::model::FilterAttribute;

use super::file::Oracle;
use super::ledger::Ledger;
use super::question::{Grouping, Placing, Question, Rows};
use super::subject::Subject;

/// One of the agent overview's measures.
#[derive(Debug)]
pub struct Measure {
    /// As the graph says it.
    pub word: &'static str,
    /// The oracle of its rows.
    table: &'static str,
    /// An agent's value.
    value: &'static str,
    /// Indicates it is a length of time, of which 0 is none.
    is_time: bool,
    /// Indicates the largest value comes first.
    is_descending: bool,
}

const fn time(word: &'static str, table: &'static str, value: &'static str, is_descending: bool) -> Measure {
    Measure { word, table, value, is_time: true, is_descending }
}

const MEAN: &str = "avg(CAST(v AS double precision)) / 1000";

/// SEMANTICS 1.3.
pub const MEASURES: [Measure; 7] = [
    Measure {
        word: "CASE_SHARE",
        table: "created_cases",
        value: "count(*) * 100.0 / sum(count(*)) OVER ()",
        is_time: false,
        is_descending: true,
    },
    time("AVERAGE_CHAT_DURATION", "chat_duration", MEAN, true),
    Measure { word: "MESSAGES", table: "staff_messages", value: "sum(v)", is_time: false, is_descending: true },
    time("AVERAGE_FIRST_RESPONSE_TIME", "first_answer_time", MEAN, false),
    time("BEST_FIRST_RESPONSE_TIME", "first_answer_time", "min(v) / 1000.0", false),
    time("AVERAGE_RESPONSE_TIME", "mean_response_time", MEAN, false),
    time("AVERAGE_REACTION_TIME", "reaction_time", MEAN, false),
];

/// Keeps the rows that no metric has; after those of the metrics.
pub async fn keep(ledger: &Ledger) {
    for name in ["chat_duration", "staff_messages", "first_answer_time", "mean_response_time"] {
        ledger.keep(&Oracle::read(name)).await;
    }
}

/// Agents by id, each with the value; equal ones by name, then id.
pub async fn agents(ledger: &Ledger, question: &Question, measure: &Measure) -> Vec<(String, f64)> {
    let rows = Rows {
        ledger,
        table: measure.table,
        placing: Placing::At,
        is_presence: false,
        has_status: false,
        has_policy: false,
    };
    let value = if measure.table == "created_cases" { "1" } else { "r.value" };
    let kept = rows.kept(question, Grouping::Total, &format!("{value} AS v, r.agent AS agent"));
    let is_some = if measure.is_time { " AND v > 0" } else { "" };
    let direction = if measure.is_descending { "DESC" } else { "ASC" };
    let sql = format!(
        "{kept}, valued AS (SELECT agent, CAST({} AS double precision) AS x FROM kept WHERE agent IS NOT NULL{is_some} GROUP BY agent) \
         SELECT a.id, x FROM valued JOIN agent a ON a.workspace = :workspace AND a.id = valued.agent \
         ORDER BY x {direction}, a.name :binary, a.id :binary",
        measure.value
    );
    let rows = ledger.rows(&sql).await.into_iter();
    rows.map(|mut row| (row[0].take().unwrap(), row[1].take().unwrap().parse().unwrap())).collect()
}

/// The agents, teams or queues that any row of an active case has, and of agents and their teams those who were ever present.
pub async fn values_in_use(ledger: &Ledger, noun: &str) -> Vec<String> {
    const TABLES: [&str; 8] =
        ["response", "sla_clock", "status_spell", "closure", "resolution", "assignment", "rating", "message"];
    let of_kind = |kind: &str| {
        let only = match kind {
            "response" => " AND r.replied_at IS NOT NULL",
            "sla_clock" => " AND NOT r.is_left_out",
            _ => "",
        };
        format!(
            "SELECT r.{noun} AS v FROM {kind}_record r JOIN case_record c ON c.workspace = r.workspace AND c.case_id = r.case_id \
             AND c.state = 'active' WHERE r.workspace = :workspace{only}"
        )
    };
    let own = if noun == "agent" { "assignee" } else { noun };
    let mut parts =
        vec![format!("SELECT {own} AS v FROM case_record WHERE workspace = :workspace AND state = 'active'")];
    parts.extend(TABLES.map(of_kind));
    match noun {
        "agent" => parts.push("SELECT agent AS v FROM presence_record WHERE workspace = :workspace".to_owned()),
        "team" => parts.push(
            "SELECT t.team AS v FROM presence_record p JOIN agent_team t ON t.workspace = p.workspace AND t.agent = p.agent \
             WHERE p.workspace = :workspace"
                .to_owned(),
        ),
        _ => {}
    }
    let sql = format!("SELECT DISTINCT v FROM ({}) x WHERE v IS NOT NULL", parts.join(" UNION ALL "));
    let rows = ledger.rows(&sql).await.into_iter();
    let mut values: Vec<String> = rows.map(|mut row| row[0].take().unwrap()).collect();
    values.sort_unstable();
    values
}

/// Channels with their cases and their tenths of a percent by largest remainder, equal remainders by channel; most cases first.
pub async fn channel_mix(ledger: &Ledger, question: &Question, subjects: &[Subject]) -> Vec<(String, i64, i64)> {
    let created = subjects.iter().find(|subject| subject.id == MetricId::CreatedCases).unwrap();
    let counted = created.counted(ledger, question, Grouping::By(FilterAttribute::Channel), false);
    let sql = format!(
        "{counted}, tally AS (SELECT k, count(*) AS n FROM counted WHERE k IS NOT NULL GROUP BY k), \
         whole AS (SELECT CAST(sum(n) AS bigint) AS t FROM tally), \
         part AS (SELECT k, n, n * 1000 / t AS tenths, n * 1000 % t AS rest FROM tally, whole) \
         SELECT k, n, tenths + CASE WHEN row_number() OVER (ORDER BY rest DESC, k :binary) \
           <= 1000 - CAST(sum(tenths) OVER () AS bigint) THEN 1 ELSE 0 END AS tenths \
         FROM part ORDER BY n DESC, k :binary"
    );
    let number = |text: &Option<String>| text.as_ref().unwrap().parse().unwrap();
    let rows = ledger.rows(&sql).await;
    rows.iter().map(|row| (row[0].clone().unwrap(), number(&row[1]), number(&row[2]))).collect()
}

/// The agents with most standing resolutions, equal ones by name, then id.
pub async fn top_agents(
    ledger: &Ledger,
    question: &Question,
    subjects: &[Subject],
    first: usize,
) -> Vec<(String, i64)> {
    let resolved = subjects.iter().find(|subject| subject.id == MetricId::ResolvedCases).unwrap();
    let counted = resolved.counted(ledger, question, Grouping::By(FilterAttribute::Agent), false);
    let sql = format!(
        "{counted} SELECT a.id, count(*) FROM counted JOIN agent a ON a.workspace = :workspace AND a.id = k \
         GROUP BY a.id, a.name ORDER BY count(*) DESC, a.name :binary, a.id :binary LIMIT {first}"
    );
    let rows = ledger.rows(&sql).await.into_iter();
    rows.map(|mut row| (row[0].take().unwrap(), row[1].take().unwrap().parse().unwrap())).collect()
}
