//! Random worlds: cases and rows as plain values, and the same as a snapshot of several chunks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::buffer::BooleanBuffer;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::engine::cases::{ATTRIBUTES, Cases, PAGE, Page};
use crate::engine::chunk::{Chunk, Live, Table};
use crate::engine::column::{Codes, Column, Numbers};
use crate::engine::dictionary::{Dictionaries, Dictionary};
use crate::engine::ids::CaseIds;
use crate::engine::snapshot::{Snapshot, serial};
use crate::engine::source::{attribute_domain, domain};
use crate::model::{FilterAttribute, Instant};
use crate::record::{Domain, RecordKind};

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Flag(bool),
}

#[derive(Clone, Debug)]
pub struct Row {
    pub time: i64,
    pub slot: u32,
    pub ordinal: u16,
    pub is_dead: bool,
    pub values: BTreeMap<&'static str, Value>,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub created_at: i64,
    pub texts: BTreeMap<FilterAttribute, Option<String>>,
    pub tags: Vec<String>,
    pub policies: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct World {
    pub cases: Vec<Case>,
    pub rows: Vec<(RecordKind, Vec<Row>)>,
    /// By agent.
    pub teams: BTreeMap<String, Vec<String>>,
    pub snapshot: Snapshot,
}

/// Sorts of columns: texts, numbers that may be missing, flags.
#[derive(Clone, Copy, Debug)]
pub enum Sort {
    Text,
    Number,
    Flag,
}

pub const KINDS: [RecordKind; 4] =
    [RecordKind::Case, RecordKind::SlaClock, RecordKind::StatusSpell, RecordKind::Presence];

/// Columns of a kind's own besides its time.
pub fn columns(kind: RecordKind) -> &'static [(&'static str, Sort)] {
    use Sort::{Flag, Number, Text};
    match kind {
        RecordKind::Case => &[
            ("status", Text),
            ("was_resolved", Flag),
            ("last_reopened_at", Number),
            ("first_response", Number),
            ("first_responder", Text),
            ("first_response_team", Text),
            ("first_response_queue", Text),
        ],
        RecordKind::SlaClock => &[
            ("metric", Text),
            ("policy", Text),
            ("is_completed", Flag),
            ("is_left_out", Flag),
            ("due_at", Number),
            ("counted", Number),
            ("agent", Text),
            ("team", Text),
            ("queue", Text),
        ],
        RecordKind::StatusSpell => {
            &[("until_at", Number), ("status", Text), ("agent", Text), ("team", Text), ("queue", Text)]
        }
        _ => &[("until_at", Number), ("status", Text)],
    }
}

/// The beginning of all worlds: a little before clocks go forward in Copenhagen and back on Lord Howe.
pub fn start() -> i64 {
    Instant::parse("2026-03-20T00:00:00Z").unwrap().ms()
}

pub const DAYS: i64 = 20;

/// Values of a domain.
pub fn values(of: Domain) -> Vec<String> {
    match of {
        Domain::Word => {
            ["new", "open", "pending", "resolved", "first_reply", "resolution", "inbound", "outbound", "away"]
                .map(str::to_owned)
                .to_vec()
        }
        _ => (0..5).map(|number| format!("{of:?}{number}").to_lowercase()).collect(),
    }
}

fn text(random: &mut StdRng, of: Domain) -> Option<String> {
    if random.random_bool(0.2) { None } else { values(of).choose(random).cloned() }
}

fn instant(random: &mut StdRng) -> i64 {
    let minute = random.random_range(0..DAYS * 1_440);
    // Often just on the hour, where buckets meet.
    start()
        + if random.random_bool(0.3) {
            minute / 60 * 3_600_000
        } else {
            minute * 60_000 + random.random_range(0..60_000)
        }
}

fn number(random: &mut StdRng, name: &str, wide: u32) -> Option<i64> {
    if random.random_bool(0.25) {
        return None;
    }
    Some(if name.ends_with("_at") { instant(random) } else { random.random_range(-5..1_i64 << wide) })
}

