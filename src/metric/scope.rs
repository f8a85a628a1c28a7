//! The question behind a figure, checked and absolute: which span, in which zone, of which rows, at which now.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::bucket::{Bucket, Grain};
use super::promise::Goals;
use crate::model::period::{Period, PeriodPreset, Span, find_zone};
use crate::model::{FieldError, Filter, FilterAttribute, Instant};

/// A time zone with its name, by which it is told from others.
#[derive(Clone, Debug)]
pub struct Zone {
    name: Arc<str>,
    rules: TimeZone,
}

impl Zone {
    /// The zone of an IANA name.
    ///
    /// # Errors
    /// When there is no such zone.
    pub fn find(name: &str) -> Result<Zone, FieldError> {
        Ok(Zone { name: name.into(), rules: find_zone(name)? })
    }
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Its offsets.
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name
    }
}
impl Eq for Zone {}
impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// Where a span came from, which says what the span before it is (SEMANTICS 7.2 and 8.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A preset of one calendar unit, or its part up to now.
    Unit(Grain),
    /// So many local days up to now.
    Days(i32),
    /// An ISO 8601 duration up to now.
    Last(String),
    /// Two instants.
    Interval,
    /// A bucket of a series, the whole unit whatever the period cut off.
    Bucket(Grain),
}

/// A question without its measure. What the viewer may see is added where it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Which instants.
    pub span: Span,
    /// What kind of period that is.
    pub origin: Origin,
    /// Zone of days and hours.
    pub zone: Zone,
    /// Filters that all apply: the request's own, and one for each thing it is asked on or group it is in.
    pub filters: Vec<Arc<Filter>>,
    /// The request's now.
    pub now: Instant,
    /// Goals of a what-if about SLA clocks; `None`: those in force.
    pub goals: Option<Arc<Goals>>,
    /// Buckets that were worked out for it or for a scope that was made of it.
    pub(super) kept: KeptBuckets,
}

/// Buckets of series, which several fields of a question ask for. They are no part of it.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptBuckets(Arc<Mutex<Vec<Series>>>);

type Series = (Span, Grain, Zone, Arc<[Bucket]>);

impl KeptBuckets {
    /// Most series that are kept.
    const MOST: usize = 8;

    /// The buckets, which `make` works out unless they are known.
    pub(super) fn get(
        &self,
        (span, grain, zone): (Span, Grain, &Zone),
        make: impl FnOnce() -> Option<Vec<Bucket>>,
    ) -> Option<Arc<[Bucket]>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., buckets)) = kept.iter().find(|(of, by, at, _)| (*of, *by, at) == (span, grain, zone)) {
            return Some(Arc::clone(buckets));
        }
        let buckets: Arc<[Bucket]> = make()?.into();
        if kept.len() < KeptBuckets::MOST {
            kept.push((span, grain, zone.clone(), Arc::clone(&buckets)));
        }
        Some(buckets)
    }
}

impl PartialEq for KeptBuckets {
    fn eq(&self, _: &KeptBuckets) -> bool {
        true
    }
}
impl Eq for KeptBuckets {}
impl Hash for KeptBuckets {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Scope {
    /// A question about a period.
    ///
    /// # Errors
    /// As `Period::resolve`.
    pub fn resolve(period: &Period, zone: Zone, filter: Option<Filter>, now: Instant) -> Result<Scope, FieldError> {
        let span = period.resolve(zone.rules(), now)?;
        let origin = match period {
            Period::Preset(preset) => of_preset(*preset),
            Period::Interval { .. } => Origin::Interval,
            Period::Last(duration) => Origin::Last(duration.clone()),
        };
        Ok(Scope::whenever(zone, filter, now).during(span, origin))
    }

    /// A question about all time.
    pub fn whenever(zone: Zone, filter: Option<Filter>, now: Instant) -> Scope {
        let span = Span { from: Instant::MIN, until: Instant::MAX };
        let filters = filter.filter(|filter| !filter.terms().is_empty()).map(Arc::new).into_iter().collect();
        Scope { span, origin: Origin::Interval, zone, filters, now, goals: None, kept: KeptBuckets::default() }
    }

    /// The same question about rows with that value of an attribute, or without one.
    #[must_use]
    pub fn within(&self, attribute: FilterAttribute, value: Option<&str>) -> Scope {
        let filter = match value {
            Some(value) => Filter::only(attribute, value),
            None => Filter::without(attribute),
        };
        let mut scope = self.clone();
        scope.filters.push(Arc::new(filter));
        scope
    }

    /// The same question with only those demands that are on these attributes.
    #[must_use]
    pub fn keeping(&self, attributes: &[FilterAttribute]) -> Scope {
        let terms = self.filters.iter().flat_map(|filter| filter.terms().to_vec());
        let kept = terms.filter(|term| attributes.contains(&term.attribute));
        Scope { filters: kept.map(|term| Arc::new(Filter::of_term(term))).collect(), ..self.clone() }
    }

    /// The same question by other goals; what they leave open stays as it is.
    #[must_use]
    pub fn what_if(&self, goals: Goals) -> Scope {
        let goals = match &self.goals {
            Some(outer) => goals.or(outer),
            None => goals,
        };
        Scope { goals: Some(Arc::new(goals)), ..self.clone() }
    }

    /// The same question about another span.
    #[must_use]
    pub fn during(&self, span: Span, origin: Origin) -> Scope {
        Scope { span, origin, ..self.clone() }
    }
}

fn of_preset(preset: PeriodPreset) -> Origin {
    match preset {
        PeriodPreset::Today | PeriodPreset::Yesterday => Origin::Unit(Grain::Day),
        PeriodPreset::ThisWeek | PeriodPreset::PreviousWeek => Origin::Unit(Grain::Week),
        PeriodPreset::ThisMonth | PeriodPreset::PreviousMonth => Origin::Unit(Grain::Month),
        PeriodPreset::ThisQuarter | PeriodPreset::PreviousQuarter => Origin::Unit(Grain::Quarter),
        PeriodPreset::ThisYear | PeriodPreset::PreviousYear => Origin::Unit(Grain::Year),
        PeriodPreset::Last7Days => Origin::Days(7),
        PeriodPreset::Last30Days => Origin::Days(30),
        PeriodPreset::Last90Days => Origin::Days(90),
    }
}
