//! Which group a row is in: the codes of its keys put together as the digits of one number, by which cells lie in an array while that
//! is small, and by which they are looked up while it is not.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::cases::attribute_place;
use super::column::widths;
use super::dictionary::NONE;
use super::error::EngineError;
use super::local::{LocalClock, LocalUnit, Near};
use super::mask::Mask;
use super::packed::Room;
use super::place::Entries;
use super::snapshot::Snapshot;
use super::source::{Attribute, Names, Source, Texts};
use super::view::View;
use crate::metric::{GroupBy, GroupKey, Selection};
use crate::model::FilterAttribute;
use crate::record::{Domain, RecordKind};

/// One thing that groups rows.
#[derive(Clone, Debug)]
pub struct Key {
    held: Held,
    /// Whose codes; `None` when no row has a value.
    texts: Option<Texts>,
    /// What every code is below.
    codes: u64,
}

#[derive(Clone, Debug)]
enum Held {
    Codes(Source),
    Local(Source, LocalUnit, Arc<LocalClock>),
    Nothing,
    /// Sets of tags or policies.
    Sets(Source),
    Teams,
}

/// The keys of a block, outermost first.
#[derive(Clone, Debug)]
pub struct Keys {
    keys: Vec<Key>,
    /// What every group's number is below.
    pub groups: u64,
}

impl Keys {
    /// The keys that group a block.
    ///
    /// # Errors
    /// When a column is missing, or values could meet in more ways than can be counted.
    pub fn new(names: &Names<'_>, of: &Selection, group_by: &[GroupBy]) -> Result<Keys, EngineError> {
        let keys: Vec<Key> = group_by.iter().map(|by| Key::new(names, of, *by)).collect::<Result<_, _>>()?;
        let groups = keys.iter().try_fold(1_u64, |groups, key| groups.checked_mul(key.codes));
        let most = u64::MAX;
        let too_many = || EngineError::Limit(format!("{} groupings could make more than {most} groups", keys.len()));
        groups.ok_or_else(too_many).map(|groups| Keys { groups, keys: keys.clone() })
    }

    /// Indicates that all rows are one group.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Indicates that every row is in just one group.
    pub fn is_single(&self) -> bool {
        !self.keys.iter().any(|key| matches!(key.held, Held::Sets(_) | Held::Teams))
    }

    /// Gives entries their groups; those in several come several times afterwards.
    pub fn enter(&self, view: &View<'_>, entries: &mut Entries) {
        entries.codes.clear();
        entries.codes.resize(entries.rows.len(), 0);
        for key in &self.keys {
            match key.held {
                Held::Sets(_) | Held::Teams => key.spread(view, entries),
                _ => {
                    key.each(view, &entries.rows, &mut entries.codes, |group, code| {
                        *group = *group * key.codes + u64::from(code);
                    });
                }
            }
        }
    }

    /// The group of each row, where groups are dense and every row is in just one.
    pub fn number(&self, view: &View<'_>, rows: &[u32], groups: &mut Vec<u32>) {
        groups.clear();
        groups.resize(rows.len(), 0);
        for key in &self.keys {
            // Numbers of dense groups fit.
            let codes = key.codes as u32;
            key.each(view, rows, groups, |group, code| *group = *group * codes + code);
        }
    }

    /// Counts the rows of a mask by group, where that is one code of the row's own or of its case; else `false`.
    pub fn tally(&self, view: &View<'_>, mask: &Mask, room: &mut Room, rows: &mut [u64]) -> bool {
        let [Key { held: Held::Codes(source), .. }] = self.keys.as_slice() else { return false };
        match (source, view.chunk.codes(*source)) {
            (_, Some(codes)) => {
                let codes = room.pack_codes(codes, view.rows.clone(), mask);
                codes.iter().for_each(|code| rows[*code as usize] += 1);
            }
            (Source::Case(place), None) => {
                let slots = room.pack_slots(view, mask);
                view.snapshot.cases.each_code(*place, slots, |code| rows[code as usize] += 1);
            }
            _ => return false,
        }
        true
    }

    /// Cuts a mask into one a group, if there are no more than `most` groups in it.
    pub fn split(&self, view: &View<'_>, mask: &Mask, most: usize, groups: &mut Vec<(u64, Mask)>) -> bool {
        groups.clear();
        if let [Key { held: Held::Codes(source), .. }] = self.keys.as_slice()
            && let Some(codes) = view.chunk.codes(*source)
        {
            return widths!(codes, Codes, codes => cut(&codes[view.rows.clone()], mask, most, groups));
        }
        let rows: Vec<u32> = (0..view.rows.len() as u32).collect();
        let mut codes = Vec::new();
        self.number(view, &rows, &mut codes);
        cut(&codes, mask, most, groups)
    }

    /// The values of a group.
    pub fn texts(&self, snapshot: &Snapshot, mut group: u64) -> GroupKey {
        let mut texts = GroupKey::with_capacity(self.keys.len());
        for key in self.keys.iter().rev() {
            // Codes fit.
            texts.push(key.texts.and_then(|texts| texts.text(snapshot, (group % key.codes) as u32)));
            group /= key.codes;
        }
        texts.reverse();
        texts
    }
}

