//! Shape `cases`: one row a case, with the instants of what happened to it in columns.

use crate::model::{Actor, ActorKind, CaseStatus, EventPatch, FieldError, Instant, Patch, Visibility};

use super::SourceError;
use super::case_fields::{CaseFields, Field};
use super::events_out::{Pending, Place, by_agent, event_id, push_case, push_event, push_status};
use super::mapping::Mapping;
use super::table::{Column, Row, Table, required};

/// Columns of a table of cases.
pub(super) struct CaseRows {
    id: Column,
    created_at: Column,
    fields: CaseFields,
    status_at: Option<Column>,
    first_response_at: Option<Column>,
    first_response_by: Option<Column>,
    resolved_at: Option<Column>,
    resolved_by: Option<Column>,
    closed_at: Option<Column>,
    closed_by: Option<Column>,
    score: Option<Column>,
    rated_at: Option<Column>,
    comment: Option<Column>,
}

/// The instants of a row.
struct Dates {
    created_at: Instant,
    responded_at: Option<Instant>,
    resolved_at: Option<Instant>,
    closed_at: Option<Instant>,
    status_at: Option<Instant>,
}

impl CaseRows {
    pub(super) fn find(table: &Table, mapping: &Mapping) -> Result<CaseRows, SourceError> {
        let find = |field: &str| mapping.columns.get(field).map(|name| table.column(name)).transpose();
        Ok(CaseRows {
            id: table.column(&mapping.id)?,
            // Required when the mapping was read.
            created_at: table.column(mapping.columns.get("created_at").map_or("", String::as_str))?,
            fields: CaseFields::find(table, mapping)?,
            status_at: find("status_at")?,
            first_response_at: find("first_response_at")?,
            first_response_by: find("first_response_by")?,
            resolved_at: find("resolved_at")?,
            resolved_by: find("resolved_by")?,
            closed_at: find("closed_at")?,
            closed_by: find("closed_by")?,
            score: find("score")?,
            rated_at: find("rated_at")?,
            comment: find("comment")?,
        })
    }

    /// The lines that a row makes.
    pub(super) fn read(&mut self, row: Row<'_>, pending: &mut Pending) -> Result<(), FieldError> {
        let case = required(row.id(&self.id)?, &self.id)?;
        let dates = self.dates(row)?;
        let values = (0..self.fields.len()).map(|place| self.fields.read(place, row)).collect::<Result<Vec<_>, _>>()?;
        let value = |field: &Field| self.fields.place(field).and_then(|place| values[place]);
        let responder = find(&self.first_response_by, row)?.or(value(&Field::Agent));
        let resolver = find(&self.resolved_by, row)?;
        let closer = find(&self.closed_by, row)?;
        let moves = self.moves(&dates, value(&Field::Status))?;
        let rating = self.rating(row, &dates)?;

        push_case(pending, row.line, self.fields.line(case, dates.created_at, |place| values[place]));
        let place = |at| Place::of_row(case, at, row.line);
        if let Some(at) = dates.responded_at {
            let author = Actor { kind: ActorKind::Agent, id: responder.map(str::to_owned) };
            let body = EventPatch::Message {
                visibility: Some(Visibility::Public),
                opening: Patch::Value(false),
                edited_at: Patch::Absent,
            };
            push_event(pending, place(at), event_id(case, "first_response"), Patch::Value(author), body);
        }
        for (at, status) in moves {
            let actor = match status {
                CaseStatus::Resolved => by_agent(resolver),
                CaseStatus::Closed => by_agent(closer),
                _ => Patch::Absent,
            };
            push_status(pending, place(at), event_id(case, status.word()), actor, status);
        }
        if let Some((at, body)) = rating {
            push_event(pending, place(at), event_id(case, "rating"), Patch::Absent, body);
        }
        Ok(())
    }

    fn dates(&self, row: Row<'_>) -> Result<Dates, FieldError> {
        let find = |column: &Option<Column>| column.as_ref().map_or(Ok(None), |column| row.instant(column));
        Ok(Dates {
            created_at: required(row.instant(&self.created_at)?, &self.created_at)?,
            responded_at: find(&self.first_response_at)?,
            resolved_at: find(&self.resolved_at)?,
            closed_at: find(&self.closed_at)?,
            status_at: find(&self.status_at)?,
        })
    }

    /// The statuses that the row tells of, each with its instant, the one held now last.
    fn moves(&self, dates: &Dates, status: Option<&str>) -> Result<Vec<(Instant, CaseStatus)>, FieldError> {
        let dated = [(dates.resolved_at, CaseStatus::Resolved), (dates.closed_at, CaseStatus::Closed)];
        let mut moves: Vec<_> = dated.into_iter().filter_map(|(at, status)| Some((at?, status))).collect();
        let Some(now) = status.and_then(|text| self.fields.status(text)) else { return Ok(moves) };
        let is_told = moves.iter().any(|(_, status)| *status == now);
        if is_told || (now == CaseStatus::New && moves.is_empty()) {
            return Ok(moves);
        }
        let last_at = moves.iter().map(|(at, _)| *at).max();
        let at = match (dates.status_at, now.is_terminal()) {
            (Some(at), _) => Some(at),
            (None, true) => last_at,
            (None, false) => last_at.max(dates.responded_at).max(Some(dates.created_at)),
        };
        let Some(at) = at else {
            let name = self.fields.column_name(&Field::Status);
            return Err(FieldError::new(name, format!("is {now}, but no column says since when")));
        };
        moves.push((at, now));
        Ok(moves)
    }

    fn rating(&self, row: Row<'_>, dates: &Dates) -> Result<Option<(Instant, EventPatch)>, FieldError> {
        let Some(column) = &self.score else { return Ok(None) };
        let Some(text) = row.text(column) else { return Ok(None) };
        let score = text.parse::<f64>().ok().filter(|score| score.fract() == 0.0 && (1.0..=5.0).contains(score));
        let Some(score) = score else {
            return Err(FieldError::new(&column.name, "must be an integer from 1 to 5"));
        };
        let rated_at = self.rated_at.as_ref().map_or(Ok(None), |column| row.instant(column))?;
        let Some(at) = rated_at.or(dates.closed_at).or(dates.resolved_at) else {
            return Err(FieldError::new(&column.name, "is a rating, but no column says when it was given"));
        };
        let comment = self.comment.as_ref().map_or(Ok(None), |column| row.long_text(column))?;
        let body = EventPatch::Rating {
            offered_at: Patch::Absent,
            score: Patch::Value(score as i32),
            comment: comment.map_or(Patch::Absent, |text| Patch::Value(text.to_owned())),
            agent: Patch::Absent,
            team: Patch::Absent,
            queue: Patch::Absent,
        };
        Ok(Some((at, body)))
    }
}

fn find<'r>(column: &Option<Column>, row: Row<'r>) -> Result<Option<&'r str>, FieldError> {
    column.as_ref().map_or(Ok(None), |column| row.id(column))
}
