//! Random scans of all that can be asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::world::{DAYS, KINDS, Sort, columns, start, values};
use crate::engine::source::{attribute_domain, domain};
use crate::metric::bucket::buckets;
use crate::metric::{
    Block, Condition, Credit, Grain, GroupBy, Measured, Percentile, Placed, Scan, Selection, Value, Window, Zone,
};
use crate::model::{Filter, FilterAttribute, Instant, Span};
use crate::record::{Domain, RecordKind};

pub const ZONES: [&str; 4] = ["UTC", "Europe/Copenhagen", "Australia/Lord_Howe", "Asia/Kathmandu"];

pub fn scan(random: &mut StdRng) -> Scan {
    let kind = *KINDS.choose(random).unwrap();
    let blocks = random.random_range(1..=3);
    Scan { kind, blocks: (0..blocks).map(|_| block(random, kind)).collect() }
}

fn block(random: &mut StdRng, kind: RecordKind) -> Block {
    let selection = selection(random, kind);
    let group_by = (0..*[0, 0, 1, 1, 2, 3].choose(random).unwrap()).map(|_| group(random, kind)).collect();
    let measures = (0..random.random_range(1..=4)).map(|_| measured(random, kind)).collect();
    Block { selection, group_by, measures }
}

pub fn selection(random: &mut StdRng, kind: RecordKind) -> Selection {
    let placed: &[Placed] = match kind {
        RecordKind::Case => &[Placed::At("created_at"), Placed::At("last_reopened_at"), Placed::Now],
        RecordKind::SlaClock => &[Placed::At("created_at"), Placed::At("due_at"), Placed::Now],
        RecordKind::StatusSpell => {
            &[Placed::Standing, Placed::Overlap, Placed::At("from_at"), Placed::At("created_at")]
        }
        _ => &[Placed::Overlap, Placed::Now, Placed::Standing],
    };
    let credit: &[Credit] = match kind {
        RecordKind::Case => &[
            Credit::Now,
            Credit::Then { agent: "first_responder", team: "first_response_team", queue: "first_response_queue" },
            Credit::Then { agent: "assignee", team: "team", queue: "queue" },
        ],
        RecordKind::Presence => &[Credit::Presence],
        _ => &[Credit::ROW, Credit::Now],
    };
    let zone = Zone::find(ZONES.choose(random).unwrap()).unwrap();
    let placed = *placed.choose(random).unwrap();
    let window = if placed == Placed::Now { Window::All } else { window(random, &zone) };
    let teams = || values(Domain::Team).into_iter().chain(["nobody".to_owned()]);
    let visible = random.random_bool(0.3);
    Selection {
        placed,
        window,
        filters: (0..random.random_range(0..=2)).map(|_| Arc::new(filter(random, kind))).collect(),
        visible_teams: visible.then(|| Arc::new(teams().filter(|_| random.random_bool(0.6)).collect::<BTreeSet<_>>())),
        credit: *credit.choose(random).unwrap(),
        zone,
        now: instant(random),
    }
}

fn instant(random: &mut StdRng) -> Instant {
    Instant::from_ms(start() + random.random_range(-24..DAYS * 24 + 24) * 3_600_000)
}

fn window(random: &mut StdRng, zone: &Zone) -> Window {
    let mut bounds = [instant(random), instant(random)];
    bounds.sort();
    let span = Span { from: bounds[0], until: bounds[1] };
    match random.random_range(0..5) {
        0 => Window::All,
        1 => Window::Spans([span].into()),
        2 => {
            // Apart, some empty.
            let mut edges: Vec<Instant> = (0..8).map(|_| instant(random)).collect();
            edges.sort();
            edges[5] = edges[4];
            Window::Spans(edges.chunks(2).map(|pair| Span { from: pair[0], until: pair[1] }).collect())
        }
        _ => {
            let grain = *[Grain::Hour, Grain::Day, Grain::Week].choose(random).unwrap();
            Window::Spans(buckets(span, grain, zone).unwrap().iter().map(|bucket| bucket.span).collect())
        }
    }
}

