//! Dictionaries, pages and chunks as record batches, and back. Numbers stay distances: what they count from is with the field.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, LargeStringArray, RecordBatch, UInt8Array, UInt16Array,
    UInt32Array, UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow::error::ArrowError;

use super::refused;
use crate::engine::build::domains;
use crate::engine::cases::{ATTRIBUTES, Cases, PAGE, Page, attribute_domain};
use crate::engine::chunk::{Chunk, Live};
use crate::engine::column::{Codes, Column, Distances, Numbers, widths};
use crate::engine::dictionary::{Dictionary, TAGS, place};
use crate::engine::ids::CaseIds;
use crate::engine::snapshot::Snapshot;
use crate::record::{Domain, RecordKind};

const BASE: &str = "base";
const MOST: &str = "most";

/// The codes and sets that something says.
pub struct Used {
    /// By dictionary, by code.
    pub codes: Vec<Vec<bool>>,
    sets: Vec<bool>,
}

impl Used {
    pub fn of(snapshot: &Snapshot, tables: &[Vec<Live>]) -> Used {
        let codes = snapshot.dictionaries.all().map(|dictionary| vec![false; dictionary.codes()]).collect();
        let mut used = Used { codes, sets: vec![false; snapshot.cases.tag_sets.len()] };
        for (kind, chunks) in RecordKind::ALL.iter().zip(tables) {
            let domains = domains(*kind);
            for chunk in chunks.iter().map(|live| &live.chunk) {
                for (column, domain) in chunk.columns.iter().zip(&domains) {
                    if let (Column::Codes(codes), Some(domain)) = (column, domain) {
                        used.add(place(*domain), codes);
                    }
                }
                if *kind == RecordKind::Presence {
                    chunk.slots.iter().for_each(|agent| used.mark(place(Domain::Agent), *agent));
                }
            }
        }
        for page in &snapshot.cases.pages {
            for (attribute, codes) in ATTRIBUTES.iter().zip(&page.attributes) {
                match attribute_domain(*attribute) {
                    Some(domain) => used.add(place(domain), codes),
                    None => (0..codes.len()).for_each(|row| used.sets[codes.get(row) as usize] = true),
                }
            }
        }
        for (set, _) in snapshot.cases.tag_sets.iter().zip(used.sets.clone()).filter(|(_, is_used)| *is_used) {
            set.iter().for_each(|tag| used.mark(TAGS, *tag));
        }
        for page in &snapshot.cases.pages {
            for code in (0..page.policies.len()).map(|row| page.policies.get(row) as usize) {
                used.sets[code] = true;
                snapshot.cases.tag_sets[code].iter().for_each(|policy| used.mark(place(Domain::SlaPolicy), *policy));
            }
        }
        for (agent, teams) in snapshot.agent_teams.iter() {
            used.mark(place(Domain::Agent), *agent);
            teams.iter().for_each(|team| used.mark(place(Domain::Team), *team));
        }
        used
    }

    fn mark(&mut self, dictionary: usize, code: u32) {
        if let Some(is_used) = self.codes[dictionary].get_mut(code as usize) {
            *is_used = true;
        }
    }

    fn add(&mut self, dictionary: usize, codes: &Codes) {
        let used = &mut self.codes[dictionary];
        widths!(codes, Codes, codes => codes.iter().for_each(|code| used[*code as usize] = true));
    }

    /// The sets of tags, those without a case empty.
    pub fn tag_sets(&self, cases: &Cases) -> Vec<Vec<u32>> {
        let set = |(set, is_used): (&Arc<[u32]>, &bool)| if *is_used { set.to_vec() } else { Vec::new() };
        cases.tag_sets.iter().zip(&self.sets).map(set).collect()
    }
}