fn cut<T: Copy + PartialEq + Into<u64>>(codes: &[T], mask: &Mask, most: usize, groups: &mut Vec<(u64, Mask)>) -> bool {
    let mut left = *mask;
    while let Some(first) = left.first() {
        if groups.len() == most {
            return false;
        }
        let code = codes[first];
        let group = Mask::of(codes, |other| other == code).joined(&left);
        left.and_not(&group);
        groups.push((code.into(), group));
    }
    true
}

impl Key {
    fn new(names: &Names<'_>, of: &Selection, by: GroupBy) -> Result<Key, EngineError> {
        let (held, texts) = match by {
            GroupBy::Column(name) => {
                let (source, texts) = names.texts(name)?;
                (Held::Codes(source), Some(texts))
            }
            GroupBy::PolicyEver if names.kind == RecordKind::Presence => (Held::Nothing, None),
            GroupBy::PolicyEver => (Held::Sets(Source::Policies), Some(Texts::Domain(Domain::SlaPolicy))),
            GroupBy::Attribute(attribute) => match names.attribute(attribute, of)? {
                Attribute::Codes(source, texts) => (Held::Codes(source), Some(texts)),
                Attribute::Local(source, unit) => {
                    let (low, high) = names.bounds(source);
                    let clock = Arc::new(LocalClock::new(&of.zone, low, high));
                    (Held::Local(source, unit, clock), Some(Texts::Local(unit)))
                }
                Attribute::Tags => match attribute_place(FilterAttribute::Tag) {
                    Some(place) => (Held::Sets(Source::Case(place)), Some(Texts::Tags)),
                    None => (Held::Nothing, None),
                },
                Attribute::Teams => (Held::Teams, Some(Texts::Domain(Domain::Team))),
                Attribute::Nothing => (Held::Nothing, None),
            },
        };
        Ok(Key { held, texts, codes: texts.map_or(1, |texts| texts.codes(names.snapshot)) })
    }

    /// Puts the code of each row into what is there for it; of keys with one value a row.
    fn each<T>(&self, view: &View<'_>, rows: &[u32], into: &mut [T], put: impl Fn(&mut T, u32)) {
        let places = rows.iter().map(|row| *row as usize);
        match &self.held {
            Held::Codes(Source::Case(place)) => {
                let mut into = into.iter_mut();
                view.each_case_code(*place, rows, |code| {
                    if let Some(into) = into.next() {
                        put(into, code);
                    }
                });
            }
            Held::Codes(source) => match view.chunk.codes(*source) {
                Some(codes) => widths!(codes, Codes, codes => {
                    let codes = &codes[view.rows.clone()];
                    into.iter_mut().zip(places).for_each(|(into, row)| put(into, u32::from(codes[row])));
                }),
                None => into.iter_mut().zip(places).for_each(|(into, row)| put(into, view.code(*source, row))),
            },
            Held::Local(source, unit, clock) => {
                let (mut near, mut into) = (Near::default(), into.iter_mut());
                view.each_number(*source, places, |at| {
                    let code = at.map_or(NONE, |at| clock.code(*unit, at, &mut near));
                    into.by_ref().take(1).for_each(|into| put(into, code));
                });
            }
            Held::Nothing => into.iter_mut().for_each(|into| put(into, NONE)),
            Held::Sets(_) | Held::Teams => {}
        }
    }

    /// Repeats entries for each of their values.
    fn spread(&self, view: &View<'_>, entries: &mut Entries) {
        let before = std::mem::take(entries);
        let none = [NONE];
        for (place, row) in before.rows.iter().enumerate() {
            let cases = &view.snapshot.cases;
            let values = match self.held {
                Held::Sets(source) => cases.tag_sets.get(view.code(source, *row as usize) as usize),
                _ => view.snapshot.agent_teams.get(&view.code(Source::Slot, *row as usize)),
            };
            let values = values.map(|values| &**values).filter(|values| !values.is_empty());
            for code in values.unwrap_or(&none) {
                entries.rows.push(*row);
                entries.buckets.push(before.buckets[place]);
                entries.codes.push(before.codes[place] * self.codes + u64::from(*code));
            }
        }
    }
}

/// Numbers of groups and where their cells are.
#[derive(Clone, Debug)]
pub enum Groups {
    /// At their number.
    Dense(usize),
    /// In the order in which they were found.
    Found(HashMap<u64, u32, Mixing>, Vec<u64>),
}

/// A hasher of numbers.
pub type Mixing = BuildHasherDefault<Mix>;

/// One multiplication, whose high bits are folded back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }
    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

impl Groups {
    /// Where the cells of a group are.
    pub fn place(&mut self, code: u64) -> usize {
        match self {
            // Dense groups fit.
            Groups::Dense(_) => code as usize,
            Groups::Found(places, codes) => {
                let place = *places.entry(code).or_insert_with(|| {
                    codes.push(code);
                    (codes.len() - 1) as u32
                });
                place as usize
            }
        }
    }

    /// The number of the group at a place.
    pub fn code(&self, place: usize) -> u64 {
        match self {
            Groups::Dense(_) => place as u64,
            Groups::Found(_, codes) => codes[place],
        }
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        match self {
            Groups::Dense(groups) => *groups,
            Groups::Found(_, codes) => codes.len(),
        }
    }

    /// Indicates there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        match self {
            Groups::Dense(_) => 0,
            Groups::Found(places, codes) => places.capacity() * 17 + codes.capacity() * 8,
        }
    }
}
