//! Small objects whose values are at hand, such as the points of a series: they are put into the answer as they are. The library makes a
//! future of each field of each of them, which is most of what a long series takes. What asks for more goes through the library.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value};

/// An object that has the values of some of its fields at hand.
pub trait Ready {
    /// The value of a field, the same that the library would give it; `None` when it is not at hand.
    fn ready(&self, field: &Field) -> Option<Value>;
}

/// The values that a selection asks for; `None` when one is not at hand, or it is more than a list of fields.
pub fn object(of: &impl Ready, asked: &SelectionSet) -> Option<Value> {
    let mut values = IndexMap::with_capacity(asked.items.len());
    for selection in &asked.items {
        let Selection::Field(field) = &selection.node else { return None };
        let value = of.ready(&field.node).filter(|_| field.node.directives.is_empty())?;
        if values.insert(field.node.response_key().node.clone(), value).is_some() {
            // Asked for in parts.
            return None;
        }
    }
    Some(Value::Object(values))
}

/// As `object`, of each object of a list.
pub fn list<R: Ready>(of: impl Iterator<Item = R>, asked: &SelectionSet) -> Option<Value> {
    of.map(|of| object(&of, asked)).collect::<Option<_>>().map(Value::List)
}

/// What is asked of the object or list that a field gives.
pub fn asked<'a>(ctx: &Context<'a>) -> &'a SelectionSet {
    &ctx.item.node.selection_set.node
}

/// Such an object or a list of them: the values that are asked, or what the library makes values of. `T` is how the schema has it.
pub enum Shown<T> {
    /// All values are at hand. They are taken out when they are put into the answer, which happens once.
    AtHand(Mutex<Value>),
    /// Some are not.
    Made(T),
}

impl<T> Shown<T> {
    /// A value, or where it is not at hand, what `make` makes.
    pub fn new(value: Option<Value>, make: impl FnOnce() -> T) -> Shown<T> {
        value.map_or_else(|| Shown::Made(make()), |value| Shown::AtHand(Mutex::new(value)))
    }
}

impl<T: OutputType> OutputType for Shown<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match self {
            Shown::AtHand(value) => Ok(std::mem::take(&mut *value.lock().unwrap_or_else(PoisonError::into_inner))),
            Shown::Made(made) => made.resolve(ctx, field).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::DocumentOperations;

    use super::*;
    use crate::graphql::dimension::DimensionKey;
    use crate::graphql::metric::DurationMetric;
    use crate::graphql::metric::testing::first_responses;
    use crate::model::FilterAttribute;

    fn check(of: &impl Ready, asked: &str, expected: Option<&str>) {
        let DocumentOperations::Single(operation) = parse_query(asked).unwrap().operations else { panic!("{asked}") };
        let found = object(of, &operation.node.selection_set.node);
        let found = found.map(|found| serde_json::to_string(&found).unwrap());
        assert_eq!(found.as_deref(), expected, "{asked}");
    }

    #[test]
    fn values_at_hand_are_given_and_nothing_else() {
        let key = DimensionKey::new(FilterAttribute::Agent, Some("a1".into()), "Ann".to_owned());
        check(&key, "{ l: label value isOthers }", Some(r#"{"l":"Ann","value":"a1","isOthers":false}"#));
        for other in
            ["{ label label }", "{ ... { label } }", "{ __typename }", "{ label @other }", "{ subject { id } }"]
        {
            check(&key, other, None);
        }
        // Of a median of a second and a half.
        let metric = first_responses(1_500.0);
        let metric = metric.at_hand(DurationMetric::at_hand);
        check(&metric, "{ median p: percentile(p: 50) }", Some(r#"{"median":1.5,"p":1.5}"#));
        check(&metric, "{ percentile(p: 90) }", None);
        check(&metric, "query($p: Float!) { percentile(p: $p) }", None);
        check(&metric, "{ average sampleSize }", Some(r#"{"average":null,"sampleSize":0}"#));
    }
}
