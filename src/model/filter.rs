//! Filters: which rows a question is about, by the attributes that every row of a case carries.
//!
//! Values of one attribute are alternatives; several terms all apply; an empty list matches nothing, excluding an empty list excludes
//! nothing; rows without a value stay under an exclusion.

use super::{CaseStatus, Direction, FieldError, words};

/// Most values of one term.
pub const MAX_FILTER_VALUES: usize = 100;
/// Longest value, in characters.
const MAX_VALUE_CHARS: usize = 1_000;

words! {
    /// What rows can be filtered by.
    FilterAttribute {
        /// Agent; of a case the assignee now.
        Agent = "agent",
        /// Team.
        Team = "team",
        /// Queue.
        Queue = "queue",
        /// Channel now.
        Channel = "channel",
        /// Channel of the first contact.
        InitialChannel = "initial_channel",
        /// Who started the contact.
        InitialDirection = "initial_direction",
        /// Any of the case's tags.
        Tag = "tag",
        /// Address the case came in by.
        ContactPoint = "contact_point",
        /// Policy the case is under.
        SlaPolicy = "sla_policy",
        /// Priority.
        Priority = "priority",
        /// Type of the case.
        CaseType = "case_type",
        /// Category of the status.
        Status = "status",
        /// Customer whose case it is.
        Requester = "requester",
        /// Hour of the day in the question's zone, 0 to 23.
        HourOfDay = "hour_of_day",
        /// Day of the week in the question's zone, 1 Monday to 7 Sunday.
        DayOfWeek = "day_of_week",
    }
}

impl FilterAttribute {
    /// Its name as an input field: `hourOfDay`.
    pub fn field_name(self) -> String {
        let mut name = String::new();
        for (i, part) in self.word().split('_').enumerate() {
            match part.chars().next() {
                Some(first) if i > 0 => {
                    name.push(first.to_ascii_uppercase());
                    name.push_str(&part[1..]);
                }
                _ => name.push_str(part),
            }
        }
        name
    }

    /// What it means, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            FilterAttribute::Agent => "Agent whom the row is credited to; of a case the assignee now",
            FilterAttribute::Team => "Team whom the row is credited to; of a case the one that has it now",
            FilterAttribute::Queue => "Queue of the row; of a case the one it is in now",
            FilterAttribute::Channel => "Channel of the case now",
            FilterAttribute::InitialChannel => "Channel of the first contact",
            FilterAttribute::InitialDirection => "Who started the contact: inbound or outbound",
            FilterAttribute::Tag => "Any of the case's tags now",
            FilterAttribute::ContactPoint => "Address the case came in by",
            FilterAttribute::SlaPolicy => "SLA policy of the case now; of an SLA clock its own",
            FilterAttribute::Priority => "Priority of the case now",
            FilterAttribute::CaseType => "Type of the case now",
            FilterAttribute::Status => "Category of the case's status now; of the backlog the one at the instant",
            FilterAttribute::Requester => "Customer whose case it is",
            FilterAttribute::HourOfDay => {
                "Hour of the day, 0 to 23, of the row's instant in the time zone of the question"
            }
            FilterAttribute::DayOfWeek => {
                "Day of the week, 1 Monday to 7 Sunday, of the row's instant in the time zone of the question"
            }
        }
    }

    fn check(self, value: &str) -> Result<(), &'static str> {
        let within = |low: i64, high: i64| value.parse().is_ok_and(|n: i64| (low..=high).contains(&n));
        match self {
            FilterAttribute::HourOfDay if !within(0, 23) => Err("takes hours from 0 to 23"),
            FilterAttribute::DayOfWeek if !within(1, 7) => Err("takes days from 1 (Monday) to 7 (Sunday)"),
            FilterAttribute::Status if CaseStatus::from_word(value).is_none() => {
                Err("takes new, open, pending, on_hold, resolved and closed")
            }
            FilterAttribute::InitialDirection if Direction::from_word(value).is_none() => {
                Err("takes inbound and outbound")
            }
            _ if value.chars().count() > MAX_VALUE_CHARS => Err("takes values of at most 1000 characters"),
            _ => Ok(()),
        }
    }
}

/// What a term demands of its attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// One of these values; of none, nothing matches.
    In(Vec<String>),
    /// None of these values; rows without a value match.
    NotIn(Vec<String>),
    /// No value.
    Unset,
    /// Any value.
    Set,
}

/// One demand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FilterTerm {
    /// Of which attribute.
    pub attribute: FilterAttribute,
    /// What.
    pub test: Test,
}

/// Demands that all apply. The default matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    terms: Vec<FilterTerm>,
}

/// What makes a filter unusable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A value that the attribute cannot have.
    #[error(transparent)]
    Invalid(#[from] FieldError),
    /// More values than a term may have.
    #[error("filter.{field} has {values} values; at most {MAX_FILTER_VALUES} are allowed")]
    TooMany {
        /// Name of the input field.
        field: String,
        /// How many it has.
        values: usize,
    },
}