impl World {
    pub fn new(seed: u64, count: usize) -> World {
        let random = &mut StdRng::seed_from_u64(seed);
        let tags = ["red", "green", "blue"];
        let case = |random: &mut StdRng| Case {
            created_at: instant(random),
            texts: ATTRIBUTES.iter().filter_map(|a| Some((*a, text(random, attribute_domain(*a)?)))).collect(),
            tags: tags.iter().filter(|_| random.random_bool(0.3)).map(|tag| (*tag).to_owned()).collect(),
            policies: values(Domain::SlaPolicy).into_iter().filter(|_| random.random_bool(0.3)).collect(),
        };
        let cases: Vec<Case> = (0..count.max(1)).map(|_| case(random)).collect();
        let agents = values(Domain::Agent);
        let teams = agents.iter().map(|agent| {
            (agent.clone(), values(Domain::Team).into_iter().filter(|_| random.random_bool(0.3)).collect())
        });
        let teams: BTreeMap<String, Vec<String>> = teams.collect();
        let dictionaries = Dictionaries::default();
        for agent in &agents {
            dictionaries.of(Domain::Agent).code(Some(agent));
        }
        let mut rows = Vec::new();
        let mut tables: [Table; RecordKind::ALL.len()] = Default::default();
        for kind in KINDS {
            let of_kind = (0..count).map(|place| row(random, kind, place, &cases)).collect::<Vec<Row>>();
            tables[kind as usize] = table(random, kind, &of_kind, &dictionaries);
            rows.push((kind, of_kind));
        }
        let snapshot = Snapshot {
            serial: serial(),
            revision: 1,
            as_of: Instant::default(),
            cases: pages(&cases, &dictionaries),
            agent_teams: Arc::new(codes_of_teams(&teams, &dictionaries)),
            dictionaries: Arc::new(dictionaries),
            tables,
        };
        World { cases, rows, teams, snapshot }
    }

    pub fn rows(&self, kind: RecordKind) -> &[Row] {
        self.rows.iter().find(|(of, _)| *of == kind).map(|(_, rows)| rows.as_slice()).unwrap_or_default()
    }
}

fn row(random: &mut StdRng, kind: RecordKind, place: usize, cases: &[Case]) -> Row {
    let slot = match kind {
        RecordKind::Presence => random.random_range(1..=5),
        RecordKind::Case => place as u32,
        _ => random.random_range(0..cases.len()) as u32,
    };
    let time = match kind {
        RecordKind::Case | RecordKind::SlaClock => cases[slot as usize].created_at,
        _ => instant(random),
    };
    let wide = *[5, 14, 30, 40].choose(random).unwrap();
    let value = |(name, sort): &(&'static str, Sort)| {
        let value = match sort {
            Sort::Text => Value::Text(text(random, domain(kind, name).unwrap())),
            Sort::Flag => Value::Flag(random.random_bool(0.5)),
            Sort::Number => Value::Number(number(random, name, wide)),
        };
        (*name, value)
    };
    let values = columns(kind).iter().map(value).collect();
    Row { time, slot, ordinal: place as u16, is_dead: random.random_bool(0.1), values }
}