fn batch(columns: Vec<(Field, ArrayRef)>) -> Result<RecordBatch, ArrowError> {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

fn field(name: &str, array: &ArrayRef) -> Field {
    Field::new(name, array.data_type().clone(), array.null_count() > 0)
}

/// The texts of a dictionary by code, without `NONE`; null where nothing says it.
pub fn of_texts(dictionary: &Dictionary, used: &[bool]) -> Result<RecordBatch, ArrowError> {
    let texts = dictionary.texts();
    let said = texts.iter().zip(used.iter().skip(1)).map(|(text, is_used)| is_used.then_some(text.as_ref()));
    let array: ArrayRef = Arc::new(said.collect::<LargeStringArray>());
    batch(vec![(Field::new("text", DataType::LargeUtf8, true), array)])
}

pub fn to_texts(batch: &RecordBatch) -> io::Result<Vec<Option<String>>> {
    let texts = batch.column(0).as_string_opt::<i64>().ok_or_else(|| refused("has no texts"))?;
    Ok(texts.iter().map(|text| text.map(str::to_owned)).collect())
}

fn of_codes(codes: &Codes) -> ArrayRef {
    match codes {
        Codes::U8(codes) => Arc::new(UInt8Array::new(codes.clone(), None)),
        Codes::U16(codes) => Arc::new(UInt16Array::new(codes.clone(), None)),
        Codes::U32(codes) => Arc::new(UInt32Array::new(codes.clone(), None)),
    }
}

fn to_codes(array: &ArrayRef) -> io::Result<Codes> {
    match array.data_type() {
        DataType::UInt8 => Ok(Codes::U8(array.as_primitive::<UInt8Type>().values().clone())),
        DataType::UInt16 => Ok(Codes::U16(array.as_primitive::<UInt16Type>().values().clone())),
        DataType::UInt32 => Ok(Codes::U32(array.as_primitive::<UInt32Type>().values().clone())),
        _ => Err(refused("has codes of another width")),
    }
}

fn of_numbers(name: &str, numbers: &Numbers) -> (Field, ArrayRef) {
    let nulls = numbers.nulls.clone();
    let array: ArrayRef = match &numbers.distances {
        Distances::U8(distances) => Arc::new(UInt8Array::new(distances.clone(), nulls)),
        Distances::U16(distances) => Arc::new(UInt16Array::new(distances.clone(), nulls)),
        Distances::U32(distances) => Arc::new(UInt32Array::new(distances.clone(), nulls)),
        Distances::U64(distances) => Arc::new(UInt64Array::new(distances.clone(), nulls)),
    };
    let counted = [(BASE, numbers.base), (MOST, numbers.most)].map(|(key, n)| (key.to_owned(), n.to_string()));
    (field(name, &array).with_metadata(HashMap::from(counted)), array)
}

fn to_numbers(field: &Field, array: &ArrayRef) -> io::Result<Numbers> {
    let number = |key: &str| field.metadata().get(key).and_then(|text| text.parse().ok());
    let (Some(base), Some(most)) = (number(BASE), number(MOST)) else { return Err(refused("has no base")) };
    let distances = match array.data_type() {
        DataType::UInt8 => Distances::U8(array.as_primitive::<UInt8Type>().values().clone()),
        DataType::UInt16 => Distances::U16(array.as_primitive::<UInt16Type>().values().clone()),
        DataType::UInt32 => Distances::U32(array.as_primitive::<UInt32Type>().values().clone()),
        DataType::UInt64 => Distances::U64(array.as_primitive::<UInt64Type>().values().clone()),
        _ => return Err(refused("has numbers of another width")),
    };
    Ok(Numbers { base, most, distances, nulls: array.nulls().cloned() })
}

/// A page with the ids of its cases.
pub fn of_page(number: usize, page: &Page, ids: &CaseIds) -> Result<RecordBatch, ArrowError> {
    let slots =
        (number * PAGE..number * PAGE + page.created_at.len()).map(|slot| u32::try_from(slot).unwrap_or(u32::MAX));
    let ids: ArrayRef = Arc::new(slots.map(|slot| ids.id(slot)).collect::<LargeStringArray>());
    let created_at: ArrayRef = Arc::new(Int64Array::from(page.created_at.clone()));
    let mut columns = vec![(field("id", &ids), ids), (field("created_at", &created_at), created_at)];
    for (attribute, codes) in ATTRIBUTES.iter().zip(&page.attributes) {
        let codes = of_codes(codes);
        columns.push((field(attribute.word(), &codes), codes));
    }
    let policies = of_codes(&page.policies);
    columns.push((field("policies", &policies), policies));
    batch(columns)
}

/// A page; its ids are put to the others.
pub fn to_page(batch: &RecordBatch, ids: &CaseIds) -> io::Result<Page> {
    let columns = batch.columns();
    let [names, created_at, attributes @ .., policies] = columns else {
        return Err(refused("has a page without cases"));
    };
    let names = names.as_string_opt::<i64>().ok_or_else(|| refused("has no ids"))?;
    for id in names {
        let before = ids.len();
        ids.slot(id.ok_or_else(|| refused("has a case without id"))?);
        if ids.len() == before {
            return Err(refused("has a case twice"));
        }
    }
    let created_at = created_at.as_primitive_opt::<Int64Type>().ok_or_else(|| refused("has no creations"))?;
    let codes: Vec<Codes> = attributes.iter().map(to_codes).collect::<io::Result<_>>()?;
    let attributes = codes.try_into().map_err(|_| refused("has other attributes"))?;
    Ok(Page { attributes, policies: to_codes(policies)?, created_at: created_at.values().to_vec() })
}

/// A chunk of which every row counts.
pub fn of_chunk(chunk: &Chunk) -> Result<RecordBatch, ArrowError> {
    let slots: ArrayRef = Arc::new(UInt32Array::new(chunk.slots.clone(), None));
    let ordinals: ArrayRef = Arc::new(UInt16Array::new(chunk.ordinals.clone(), None));
    let mut columns =
        vec![of_numbers("time", &chunk.time), (field("slot", &slots), slots), (field("ordinal", &ordinals), ordinals)];
    for (place, column) in chunk.columns.iter().enumerate() {
        let name = place.to_string();
        columns.push(match column {
            Column::Numbers(numbers) => of_numbers(&name, numbers),
            Column::Codes(codes) => {
                let codes = of_codes(codes);
                (field(&name, &codes), codes)
            }
            Column::Flags(flags) => {
                let flags: ArrayRef = Arc::new(BooleanArray::new(flags.clone(), None));
                (field(&name, &flags), flags)
            }
        });
    }
    batch(columns)
}

/// A chunk of a kind with so many columns, of so many cases.
pub fn to_chunk(batch: &RecordBatch, columns: usize, kind: RecordKind, cases: usize) -> io::Result<Chunk> {
    let schema = batch.schema();
    let [time, slots, ordinals, rest @ ..] = batch.columns() else { return Err(refused("has a chunk without rows")) };
    let slots = slots.as_primitive_opt::<UInt32Type>().ok_or_else(|| refused("has no slots"))?.values().clone();
    let ordinals = ordinals.as_primitive_opt::<UInt16Type>().ok_or_else(|| refused("has no ordinals"))?;
    let is_beyond = kind != RecordKind::Presence && slots.iter().any(|slot| *slot as usize >= cases);
    if rest.len() != columns || is_beyond {
        return Err(refused("has a chunk of something else"));
    }
    let column = |(field, array): (&Arc<Field>, &ArrayRef)| match array.data_type() {
        DataType::Boolean => Ok(Column::Flags(array.as_boolean().values().clone())),
        _ if field.metadata().contains_key(BASE) => Ok(Column::Numbers(to_numbers(field, array)?)),
        _ => Ok(Column::Codes(to_codes(array)?)),
    };
    Ok(Chunk {
        time: to_numbers(schema.field(0), time)?,
        slots,
        ordinals: ordinals.values().clone(),
        columns: schema.fields().iter().skip(3).zip(rest).map(column).collect::<Result<_, io::Error>>()?,
        dues: Default::default(),
    })
}
