//! The parameters of open.cx's three endpoints, and the question that they make.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::{Error, Lookups};
use crate::metric::{Grain, Scope, Zone};
use crate::model::period::start_of_day;
use crate::model::{FieldError, Filter, FilterAttribute, Instant, LARGEST_EXACT_NUMBER, Period, PeriodPreset};
use crate::rest::channel::{self, Vendor};
use crate::rest::external_id::{Thing, find};

/// What all three take, as it came.
#[derive(Debug, Default)]
pub struct Narrowing {
    timezone: Option<String>,
    policy_id: Option<String>,
    team_id: Option<String>,
    channel: Option<String>,
    agent_id: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// Declares the parameters of an endpoint: those of all, and its own.
macro_rules! query {
    ($name:ident { $($(#[$meta:meta])* $own:ident,)* }) => {
        /// See the module.
        #[derive(Debug, Default, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// IANA name of the zone of days and weeks
            #[param(default = "UTC", example = "Europe/Copenhagen")]
            timezone: Option<String>,
            /// Only clocks of this policy
            #[param(value_type = Option<Uuid>)]
            policy_id: Option<String>,
            /// Only this team
            #[param(value_type = Option<Uuid>)]
            team_id: Option<String>,
            /// Only this channel: web, email, phone_voice, slack, sms, whatsapp, instagram, messenger, api, web_voice or one of the workspace's own
            #[param(example = "email")]
            channel: Option<String>,
            /// Only the agent of this number
            #[param(value_type = Option<i64>, minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
            agent_id: Option<String>,
            /// Start: a date in the zone, or an instant; the start of the day 29 days ago when both are absent
            #[param(example = "2026-05-01")]
            from: Option<String>,
            /// End: a date in the zone, inclusive, or an instant, exclusive; now when absent
            #[param(example = "2026-05-31")]
            to: Option<String>,
            $($(#[$meta])* $own: Option<String>,)*
        }

        impl From<$name> for Narrowing {
            fn from(query: $name) -> Narrowing {
                Narrowing {
                    timezone: query.timezone,
                    policy_id: query.policy_id,
                    team_id: query.team_id,
                    channel: query.channel,
                    agent_id: query.agent_id,
                    from: query.from,
                    to: query.to,
                }
            }
        }
    };
}

query!(OverviewQuery {});
query!(BreakdownQuery {
    /// What groups the figures
    #[param(value_type = Grouping, required = true)]
    group_by,
});
query!(TrendQuery {
    /// Size of the buckets; weeks begin on Monday
    #[param(value_type = Option<Granularity>, default = "day")]
    granularity,
});

/// What groups figures
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OpenCxGrouping)]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    Policy,
    Team,
    Agent,
    Channel,
}

/// Size of buckets
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OpenCxGranularity)]
#[serde(rename_all = "lowercase")]
pub enum Granularity {
    Day,
    Week,
}

impl From<Grouping> for FilterAttribute {
    fn from(grouping: Grouping) -> FilterAttribute {
        match grouping {
            Grouping::Policy => FilterAttribute::SlaPolicy,
            Grouping::Team => FilterAttribute::Team,
            Grouping::Agent => FilterAttribute::Agent,
            Grouping::Channel => FilterAttribute::Channel,
        }
    }
}

impl From<Granularity> for Grain {
    fn from(granularity: Granularity) -> Grain {
        match granularity {
            Granularity::Day => Grain::Day,
            Granularity::Week => Grain::Week,
        }
    }
}

impl BreakdownQuery {
    /// What groups the figures.
    pub fn grouping(&self) -> Result<Grouping, Error> {
        let allowed = "one of policy, team, agent, channel";
        match self.group_by.as_deref() {
            Some("policy") => Ok(Grouping::Policy),
            Some("team") => Ok(Grouping::Team),
            Some("agent") => Ok(Grouping::Agent),
            Some("channel") => Ok(Grouping::Channel),
            Some(_) => Err(invalid("group_by", &format!("is not {allowed}"))),
            None => Err(invalid("group_by", &format!("is required; it is {allowed}"))),
        }
    }
}

impl TrendQuery {
    /// Size of the buckets.
    pub fn granularity(&self) -> Result<Granularity, Error> {
        match self.granularity.as_deref() {
            None | Some("day") => Ok(Granularity::Day),
            Some("week") => Ok(Granularity::Week),
            Some(_) => Err(invalid("granularity", "is neither day nor week")),
        }
    }
}

impl Narrowing {
    /// The question. What a parameter names and nobody has matches nothing.
    pub async fn scope(&self, lookups: &Lookups) -> Result<Scope, Error> {
        let zone = Zone::find(self.timezone.as_deref().unwrap_or("UTC"))?;
        let period = self.period(&zone, lookups.now())?;
        let mut filter = Filter::default();
        for (field, text, thing, attribute) in [
            ("policy_id", &self.policy_id, Thing::Policy, FilterAttribute::SlaPolicy),
            ("team_id", &self.team_id, Thing::Team, FilterAttribute::Team),
        ] {
            let Some(text) = text else { continue };
            let uuid = Uuid::try_parse(text).map_err(|_| invalid(field, "is no UUID"))?;
            filter.keep(attribute, find(lookups, thing, uuid).await?.into_iter().collect())?;
        }
        if let Some(word) = &self.channel {
            let keys = channel::find_all(lookups, Vendor::OpenCx, std::slice::from_ref(word)).await?;
            filter.keep(FilterAttribute::Channel, keys)?;
        }
        if let Some(text) = &self.agent_id {
            let number = text.parse().ok().filter(|n: &i64| n.unsigned_abs() <= LARGEST_EXACT_NUMBER.unsigned_abs());
            let number = number.ok_or_else(|| invalid("agent_id", "is no whole number within 2^53"))?;
            let found = lookups.agents_by_number(&[number]).await?;
            filter.keep(FilterAttribute::Agent, found.into_values().map(|agent| agent.id).collect())?;
        }
        Ok(Scope::resolve(&period, zone, Some(filter), lookups.now())?)
    }

    fn period(&self, zone: &Zone, now: Instant) -> Result<Period, Error> {
        if self.from.is_none() && self.to.is_none() {
            return Ok(Period::Preset(PeriodPreset::Last30Days));
        }
        let until = match &self.to {
            Some(text) => bound("to", text, zone, Side::End)?,
            None => now,
        };
        let from = match &self.from {
            Some(text) => bound("from", text, zone, Side::Start)?,
            None => until.plus_ms(-30 * 86_400 * Instant::SECOND_MS),
        };
        if from >= until {
            return Err(invalid("from", "is not before `to`"));
        }
        Ok(Period::Interval { from, until })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
}

/// The instant that a date or instant means as a bound.
fn bound(field: &str, text: &str, zone: &Zone, side: Side) -> Result<Instant, Error> {
    if let Some(instant) = Instant::parse(text) {
        return Ok(instant);
    }
    let day = text.parse::<Date>().ok().filter(|_| text.len() == "2026-05-01".len());
    let day = match side {
        Side::Start => day,
        Side::End => day.and_then(|day| day.tomorrow().ok()),
    };
    let instant = day.and_then(|day| start_of_day(day, zone.rules()));
    instant.ok_or_else(|| {
        invalid(field, "is neither a date such as 2026-05-01 nor an instant such as 2026-05-01T00:00:00Z")
    })
}

fn invalid(field: &str, reason: &str) -> Error {
    FieldError::new(field, reason).into()
}
