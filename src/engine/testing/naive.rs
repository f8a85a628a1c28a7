//! What a scan means, row by row and as plainly as can be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::world::{Row, Value as Held, World};
use crate::engine::chunk::time_column;
use crate::metric::{
    Block, BlockAnswer, Condition, Credit, Figures, GroupAnswer, GroupBy, Measured, Placed, Selection, Value, Window,
};
use crate::model::{FilterAttribute, Instant, Test};
use crate::record::RecordKind;

pub struct Naive<'a> {
    pub world: &'a World,
    pub kind: RecordKind,
    pub of: &'a Selection,
}

impl Naive<'_> {
    fn held(&self, row: &Row, name: &str) -> Held {
        if let Some(value) = row.values.get(name) {
            return value.clone();
        }
        if name == time_column(self.kind) {
            return Held::Number(Some(row.time));
        }
        if self.kind == RecordKind::Presence {
            return Held::Text(Some(format!("agent{}", row.slot - 1)));
        }
        let case = &self.world.cases[row.slot as usize];
        let attribute = match name {
            "created_at" => return Held::Number(Some(case.created_at)),
            "assignee" => FilterAttribute::Agent,
            "policy" => FilterAttribute::SlaPolicy,
            other => FilterAttribute::from_word(other).unwrap(),
        };
        Held::Text(case.texts[&attribute].clone())
    }

    fn text(&self, row: &Row, name: &str) -> Option<String> {
        match self.held(row, name) {
            Held::Text(text) => text,
            other => panic!("{name} is {other:?}"),
        }
    }

    fn number(&self, row: &Row, name: &str) -> Option<i64> {
        match self.held(row, name) {
            Held::Number(number) => number,
            other => panic!("{name} is {other:?}"),
        }
    }

    fn attribute(&self, row: &Row, attribute: FilterAttribute) -> Vec<String> {
        use FilterAttribute::{Agent, DayOfWeek, HourOfDay, Queue, SlaPolicy, Status, Tag, Team};
        let one = |text: Option<String>| text.into_iter().collect::<Vec<_>>();
        let local = || {
            let at = match (self.of.placed, self.kind) {
                (_, RecordKind::SlaClock | RecordKind::Presence) => Some(row.time),
                (Placed::At(column), _) => self.number(row, column),
                (Placed::Overlap, _) => Some(row.time),
                _ => self.number(row, "created_at"),
            };
            at.map(|at| self.of.zone.rules().to_datetime(Instant::from_ms(at).to_timestamp()))
        };
        match (attribute, self.of.credit) {
            (HourOfDay, _) => one(local().map(|local| local.hour().to_string())),
            (DayOfWeek, _) => one(local().map(|local| local.weekday().to_monday_one_offset().to_string())),
            (Agent, Credit::Presence) => one(self.text(row, "agent")),
            (Team, Credit::Presence) => self.world.teams[&self.text(row, "agent").unwrap()].clone(),
            (Agent, Credit::Then { agent, .. }) => one(self.text(row, agent)),
            (Team, Credit::Then { team, .. }) => one(self.text(row, team)),
            (Queue, Credit::Then { queue, .. }) => one(self.text(row, queue)),
            _ if self.kind == RecordKind::Presence => Vec::new(),
            (SlaPolicy, _) if self.kind == RecordKind::SlaClock => one(self.text(row, "policy")),
            (Status, _) if self.kind == RecordKind::StatusSpell => one(self.text(row, "status")),
            (Tag, _) => self.world.cases[row.slot as usize].tags.clone(),
            _ => one(self.world.cases[row.slot as usize].texts[&attribute].clone()),
        }
    }

    fn case(&self, row: &Row) -> &super::world::Case {
        &self.world.cases[row.slot as usize]
    }

    fn passes(&self, row: &Row) -> bool {
        let mut terms = self.of.filters.iter().flat_map(|filter| filter.terms());
        let is_kept = terms.all(|term| {
            let values = self.attribute(row, term.attribute);
            match &term.test {
                Test::In(wanted) => values.iter().any(|value| wanted.contains(value)),
                Test::NotIn(unwanted) => !values.iter().any(|value| unwanted.contains(value)),
                Test::Unset => values.is_empty(),
                Test::Set => !values.is_empty(),
            }
        });
        let teams = match self.kind {
            RecordKind::Presence => self.world.teams[&self.text(row, "agent").unwrap()].clone(),
            _ => self.world.cases[row.slot as usize].texts[&FilterAttribute::Team].iter().cloned().collect(),
        };
        let is_seen =
            self.of.visible_teams.as_ref().is_none_or(|visible| teams.iter().any(|team| visible.contains(team)));
        is_kept && is_seen && !row.is_dead
    }

    /// Start and end of a row's stretch until now.
    fn stretch(&self, row: &Row) -> (i64, i64) {
        let until = self.number(row, "until_at").unwrap_or(i64::MAX);
        (self.number(row, "from_at").unwrap(), until.min(self.of.now.ms()))
    }

    fn overlap(&self, row: &Row, bucket: usize) -> i64 {
        let (from, until) = self.stretch(row);
        match &self.of.window {
            Window::All => (until - from).max(0),
            Window::Spans(spans) => (until.min(spans[bucket].until.ms()) - from.max(spans[bucket].from.ms())).max(0),
        }
    }

    fn buckets(&self, row: &Row) -> Vec<usize> {
        let Window::Spans(spans) = &self.of.window else { return vec![0] };
        let is_in = |bucket: &usize| {
            let span = spans[*bucket];
            match self.of.placed {
                Placed::Now => true,
                Placed::At(column) => {
                    let at = self.number(row, column).map(Instant::from_ms);
                    at.is_some_and(|at| span.from <= at && at < span.until)
                }
                Placed::Standing => {
                    let at = span.until.ms();
                    self.number(row, "from_at").unwrap() <= at
                        && self.number(row, "until_at").is_none_or(|until| until > at)
                }
                Placed::Overlap => self.overlap(row, *bucket) > 0,
            }
        };
        (0..spans.len()).filter(is_in).collect()
    }

    pub fn holds(&self, row: &Row, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| match condition {
            Condition::Is(name) => self.held(row, name) == Held::Flag(true),
            Condition::IsNot(name) => self.held(row, name) == Held::Flag(false),
            Condition::Has(name) => !matches!(self.held(row, name), Held::Text(None) | Held::Number(None)),
            Condition::Lacks(name) => matches!(self.held(row, name), Held::Text(None) | Held::Number(None)),
            Condition::OneOf(name, words) => self.text(row, name).is_some_and(|text| words.contains(&text.as_str())),
            Condition::AtLeast(name, least) => self.number(row, name).is_some_and(|number| number >= *least),
            Condition::AtMost(name, most) => self.number(row, name).is_some_and(|number| number <= *most),
            Condition::AtMostOf(name, other) => {
                self.number(row, name).zip(self.number(row, other)).is_some_and(|(number, other)| number <= other)
            }
            Condition::Not(one) => !self.holds(row, std::slice::from_ref(one)),
            Condition::Open(..) => unreachable!("rows of random worlds are no whole clocks; tested with `open`"),
            Condition::Past(name) => self.number(row, name).is_some_and(|number| number < self.of.now.ms()),
            Condition::NotPast(name) => self.number(row, name).is_none_or(|number| number >= self.of.now.ms()),
            Condition::Under(policies) => self.case(row).policies.iter().any(|policy| policies.contains(policy)),
            Condition::OfCases(ids) => ids.contains(&format!("c{}", row.slot)),
            Condition::Either(lists) => lists.iter().any(|list| self.holds(row, list)),
            Condition::Any(any) => any.iter().any(|one| self.holds(row, std::slice::from_ref(one))),
        })
    }

    pub fn answer(&self, block: &Block) -> BlockAnswer {
        let mut groups: BTreeMap<Vec<Option<Arc<str>>>, Vec<Vec<&Row>>> = BTreeMap::new();
        let buckets = self.of.window.buckets();
        if block.group_by.is_empty() {
            groups.insert(Vec::new(), vec![Vec::new(); buckets]);
        }
        for row in self.world.rows(self.kind).iter().filter(|row| self.passes(row)) {
            for key in self.keys(row, &block.group_by) {
                let cells = groups.entry(key).or_insert_with(|| vec![Vec::new(); buckets]);
                self.buckets(row).into_iter().for_each(|bucket| cells[bucket].push(row));
            }
        }
        let mut answers = Vec::new();
        for (key, rows) in groups {
            let mut cells = Vec::new();
            for (bucket, rows) in rows.iter().enumerate() {
                cells.extend(block.measures.iter().map(|measured| self.figures(measured, rows, bucket)));
            }
            if block.group_by.is_empty() || cells.iter().any(|cell| cell.rows > 0) {
                answers.push(GroupAnswer { key: key.into(), cells: cells.into() });
            }
        }
        BlockAnswer { groups: answers }
    }

    fn keys(&self, row: &Row, group_by: &[GroupBy]) -> Vec<Vec<Option<Arc<str>>>> {
        group_by.iter().fold(vec![Vec::new()], |keys, by| {
            let values = match by {
                GroupBy::Column(name) => self.text(row, name).into_iter().collect(),
                GroupBy::Attribute(attribute) => self.attribute(row, *attribute),
                GroupBy::PolicyEver if self.kind == RecordKind::Presence => Vec::new(),
                GroupBy::PolicyEver => self.case(row).policies.clone(),
            };
            let mut values: Vec<Option<Arc<str>>> = values.into_iter().map(|value| Some(value.into())).collect();
            if values.is_empty() {
                values.push(None);
            }
            let longer = |key: Vec<Option<Arc<str>>>| {
                values.iter().map(move |value| [key.clone(), vec![value.clone()]].concat()).collect::<Vec<_>>()
            };
            keys.into_iter().flat_map(longer).collect()
        })
    }

    fn figures(&self, measured: &Measured, rows: &[&Row], bucket: usize) -> Figures {
        let rows: Vec<&Row> = rows.iter().copied().filter(|row| self.holds(row, &measured.rows)).collect();
        let mut figures = Figures::default();
        let mut values: Vec<i64> = match &measured.value {
            Value::Column(name) => rows.iter().filter_map(|row| self.number(row, name)).collect(),
            Value::Overlap => rows.iter().map(|row| self.overlap(row, bucket)).collect(),
            Value::RowsPerAgent => {
                let mut agents: BTreeMap<String, i64> = BTreeMap::new();
                let of = |row: &&Row| self.attribute(row, FilterAttribute::Agent);
                rows.iter().flat_map(of).for_each(|agent| *agents.entry(agent).or_default() += 1);
                agents.into_values().collect()
            }
            Value::Count | Value::Share(_) | Value::Cases => Vec::new(),
        };
        values.iter().for_each(|value| figures.add(*value));
        match &measured.value {
            Value::Count => figures.rows = rows.len() as u64,
            Value::Cases => figures.rows = rows.iter().map(|row| row.slot).collect::<BTreeSet<_>>().len() as u64,
            Value::Share(conditions) => {
                figures.rows = rows.len() as u64;
                figures.hits = rows.iter().filter(|row| self.holds(row, conditions)).count() as u64;
            }
            Value::Column(_) | Value::Overlap | Value::RowsPerAgent => {}
        }
        values.sort_unstable();
        for percentile in &measured.percentiles {
            let Some((rank, fraction)) = percentile.rank(values.len() as u64) else { continue };
            let low = values[rank as usize];
            let high = values.get(rank as usize + 1).copied().unwrap_or(low);
            figures.percentiles.push(low as f64 + (high - low) as f64 * (f64::from(fraction) / 100_000.0));
        }
        figures
    }
}
