//! Filter values: what an attribute can be filtered by, in Dixa's words, with what it is called.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::paging::{Meta, Paging};
use crate::app::{Error, Lookups};
use crate::metric::values;
use crate::model::{ContactPoint, FilterAttribute, Page, WorkspaceId};
use crate::rest::channel::{self, Vendor};
use crate::rest::external_id::{Thing, uuid_of};

/// A value to filter by
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DixaFilterValue)]
pub struct FilterValue {
    /// The value, as filters take it
    #[schema(example = "CONTACT_FORM")]
    value: String,
    /// What it is called; absent when that is the value itself
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Contact Form")]
    label: Option<String>,
}

/// Name of the order of values: by label, then value.
const ORDER: &str = "filter_values";

/// A page of the values that rows which the viewer sees have.
pub async fn load(
    lookups: &Lookups,
    attribute: FilterAttribute,
    paging: &Paging<'_>,
) -> Result<(Vec<FilterValue>, Meta), Error> {
    let (found, is_fixed) = match values::fixed(attribute) {
        Some(fixed) => (fixed, true),
        None => (used(lookups, attribute).await?, false),
    };
    let labels = lookups.labels(attribute, &found).await?;
    let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
    let points = match attribute {
        FilterAttribute::ContactPoint if !ids.is_empty() => lookups.contact_points(&ids).await?,
        _ => HashMap::new(),
    };
    let workspace = &lookups.viewer().workspace;
    let mut all: Vec<(String, Arc<str>, FilterValue)> = Vec::with_capacity(found.len());
    for ours in found {
        let value = written(workspace, attribute, &ours, &points);
        let label = match attribute {
            FilterAttribute::Channel | FilterAttribute::InitialChannel => channel::dixa_label(&ours).map(str::to_owned),
            _ => None,
        };
        let label = label.or_else(|| labels.get(&ours).cloned()).filter(|label| *label != value);
        all.push((label.as_ref().unwrap_or(&value).to_lowercase(), ours, FilterValue { value, label }));
    }
    // Of contact points with one address all are meant by it.
    let mut known = HashSet::new();
    all.retain(|(_, _, of)| known.insert(of.value.clone()));
    if !is_fixed {
        all.sort_by(|(a_label, a, _), (b_label, b, _)| (a_label, a).cmp(&(b_label, b)));
    }
    let page = paging.window.page_by_text(&all, ORDER, |(label, ours, _)| (label.clone(), ours.to_string()))?;
    let Page { items, has_next, has_previous } = page;
    let items = items.into_iter().map(|(cursor, (_, _, value))| (cursor, value)).collect();
    paging.finish(Page { items, has_next, has_previous })
}

async fn used(lookups: &Lookups, attribute: FilterAttribute) -> Result<Vec<Arc<str>>, Error> {
    let mut asks = values::asks(attribute, lookups.now())?;
    asks.retain(|ask| lookups.may_see(ask.kind));
    let answers = lookups.answer_each(asks).await?;
    Ok(values::of(answers.iter().map(|answer| &**answer)))
}

/// A value of ours as Dixa writes it.
fn written(
    workspace: &WorkspaceId,
    attribute: FilterAttribute,
    ours: &str,
    points: &HashMap<String, ContactPoint>,
) -> String {
    let uuid = |thing| uuid_of(workspace, thing, ours).to_string();
    match attribute {
        FilterAttribute::Queue => uuid(Thing::Queue),
        FilterAttribute::Team => uuid(Thing::Team),
        FilterAttribute::SlaPolicy => uuid(Thing::Policy),
        FilterAttribute::Channel | FilterAttribute::InitialChannel => channel::write(Vendor::Dixa, ours).to_owned(),
        FilterAttribute::InitialDirection | FilterAttribute::Status => ours.to_uppercase(),
        FilterAttribute::ContactPoint => {
            points.get(ours).and_then(|point| point.address.clone()).unwrap_or_else(|| ours.to_owned())
        }
        _ => ours.to_owned(),
    }
}