impl Filter {
    /// The demands but for those on one attribute, and those.
    pub fn split(&self, attribute: FilterAttribute) -> (Filter, Vec<FilterTerm>) {
        let (of, terms) = self.terms.iter().cloned().partition(|term| term.attribute == attribute);
        (Filter { terms }, of)
    }

    /// Its terms.
    pub fn terms(&self) -> &[FilterTerm] {
        &self.terms
    }

    /// Keeps only rows whose `attribute` is one of `values`, each as text: an id, a word, a number.
    ///
    /// # Errors
    /// `TooMany` over 100 values, `Invalid` for a value that the attribute cannot have.
    pub fn keep(&mut self, attribute: FilterAttribute, values: Vec<String>) -> Result<(), FilterError> {
        let values = checked(attribute, values)?;
        self.terms.push(FilterTerm { attribute, test: Test::In(values) });
        Ok(())
    }

    /// Drops rows whose `attribute` is one of `values`; of tags, rows with any of them.
    ///
    /// # Errors
    /// As `keep`.
    pub fn exclude(&mut self, attribute: FilterAttribute, values: Vec<String>) -> Result<(), FilterError> {
        let values = checked(attribute, values)?;
        self.terms.push(FilterTerm { attribute, test: Test::NotIn(values) });
        Ok(())
    }

    /// Keeps only rows without a value of `attribute`.
    pub fn unset(&mut self, attribute: FilterAttribute) {
        let term = FilterTerm { attribute, test: Test::Unset };
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }

    /// A filter of one demand that was part of another.
    pub fn of_term(term: FilterTerm) -> Filter {
        Filter { terms: vec![term] }
    }

    /// Keeps only rows without a value of `attribute`.
    pub fn without(attribute: FilterAttribute) -> Filter {
        Filter { terms: vec![FilterTerm { attribute, test: Test::Unset }] }
    }

    /// Keeps only rows whose `attribute` is none of `values`, known to be ones it can have, and that have one unless `keeps_unset`.
    pub fn beyond(attribute: FilterAttribute, mut values: Vec<String>, keeps_unset: bool) -> Filter {
        values.sort();
        values.dedup();
        let mut terms = vec![FilterTerm { attribute, test: Test::NotIn(values) }];
        if !keeps_unset {
            terms.push(FilterTerm { attribute, test: Test::Set });
        }
        Filter { terms }
    }

    /// Keeps only rows whose `attribute` is `value`, known to be one it can have.
    pub fn only(attribute: FilterAttribute, value: &str) -> Filter {
        Filter { terms: vec![FilterTerm { attribute, test: Test::In(vec![value.to_owned()]) }] }
    }
}

fn checked(attribute: FilterAttribute, mut values: Vec<String>) -> Result<Vec<String>, FilterError> {
    if values.len() > MAX_FILTER_VALUES {
        return Err(FilterError::TooMany { field: attribute.field_name(), values: values.len() });
    }
    for value in &values {
        attribute
            .check(value)
            .map_err(|reason| FieldError::new(format!("filter.{}", attribute.field_name()), reason))?;
    }
    values.sort();
    values.dedup();
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_that_the_attribute_can_have() {
        let check = |attribute: FilterAttribute, value: &str, expected: Result<(), &str>| {
            let found = Filter::default().keep(attribute, vec![value.to_owned()]).map_err(|error| error.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{attribute} {value}");
        };
        check(FilterAttribute::HourOfDay, "0", Ok(()));
        check(FilterAttribute::HourOfDay, "23", Ok(()));
        check(FilterAttribute::HourOfDay, "24", Err("filter.hourOfDay: takes hours from 0 to 23"));
        check(FilterAttribute::HourOfDay, "-1", Err("filter.hourOfDay: takes hours from 0 to 23"));
        check(FilterAttribute::DayOfWeek, "7", Ok(()));
        check(FilterAttribute::DayOfWeek, "0", Err("filter.dayOfWeek: takes days from 1 (Monday) to 7 (Sunday)"));
        check(FilterAttribute::Status, "on_hold", Ok(()));
        check(
            FilterAttribute::InitialDirection,
            "sideways",
            Err("filter.initialDirection: takes inbound and outbound"),
        );
        check(FilterAttribute::Priority, "whatever the source says", Ok(()));
        assert!(Filter::default().keep(FilterAttribute::Status, vec!["done".to_owned()]).is_err());
        assert!(Filter::default().exclude(FilterAttribute::Tag, vec!["x".repeat(1_001)]).is_err());
    }

    #[test]
    fn terms_are_bounded_and_kept_sorted_once() {
        let mut filter = Filter::default();
        let many = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        let error = filter.keep(FilterAttribute::Agent, many(101)).unwrap_err();
        assert_eq!(error.to_string(), "filter.agent has 101 values; at most 100 are allowed");
        filter.exclude(FilterAttribute::ContactPoint, vec!["b".into(), "a".into(), "b".into()]).unwrap();
        filter.keep(FilterAttribute::Agent, many(100)).unwrap();
        assert_eq!(filter.terms()[0].test, Test::NotIn(vec!["a".into(), "b".into()]));
        assert_eq!(filter.terms().len(), 2);
    }
}