fn filter(random: &mut StdRng, kind: RecordKind) -> Filter {
    let mut filter = Filter::default();
    for _ in 0..random.random_range(1..=2) {
        let attribute = match kind {
            RecordKind::Presence => *[FilterAttribute::Agent, FilterAttribute::Team].choose(random).unwrap(),
            _ => *FilterAttribute::ALL.choose(random).unwrap(),
        };
        let mut some = |all: Vec<String>| {
            let chance = *[0.2, 0.5, 0.9].choose(random).unwrap();
            all.into_iter().filter(|_| random.random_bool(chance)).collect::<Vec<_>>()
        };
        let numbers = |range: std::ops::RangeInclusive<i32>| range.map(|number| number.to_string()).collect();
        let values = some(match attribute {
            FilterAttribute::HourOfDay => numbers(0..=23),
            FilterAttribute::DayOfWeek => numbers(1..=7),
            FilterAttribute::Tag => ["red", "green", "blue", "unseen"].map(str::to_owned).to_vec(),
            FilterAttribute::Status => ["new", "open", "pending", "closed"].map(str::to_owned).to_vec(),
            FilterAttribute::InitialDirection => ["inbound", "outbound"].map(str::to_owned).to_vec(),
            _ => [values(attribute_domain(attribute).unwrap()), vec!["unseen".to_owned()]].concat(),
        });
        match random.random_range(0..5) {
            0..=1 => filter.keep(attribute, values).unwrap(),
            2..=3 => filter.exclude(attribute, values).unwrap(),
            _ => filter.unset(attribute),
        }
    }
    filter
}

fn group(random: &mut StdRng, kind: RecordKind) -> GroupBy {
    let texts: Vec<&'static str> =
        columns(kind).iter().filter(|(name, _)| domain(kind, name).is_some()).map(|(name, _)| *name).collect();
    if random.random_bool(0.3) {
        return GroupBy::Column(texts.choose(random).unwrap());
    }
    if kind == RecordKind::Presence {
        return GroupBy::Attribute(*[FilterAttribute::Agent, FilterAttribute::Team].choose(random).unwrap());
    }
    if random.random_bool(0.1) {
        return GroupBy::PolicyEver;
    }
    GroupBy::Attribute(*FilterAttribute::ALL.choose(random).unwrap())
}

fn measured(random: &mut StdRng, kind: RecordKind) -> Measured {
    let value = match random.random_range(0..6) {
        0 => Value::Count,
        1 => Value::Share(conditions(random, kind)),
        2 => Value::RowsPerAgent,
        3 => Value::Cases,
        4 if matches!(kind, RecordKind::StatusSpell | RecordKind::Presence) => Value::Overlap,
        _ => Value::Column(numbers(kind).choose(random).unwrap()),
    };
    let mut percentiles: Vec<Percentile> = [0.0, 12.5, 50.0, 90.0, 100.0]
        .iter()
        .filter(|_| random.random_bool(0.4))
        .map(|percent| Percentile::of(*percent).unwrap())
        .collect();
    percentiles.sort();
    Measured { rows: conditions(random, kind), value, percentiles }
}

fn numbers(kind: RecordKind) -> Vec<&'static str> {
    let own = columns(kind).iter().filter(|(_, sort)| matches!(sort, Sort::Number)).map(|(name, _)| *name);
    match kind {
        RecordKind::StatusSpell => own.chain(["created_at", "from_at"]).collect(),
        RecordKind::Presence => own.chain(["from_at"]).collect(),
        _ => own.chain(["created_at"]).collect(),
    }
}

pub fn conditions(random: &mut StdRng, kind: RecordKind) -> Vec<Condition> {
    use Condition::{Any, AtLeast, AtMost, Has, Is, IsNot, Lacks, OneOf, Past};
    let status = OneOf("status", &["new", "open", "unseen"]);
    let all: Vec<Condition> = match kind {
        RecordKind::Case => vec![
            status,
            Is("was_resolved"),
            Lacks("assignee"),
            Has("first_response"),
            AtLeast("first_response", 100),
            AtMost("first_response", 1_000),
            Past("created_at"),
            Any(&[Past("last_reopened_at"), OneOf("channel", &["channel1"]), Lacks("first_responder")]),
        ],
        RecordKind::SlaClock => vec![
            status,
            IsNot("is_left_out"),
            Any(&[Is("is_completed"), Past("due_at")]),
            OneOf("metric", &["first_reply"]),
            Has("policy"),
            Has("team"),
            AtMost("counted", 9),
            Lacks("due_at"),
            Has("is_completed"),
        ],
        RecordKind::StatusSpell => {
            vec![status, Lacks("until_at"), Past("until_at"), Past("created_at"), OneOf("priority", &["priority1"])]
        }
        _ => {
            vec![OneOf("status", &["new", "away"]), Lacks("until_at"), Has("agent"), Past("from_at"), Lacks("from_at")]
        }
    };
    let mut some: Vec<Condition> = all.into_iter().filter(|_| random.random_bool(0.2)).collect();
    if kind != RecordKind::Presence && random.random_bool(0.2) {
        some.push(Condition::Under(["slapolicy1".to_owned(), "unseen".to_owned()].into()));
    }
    if kind != RecordKind::Presence && random.random_bool(0.1) {
        some.push(Condition::OfCases((0..random.random_range(0..40)).map(|slot| format!("c{slot}")).collect()));
    }
    if random.random_bool(0.2) {
        let time = super::super::chunk::time_column(kind);
        some.push(Condition::Either([vec![Condition::NotPast(time)], some.clone()].into()));
    }
    some
}
