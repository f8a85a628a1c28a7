//! What values of attributes are called.

use std::collections::HashMap;
use std::sync::Arc;

use super::Lookups;
use crate::app::Error;
use crate::model::{FilterAttribute, SlaPolicy};

impl Lookups {
    /// What values of an attribute are called, by value; what has no name is called by its value.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`.
    pub async fn labels(
        &self,
        attribute: FilterAttribute,
        values: &[Arc<str>],
    ) -> Result<HashMap<Arc<str>, String>, Error> {
        let ids: Vec<String> = values.iter().map(ToString::to_string).collect();
        let names = match ids.is_empty() {
            true => HashMap::new(),
            false => self.names(attribute, &ids).await?,
        };
        let label = |value: &Arc<str>| names.get(&**value).cloned().unwrap_or_else(|| word_label(attribute, value));
        Ok(values.iter().map(|value| (Arc::clone(value), label(value))).collect())
    }

    async fn names(&self, attribute: FilterAttribute, ids: &[String]) -> Result<HashMap<String, String>, Error> {
        Ok(match attribute {
            FilterAttribute::Agent => named(self.agents(ids).await?, |agent| Some(agent.name)),
            FilterAttribute::Team => named(self.teams(ids).await?, |team| Some(team.name)),
            FilterAttribute::Queue => named(self.queues(ids).await?, |queue| Some(queue.name)),
            FilterAttribute::Tag => named(self.tags(ids).await?, |tag| Some(tag.name)),
            FilterAttribute::Channel | FilterAttribute::InitialChannel => {
                named(self.channels(ids).await?, |channel| Some(channel.label))
            }
            FilterAttribute::ContactPoint => named(self.contact_points(ids).await?, |point| Some(point.label)),
            FilterAttribute::Requester => named(self.customers(ids).await?, |customer| customer.name),
            FilterAttribute::SlaPolicy => named(self.policies(ids).await?, |versions| Some(newest(versions)?.name)),
            _ => HashMap::new(),
        })
    }
}

fn named<T>(found: HashMap<String, T>, name: impl Fn(T) -> Option<String>) -> HashMap<String, String> {
    found.into_iter().filter_map(|(id, thing)| Some((id, name(thing)?))).collect()
}

fn newest(versions: Vec<SlaPolicy>) -> Option<SlaPolicy> {
    versions.into_iter().max_by_key(|version| version.from)
}

/// What words and numbers are called.
pub fn word_label(attribute: FilterAttribute, value: &str) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    match attribute {
        FilterAttribute::DayOfWeek => {
            let day = value.parse::<usize>().ok().and_then(|day| DAYS.get(day.checked_sub(1)?));
            day.map_or_else(|| value.to_owned(), |day| (*day).to_owned())
        }
        FilterAttribute::HourOfDay => format!("{value:0>2}:00"),
        FilterAttribute::Status | FilterAttribute::InitialDirection => {
            let text = value.replace('_', " ");
            let mut letters = text.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
        _ => value.to_owned(),
    }
}
