//! Joining what the fields of one request ask into as few passes over rows as possible (DESIGN 5).
//!
//! Asks about the same cells become one block with several measures; asks that differ in one span become one block with several
//! buckets; asks that differ in one value of one attribute (fifty agents, the groups of a `by`) become one block grouped by it. All blocks
//! of a kind are one scan. `Plan::take` takes each ask's own answer out again.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use smallvec::smallvec;

use super::ask::Ask;
use super::figures::Figures;
use super::scan::{Block, BlockAnswer, GroupAnswer, GroupBy, GroupCells, GroupKey, Measured, Scan, Selection, Window};
use crate::model::{Filter, FilterAttribute, MAX_FILTER_VALUES, Test};
use crate::record::RecordKind;

/// Most cells, values × buckets, that asks are joined into.
const MAX_JOINED_CELLS: usize = 500_000;

/// Passes that answer asks, and where each ask's answer is in theirs.
#[derive(Debug)]
pub struct Plan {
    /// The passes.
    pub scans: Vec<Scan>,
    places: Vec<Place>,
}

/// Where an ask's answer is.
#[derive(Clone, Debug)]
struct Place {
    scan: usize,
    block: usize,
    /// Of each of its measures: which of the block's, and which of that one's percentiles.
    measures: Vec<(usize, Vec<usize>)>,
    buckets: Range<usize>,
    /// The value of the block's outermost grouping that is its own, where asks were joined by an attribute.
    value: Option<String>,
    /// Indicates that all of the block is its own, just as it was asked.
    is_alone: bool,
}

/// An ask on its way: its block without measures as far as it has been joined.
#[derive(Clone, Debug)]
struct Joining {
    selection: Selection,
    group_by: Vec<GroupBy>,
    buckets: Range<usize>,
    value: Option<(FilterAttribute, String)>,
}

/// Joins asks.
pub fn fuse(asks: &[&Ask]) -> Plan {
    let mut joining: Vec<Joining> = asks.iter().map(|ask| Joining::of(ask)).collect();
    let kinds: Vec<RecordKind> = asks.iter().map(|ask| ask.kind).collect();
    join_spans(asks, &mut joining);
    join_values(&kinds, &mut joining);
    let mut plan = Plan { scans: Vec::new(), places: Vec::with_capacity(asks.len()) };
    let mut blocks: HashMap<(RecordKind, Selection, Vec<GroupBy>), (usize, usize)> = HashMap::new();
    for (ask, joined) in asks.iter().zip(joining) {
        let Joining { selection, group_by, buckets, value } = joined;
        let key = (ask.kind, selection, group_by);
        let (scan, block) = match blocks.get(&key) {
            Some(place) => *place,
            None => {
                let place = plan.add_block(ask.kind, &key.1, &key.2);
                blocks.insert(key, place);
                place
            }
        };
        let measures = &mut plan.scans[scan].blocks[block].measures;
        let found = ask.block.measures.iter().map(|measured| (add_measure(measures, measured), Vec::new())).collect();
        let value = value.map(|(_, value)| value);
        plan.places.push(Place { scan, block, measures: found, buckets, value, is_alone: false });
    }
    plan.place_percentiles(asks);
    plan.find_alone(asks);
    plan
}

impl Joining {
    fn of(ask: &Ask) -> Joining {
        let Block { selection, group_by, .. } = &ask.block;
        let buckets = 0..selection.window.buckets();
        Joining { selection: selection.clone(), group_by: group_by.clone(), buckets, value: None }
    }

    /// Its only span.
    fn span(&self) -> Option<crate::model::Span> {
        match &self.selection.window {
            Window::Spans(spans) if spans.len() == 1 => spans.first().copied(),
            _ => None,
        }
    }

    /// The last filter that keeps one value of one attribute, taken out.
    fn without_value(&self) -> Option<(Joining, FilterAttribute, String)> {
        let place = self.selection.filters.iter().rposition(|filter| only_value(filter).is_some())?;
        let (attribute, value) = only_value(&self.selection.filters[place])?;
        let mut rest = self.clone();
        rest.selection.filters.remove(place);
        Some((rest, attribute, value.to_owned()))
    }
}