/// Rows in some chunks whose times overlap.
fn table(random: &mut StdRng, kind: RecordKind, rows: &[Row], dictionaries: &Dictionaries) -> Table {
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_key(|row| row.time);
    let chunks = random.random_range(1..=4);
    let mut parts: Vec<Vec<&Row>> = vec![Vec::new(); chunks];
    for (place, row) in sorted.iter().enumerate() {
        let own = place * chunks / sorted.len();
        parts[if random.random_bool(0.9) { own } else { random.random_range(0..chunks) }].push(row);
    }
    parts.retain(|part| !part.is_empty());
    parts.sort_by_key(|part| part[0].time);
    let names = Arc::new(columns(kind).iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let chunks = parts.iter().map(|part| chunk(kind, part, dictionaries)).collect();
    Table { names, chunks }
}

fn chunk(kind: RecordKind, rows: &[&Row], dictionaries: &Dictionaries) -> Live {
    let column = |(name, sort): &(&'static str, Sort)| {
        let values = rows.iter().map(|row| &row.values[name]);
        match sort {
            Sort::Text => {
                let dictionary = dictionaries.of(domain(kind, name).unwrap());
                let code = |value: &Value| match value {
                    Value::Text(text) => dictionary.code(text.as_deref()),
                    _ => 0,
                };
                Column::Codes(Codes::of(&values.map(code).collect::<Vec<_>>()))
            }
            Sort::Number => {
                let number = |value: &Value| match value {
                    Value::Number(number) => *number,
                    _ => None,
                };
                Column::Numbers(Numbers::of(&values.map(number).collect::<Vec<_>>()))
            }
            Sort::Flag => Column::Flags(values.map(|value| *value == Value::Flag(true)).collect()),
        }
    };
    let chunk = Chunk {
        time: Numbers::of(&rows.iter().map(|row| Some(row.time)).collect::<Vec<_>>()),
        slots: rows.iter().map(|row| row.slot).collect(),
        ordinals: rows.iter().map(|row| row.ordinal).collect(),
        columns: columns(kind).iter().map(column).collect(),
        dues: Default::default(),
    };
    let dead: BooleanBuffer = rows.iter().map(|row| row.is_dead).collect();
    let dead = rows.iter().any(|row| row.is_dead).then(|| Arc::new(dead));
    Live { chunk: Arc::new(chunk), dead }
}

fn pages(cases: &[Case], dictionaries: &Dictionaries) -> Cases {
    let mut sets: Vec<Arc<[u32]>> = vec![Vec::new().into()];
    let mut set_of = |mut codes: Vec<u32>| {
        codes.sort_unstable();
        let codes: Arc<[u32]> = codes.into();
        let place = sets.iter().position(|set| *set == codes).unwrap_or_else(|| {
            sets.push(codes);
            sets.len() - 1
        });
        place as u32
    };
    let all =
        |dictionary: &Dictionary, texts: &[String]| texts.iter().map(|text| dictionary.code(Some(text))).collect();
    let tags: Vec<u32> = cases.iter().map(|case| set_of(all(&dictionaries.tags, &case.tags))).collect();
    let of_policies = dictionaries.of(Domain::SlaPolicy);
    let policies: Vec<u32> = cases.iter().map(|case| set_of(all(of_policies, &case.policies))).collect();
    let ids = CaseIds::default();
    for slot in 0..cases.len() {
        ids.slot(&format!("c{slot}"));
    }
    let page = |(place, cases): (usize, &[Case])| {
        let attributes = ATTRIBUTES.map(|attribute| {
            let code = |(slot, case): (usize, &Case)| match attribute_domain(attribute) {
                Some(domain) => dictionaries.of(domain).code(case.texts[&attribute].as_deref()),
                None => tags[place * PAGE + slot],
            };
            Codes::of(&cases.iter().enumerate().map(code).collect::<Vec<_>>())
        });
        let policies = Codes::of(&policies[place * PAGE..place * PAGE + cases.len()]);
        Arc::new(Page { attributes, policies, created_at: cases.iter().map(|case| case.created_at).collect() })
    };
    let pages = cases.chunks(PAGE).enumerate().map(page).collect();
    Cases { pages, len: cases.len(), ids: Arc::new(ids), tag_sets: Arc::new(sets) }
}

fn codes_of_teams(teams: &BTreeMap<String, Vec<String>>, dictionaries: &Dictionaries) -> HashMap<u32, Arc<[u32]>> {
    let codes = |(agent, teams): (&String, &Vec<String>)| {
        let teams: Arc<[u32]> = teams.iter().map(|team| dictionaries.of(Domain::Team).code(Some(team))).collect();
        (dictionaries.of(Domain::Agent).code(Some(agent)), teams)
    };
    teams.iter().filter(|(_, teams)| !teams.is_empty()).map(codes).collect()
}
