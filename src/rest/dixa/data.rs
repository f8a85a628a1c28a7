//! A metric's data: what was asked to be taken of it.

use serde::Serialize;
use utoipa::ToSchema;

use super::question::{MetricDataInput, Question, invalid, shortened};
use super::words;
use crate::app::{Error, Lookups};
use crate::metric::{Aggregation, BlockAnswer, Metric};
use crate::model::{ClockMode, PresenceStatus};

/// A metric's data
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaMetricData)]
pub struct MetricData {
    /// Which metric
    #[schema(example = "closed_conversations")]
    id: String,
    /// What was taken of it
    aggregates: Vec<Aggregate>,
}

/// Something taken of a metric
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaAggregateValue)]
#[serde(untagged)]
enum Aggregate {
    Long(LongAggregate),
    Double(DoubleAggregate),
    Presence(PresenceAggregate),
}

/// A number of things
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaLongAggregateValue)]
struct LongAggregate {
    #[schema(example = 42)]
    value: u64,
    /// Count
    #[schema(example = "Count")]
    measure: &'static str,
    #[serde(rename = "_type")]
    #[schema(inline)]
    kind: LongKind,
}

/// A number; of a length of time seconds, of a share 0 to 100; 0 of nothing
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaDoubleAggregateValue)]
struct DoubleAggregate {
    value: f64,
    /// Min, Max, Sum, Percentage, StdDev or Average
    #[schema(example = "Average")]
    measure: &'static str,
    #[serde(rename = "_type")]
    #[schema(inline)]
    kind: DoubleKind,
}

/// Time in each presence status
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaAgentPresenceDurationValue)]
struct PresenceAggregate {
    value: Vec<PresenceDuration>,
    /// AgentPresenceDuration
    #[schema(example = "AgentPresenceDuration")]
    measure: &'static str,
    #[serde(rename = "_type")]
    #[schema(inline)]
    kind: PresenceKind,
}

/// What tells the three apart
#[derive(Debug, Serialize, ToSchema)]
enum LongKind {
    LongAggregateValue,
}
/// What tells the three apart
#[derive(Debug, Serialize, ToSchema)]
enum DoubleKind {
    DoubleAggregateValue,
}
/// What tells the three apart
#[derive(Debug, Serialize, ToSchema)]
enum PresenceKind {
    AgentPresenceDurationValue,
}

/// Time in one presence status
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaPresenceDuration)]
struct PresenceDuration {
    /// Seconds of all agents together
    value: f64,
    status: Status,
}

/// A presence status
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaPresenceStatus)]
struct Status {
    /// Available, Away, Busy or Offline
    #[schema(example = "Available")]
    status: &'static str,
}

/// Answers a question about a metric.
pub async fn load(lookups: &Lookups, input: &MetricDataInput) -> Result<MetricData, Error> {
    let metric = words::find_metric(&input.id).ok_or_else(|| unknown_metric("id", &input.id))?;
    let wanted = wanted(metric, input.aggregations.as_deref().unwrap_or_default())?;
    let (scope, rows) = Question::from(input).scope(lookups, metric.kind).await?;
    let mut ask = metric.ask(&scope, ClockMode::Calendar, Vec::new(), &[]);
    for measured in &mut ask.block.measures {
        measured.rows.extend(rows.iter().cloned());
    }
    let answer = lookups.answer_one(ask).await?;
    let take = |(aggregation, measure)| taken(metric, &answer, aggregation, measure);
    Ok(MetricData { id: input.id.clone(), aggregates: wanted.into_iter().map(take).collect() })
}

/// The error for an id that no metric has.
pub fn unknown_metric(field: &str, id: &str) -> Error {
    let ids: Vec<String> = words::metrics().iter().map(|metric| words::metric_id(metric.id)).collect();
    invalid(field, &format!("`{}` is no metric; it is one of: {}", shortened(id), ids.join(", ")))
}

/// What is to be taken of a metric: all that it offers when nothing is named.
fn wanted(metric: &Metric, names: &[String]) -> Result<Vec<(Aggregation, &'static str)>, Error> {
    let offered = words::aggregations(metric);
    if names.is_empty() {
        return Ok(offered);
    }
    let allowed = || offered.iter().map(|(_, measure)| *measure).collect::<Vec<_>>().join(", ");
    let find = |name: &String| {
        let found = offered.iter().find(|(_, measure)| measure == name).copied();
        found.ok_or_else(|| {
            let id = words::metric_id(metric.id);
            invalid(
                "aggregations",
                &format!("`{}` cannot be taken of {id}; it is one of: {}", shortened(name), allowed()),
            )
        })
    };
    let mut found = Vec::new();
    for name in names {
        let one = find(name)?;
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Ok(found)
}

fn taken(metric: &Metric, answer: &BlockAnswer, aggregation: Aggregation, measure: &'static str) -> Aggregate {
    match aggregation {
        Aggregation::Count => {
            Aggregate::Long(LongAggregate { value: answer.figures().rows, measure, kind: LongKind::LongAggregateValue })
        }
        Aggregation::AgentPresenceDuration => Aggregate::Presence(PresenceAggregate {
            value: presence(answer),
            measure,
            kind: PresenceKind::AgentPresenceDurationValue,
        }),
        _ => {
            let value = metric.take(aggregation, &answer.figures(), &[]).unwrap_or(0.0);
            Aggregate::Double(DoubleAggregate { value, measure, kind: DoubleKind::DoubleAggregateValue })
        }
    }
}

fn presence(answer: &BlockAnswer) -> Vec<PresenceDuration> {
    let ms = |status: PresenceStatus| {
        let is_it =
            |key: Option<&Option<std::sync::Arc<str>>>| key.and_then(|key| key.as_deref()) == Some(status.word());
        let group = answer.groups.iter().find(|group| is_it(group.key.first()));
        group.and_then(|group| group.cells.first()).map_or(0, |cell| cell.sum)
    };
    let duration = |status: &PresenceStatus| {
        let word = match status {
            PresenceStatus::Available => "Available",
            PresenceStatus::Away => "Away",
            PresenceStatus::Busy => "Busy",
            PresenceStatus::Offline => "Offline",
        };
        PresenceDuration { value: ms(*status) as f64 / 1_000.0, status: Status { status: word } }
    };
    PresenceStatus::ALL.iter().map(duration).collect()
}