fn only_value(filter: &Filter) -> Option<(FilterAttribute, &str)> {
    match filter.terms() {
        [term] => match &term.test {
            Test::In(values) if values.len() == 1 => values.first().map(|value| (term.attribute, value.as_str())),
            _ => None,
        },
        _ => None,
    }
}

/// Asks with the same key, by their places.
fn alike<K: Eq + Hash>(keys: impl Iterator<Item = Option<K>>) -> Vec<Vec<usize>> {
    let mut order: Vec<Vec<usize>> = Vec::new();
    let mut found: HashMap<K, usize> = HashMap::new();
    for (place, key) in keys.enumerate() {
        let Some(key) = key else { continue };
        let group = *found.entry(key).or_insert_with(|| {
            order.push(Vec::new());
            order.len() - 1
        });
        order[group].push(place);
    }
    order.retain(|group| group.len() > 1);
    order
}

/// Gives asks for the same that differ in their one span one window, where the spans lie apart. What is asked of one span only is not worked
/// out for the others.
fn join_spans(asks: &[&Ask], joining: &mut [Joining]) {
    let keys = asks.iter().zip(&*joining).map(|(ask, joined)| {
        joined.span()?;
        let mut selection = joined.selection.clone();
        selection.window = Window::All;
        let measures: Vec<_> = ask.block.measures.iter().map(|measured| (&measured.rows, &measured.value)).collect();
        Some((ask.kind, selection, joined.group_by.clone(), measures))
    });
    for group in alike(keys.collect::<Vec<_>>().into_iter()) {
        let mut spans: Vec<_> = group.iter().filter_map(|&place| joining[place].span()).collect();
        spans.sort_unstable_by_key(|span| (span.from, span.until));
        spans.dedup();
        if spans.len() < 2 || spans.windows(2).any(|pair| pair[0].until > pair[1].from) {
            continue;
        }
        let window = Window::Spans(spans.clone().into());
        for place in group {
            let bucket = joining[place].span().and_then(|span| spans.iter().position(|other| *other == span));
            if let Some(bucket) = bucket {
                joining[place].selection.window = window.clone();
                joining[place].buckets = bucket..bucket + 1;
            }
        }
    }
}

/// Gives asks that differ in one value of one attribute one grouping.
fn join_values(kinds: &[RecordKind], joining: &mut [Joining]) {
    let keys = kinds.iter().zip(&*joining).map(|(kind, joined)| {
        let (rest, attribute, _) = joined.without_value()?;
        Some((*kind, attribute, rest.selection, rest.group_by))
    });
    for group in alike(keys.collect::<Vec<_>>().into_iter()) {
        let mut values = BTreeSet::new();
        for &place in &group {
            values.extend(joining[place].without_value().map(|(_, _, value)| value));
        }
        let buckets = joining[group[0]].selection.window.buckets();
        if values.len() < 2 || values.len() > MAX_FILTER_VALUES || values.len() * buckets > MAX_JOINED_CELLS {
            continue;
        }
        for place in group {
            let Some((mut rest, attribute, value)) = joining[place].without_value() else { continue };
            let mut filter = Filter::default();
            if filter.keep(attribute, values.iter().cloned().collect()).is_err() {
                continue;
            }
            rest.selection.filters.push(Arc::new(filter));
            rest.group_by.insert(0, GroupBy::Attribute(attribute));
            rest.value = Some((attribute, value));
            joining[place] = rest;
        }
    }
}

/// The place of a measure among a block's, which is added when it is not there; its percentiles are added to those it has.
fn add_measure(measures: &mut Vec<Measured>, wanted: &Measured) -> usize {
    let is_same = |m: &Measured| m.rows == wanted.rows && m.value == wanted.value;
    let Some(place) = measures.iter().position(is_same) else {
        measures.push(wanted.clone());
        return measures.len() - 1;
    };
    let percentiles = &mut measures[place].percentiles;
    percentiles.extend(&wanted.percentiles);
    percentiles.sort_unstable();
    percentiles.dedup();
    place
}

