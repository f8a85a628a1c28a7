//! Rocket.Chat's overview: the titles of its two charts, in its order, and their figures.

use serde::Serialize;
use utoipa::ToSchema;

use super::Value;
use super::format::{clock, hour};
use crate::app::{Error, Lookups};
use crate::metric::{Grain, Origin, Scope, chat_overview};
use crate::model::Instant;

/// A figure with its title
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = RocketChatFigure)]
pub struct Figure {
    title: &'static str,
    value: Value,
}

/// What stands where there is nothing to name.
const NOTHING: &str = "-";

/// Which figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// How many rooms, and when.
    Conversations,
    /// How long answers took.
    Productivity,
}

impl Chart {
    /// The chart of a name.
    pub fn find(name: &str) -> Option<Chart> {
        match name {
            "Conversations" => Some(Chart::Conversations),
            "Productivity" => Some(Chart::Productivity),
            _ => None,
        }
    }

    /// Its figures.
    pub async fn load(self, lookups: &Lookups, scope: &Scope) -> Result<Vec<Figure>, Error> {
        match self {
            Chart::Conversations => conversations(lookups, scope).await,
            Chart::Productivity => productivity(lookups, scope).await,
        }
    }
}

async fn conversations(lookups: &Lookups, scope: &Scope) -> Result<Vec<Figure>, Error> {
    let limit = |error: crate::metric::TooManyBuckets| Error::Limit(error.to_string());
    let days = scope.buckets(Grain::Day).map_err(limit)?;
    let asks = [chat_overview::cases(scope), chat_overview::messages(scope).in_buckets(&days)];
    let answers = lookups.answer_each(asks).await?;
    let [cases, messages] = &answers[..] else { return Err(Error::Internal) };
    let cases = chat_overview::cases_of(cases);
    let (day, messages) = chat_overview::busiest(messages, &days);
    let busiest_hour = match day {
        None => None,
        Some(day) => {
            let within = scope.during(day.span, Origin::Bucket(Grain::Day));
            let hours = within.buckets(Grain::Hour).map_err(limit)?;
            let answer = lookups.answer_one(chat_overview::messages(&within).in_buckets(&hours)).await?;
            chat_overview::busiest(&answer, &hours).0.map(|hour| local(hour.span.from, scope).hour())
        }
    };
    let text = |text: Option<String>| Value::Text(text.unwrap_or_else(|| NOTHING.to_owned()));
    let weekday = day.map(|day| local(day.span.from, scope).strftime("%A").to_string());
    let per_day = cases.total as f64 / days.len().max(1) as f64;
    let figures = [
        ("Total_conversations", Value::Number(cases.total)),
        ("Open_conversations", Value::Number(cases.open)),
        ("On_Hold_conversations", Value::Number(cases.on_hold)),
        ("Total_messages", Value::Number(messages)),
        ("Busiest_day", text(weekday)),
        ("Conversations_per_day", Value::Text(format!("{per_day:.2}"))),
        ("Busiest_time", text(busiest_hour.map(hour))),
    ];
    Ok(figures.into_iter().map(|(title, value)| Figure { title, value }).collect())
}

async fn productivity(lookups: &Lookups, scope: &Scope) -> Result<Vec<Figure>, Error> {
    let answer = lookups.answer_one(chat_overview::productivity(scope)).await?;
    let found = chat_overview::productivity_of(&answer);
    let figures = [
        ("Avg_response_time", found.response),
        ("Avg_first_response_time", found.first_response),
        ("Avg_reaction_time", found.reaction),
    ];
    let time = |ms: Option<f64>| Value::Text(clock(ms.unwrap_or_default() / 1_000.0));
    Ok(figures.into_iter().map(|(title, ms)| Figure { title, value: time(ms) }).collect())
}

fn local(at: Instant, scope: &Scope) -> jiff::Zoned {
    at.to_timestamp().to_zoned(scope.zone.rules().clone())
}
