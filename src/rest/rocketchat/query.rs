//! The parameters of Rocket.Chat's endpoints, and the question that they make.

use axum::extract::Query as UrlQuery;
use axum::http::Uri;
use jiff::civil::Date;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{Error, Lookups};
use crate::metric::{Scope, Zone};
use crate::model::period::start_of_day;
use crate::model::{Filter, FilterAttribute, Period};
use crate::rest::external_id::{Thing, find};

/// How a text about wrong parameters ends.
pub const INVALID: &str = "[invalid-params]";

/// Declares what the description says of an endpoint's parameters; they are read by hand, since their errors are the vendor's.
macro_rules! described {
    ($name:ident, $names:literal) => {
        /// See the module.
        #[derive(IntoParams)]
        #[into_params(parameter_in = Query)]
        #[allow(dead_code, reason = "for the description only")]
        pub struct $name {
            #[doc = $names]
            #[param(required = true)]
            name: String,
            /// First day, in the workspace's zone; what stands behind the date is not looked at
            #[param(required = true, example = "2026-05-01T00:00:00.000Z")]
            from: String,
            /// Last day, inclusive
            #[param(required = true, example = "2026-05-31T00:00:00.000Z")]
            to: String,
            /// Only rooms of this department: id of a team
            #[param(rename = "departmentId")]
            department_id: Option<String>,
        }
    };
}

described!(
    AgentOverviewParameters,
    "Total_conversations, Avg_chat_duration, Total_messages, Avg_first_response_time, Best_first_response_time, Avg_response_time or \
     Avg_reaction_time"
);
described!(OverviewParameters, "Conversations or Productivity");

/// The parameters, there and known, but not looked into.
#[derive(Debug)]
pub struct Query {
    /// What is asked.
    pub name: String,
    from: String,
    to: String,
    department: Option<String>,
}

/// Why parameters make no question.
pub enum Wrong {
    /// A date that cannot be read, which Rocket.Chat answers as it does an unknown name.
    Dates,
    /// All else.
    Else(Error),
}

impl<E: Into<Error>> From<E> for Wrong {
    fn from(error: E) -> Wrong {
        Wrong::Else(error.into())
    }
}

impl Query {
    /// Reads the parameters of a URL.
    pub fn read(uri: &Uri) -> Result<Query, Error> {
        let refused = |text: &str| Error::Invalid(format!("{text} {INVALID}"));
        let UrlQuery(pairs) = UrlQuery::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| refused("parameters of the URL cannot be read"))?;
        let known = ["name", "from", "to", "departmentId"];
        let mut values = [const { None }; 4];
        for (name, value) in pairs {
            match known.iter().position(|of| *of == name) {
                Some(place) if values[place].is_none() => values[place] = Some(value),
                Some(_) => return Err(refused(&format!("must have property '{name}' once"))),
                None => return Err(refused("must NOT have additional properties")),
            }
        }
        let [name, from, to, department] = values;
        let need = |value: Option<String>, name: &str| {
            value.ok_or_else(|| refused(&format!("must have required property '{name}'")))
        };
        let (name, from, to) = (need(name, "name")?, need(from, "from")?, need(to, "to")?);
        if name.is_empty() {
            return Err(Error::Invalid("invalid-chart-name".to_owned()));
        }
        let department = department.filter(|id| !["", "undefined", "null"].contains(&id.as_str()));
        Ok(Query { name, from, to, department })
    }

    /// The question: rooms created from the first day on until the last one ends.
    pub async fn scope(&self, lookups: &Lookups) -> Result<Scope, Wrong> {
        let (Some(from), Some(to)) = (day(&self.from), day(&self.to)) else { return Err(Wrong::Dates) };
        let zone = Zone::find(&lookups.workspace().await?.workspace.timezone)?;
        let start = |day: Date| start_of_day(day, zone.rules()).ok_or(Wrong::Dates);
        let (from, until) = (start(from)?, start(to.tomorrow().map_err(|_| Wrong::Dates)?)?);
        let mut filter = Filter::default();
        if let Some(id) = &self.department {
            let team = match Uuid::try_parse(id) {
                Ok(uuid) => find(lookups, Thing::Team, uuid).await?.unwrap_or_else(|| id.clone()),
                Err(_) => id.clone(),
            };
            filter.keep(FilterAttribute::Team, vec![team])?;
        }
        if from >= until {
            // Nothing is created in no time.
            let empty = Period::Interval { from, until: from.plus_ms(1) };
            filter.keep(FilterAttribute::Team, Vec::new())?;
            return Ok(Scope::resolve(&empty, zone, Some(filter), lookups.now())?);
        }
        Ok(Scope::resolve(&Period::Interval { from, until }, zone, Some(filter), lookups.now())?)
    }
}

/// The date that a text begins with.
fn day(text: &str) -> Option<Date> {
    text.get(..10).and_then(|date| date.parse().ok())
}