impl Plan {
    fn add_block(&mut self, kind: RecordKind, selection: &Selection, group_by: &[GroupBy]) -> (usize, usize) {
        let block = Block { selection: selection.clone(), group_by: group_by.to_vec(), measures: Vec::new() };
        let scan = self.scans.iter().position(|scan| scan.kind == kind).unwrap_or_else(|| {
            self.scans.push(Scan { kind, blocks: Vec::new() });
            self.scans.len() - 1
        });
        self.scans[scan].blocks.push(block);
        (scan, self.scans[scan].blocks.len() - 1)
    }

    /// Once all percentiles of every measure are known.
    fn place_percentiles(&mut self, asks: &[&Ask]) {
        for (place, ask) in self.places.iter_mut().zip(asks) {
            let measures = &self.scans[place.scan].blocks[place.block].measures;
            for ((measure, percentiles), wanted) in place.measures.iter_mut().zip(&ask.block.measures) {
                let all = &measures[*measure].percentiles;
                *percentiles = wanted.percentiles.iter().filter_map(|p| all.iter().position(|q| q == p)).collect();
            }
        }
    }

    /// Once all asks have their places.
    fn find_alone(&mut self, asks: &[&Ask]) {
        let mut asked: HashMap<(usize, usize), usize> = HashMap::new();
        self.places.iter().for_each(|place| *asked.entry((place.scan, place.block)).or_default() += 1);
        for (place, ask) in self.places.iter_mut().zip(asks) {
            let is_only = asked.get(&(place.scan, place.block)) == Some(&1);
            place.is_alone = is_only && self.scans[place.scan].blocks[place.block] == ask.block;
        }
    }

    /// The scan that answers the ask at `place`.
    pub fn scan_of(&self, place: usize) -> usize {
        self.places[place].scan
    }

    /// The answer of the ask at `place`, taken out of those of the scans' blocks, which are left empty where nobody else needs them.
    pub fn take(&self, place: usize, answers: &mut [Vec<BlockAnswer>]) -> BlockAnswer {
        let place = &self.places[place];
        let block = &self.scans[place.scan].blocks[place.block];
        let answer = &mut answers[place.scan][place.block];
        let mut groups = if place.is_alone { std::mem::take(&mut answer.groups) } else { place.pick(block, answer) };
        let is_grouped = block.group_by.len() > usize::from(place.value.is_some());
        if is_grouped {
            groups.retain(|group| group.cells.iter().any(|cell| cell.rows > 0));
        } else if groups.is_empty() {
            let cells = place.buckets.len() * place.measures.len();
            groups.push(GroupAnswer { key: GroupKey::new(), cells: smallvec![Figures::default(); cells] });
        }
        BlockAnswer { groups }
    }
}

impl Place {
    /// Its own groups and cells of a block's.
    fn pick(&self, block: &Block, answer: &BlockAnswer) -> Vec<GroupAnswer> {
        let width = block.measures.len();
        let cells = |group: &GroupAnswer| {
            let of = |bucket: usize| self.measures.iter().map(move |(m, p)| pick(&group.cells[bucket * width + m], p));
            let mut cells = GroupCells::with_capacity(self.buckets.len() * self.measures.len());
            cells.extend(self.buckets.clone().flat_map(of));
            cells
        };
        let of_group = |group: &GroupAnswer| {
            let key = match &self.value {
                Some(value) if group.key.first().and_then(|key| key.as_deref()) != Some(value.as_str()) => return None,
                Some(_) => group.key[1..].into(),
                None => group.key.clone(),
            };
            Some(GroupAnswer { key, cells: cells(group) })
        };
        answer.groups.iter().filter_map(of_group).collect()
    }
}

fn pick(figures: &Figures, percentiles: &[usize]) -> Figures {
    let picked = percentiles.iter().filter_map(|&place| figures.percentiles.get(place).copied()).collect();
    Figures { percentiles: picked, ..figures.clone() }
}

#[cfg(test)]
mod tests;
