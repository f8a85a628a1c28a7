//! The people and places that a line may name before a line of their own comes.

use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

use super::before::left;
use super::slot::{Slot, Table};
use crate::model::{Agent, Channel, ContactPoint, Customer, Queue, Tag, Team};
use crate::store::bulk::{self, Among, texts};
use crate::store::entity::{agent, channel, contact_point, customer, queue, tag, team};
use crate::store::transaction::Transaction;
use crate::store::{StoreError, row};

/// Stands for a number that is still to be assigned.
pub const UNASSIGNED: i64 = i64::MIN;

/// Something kept by id that a mere mention makes.
pub trait Kept: Clone + PartialEq {
    /// Its table.
    type Entity: EntityTrait<Model: IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel>>;
    /// The one of a row.
    fn from_row(row: <Self::Entity as EntityTrait>::Model) -> Result<Self, StoreError>;
    /// Its row.
    fn row(&self, workspace: &str) -> <Self::Entity as EntityTrait>::Model;
    /// Its id.
    fn id(&self) -> &str;
    /// The one that a mention makes.
    fn mentioned(id: &str) -> Self;
}

macro_rules! kept {
    ($type:ident, $entity:ident, $mentioned:expr, $from:expr, $to:expr) => {
        impl Kept for $type {
            type Entity = $entity::Entity;
            fn from_row(row: $entity::Model) -> Result<$type, StoreError> {
                $from(row)
            }
            fn row(&self, workspace: &str) -> $entity::Model {
                $to(workspace, self)
            }
            fn id(&self) -> &str {
                &self.id
            }
            fn mentioned(id: &str) -> $type {
                $mentioned(id)
            }
        }
    };
}

kept!(Team, team, Team::named, |row| Ok(row::directory::to_team(row)), row::directory::of_team);
kept!(Queue, queue, Queue::named, |row| Ok(row::directory::to_queue(row)), row::directory::of_queue);
kept!(Tag, tag, Tag::named, |row| Ok(row::directory::to_tag(row)), row::directory::of_tag);
kept!(Channel, channel, Channel::named, |row| Ok(row::directory::to_channel(row)), row::directory::of_channel);
kept!(Customer, customer, Customer::named, |row| Ok(row::directory::to_customer(row)), row::directory::of_customer);
kept!(
    ContactPoint,
    contact_point,
    ContactPoint::named,
    |row| Ok(row::directory::to_contact_point(row)),
    row::directory::of_contact_point
);
// The teams of an agent are rows of their own, read and written apart.
kept!(
    Agent,
    agent,
    |id| Agent::named(id, UNASSIGNED),
    |row| row::directory::to_agent(row, Vec::new()),
    row::directory::of_agent
);

/// Looks up the ids that neither the table nor the one of the batch before knows; gives those that were looked up now.
pub async fn fill<'a, T: Kept>(
    db: &impl ConnectionTrait,
    workspace: &str,
    table: &mut Table<T>,
    before: Option<&Table<T>>,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<String>, StoreError> {
    let mut missing: Vec<String> = ids.into_iter().filter(|id| !table.contains_key(*id)).map(str::to_owned).collect();
    missing.sort_unstable();
    missing.dedup();
    missing.retain(|id| {
        let of_before = before.and_then(|before| before.get(id));
        table.insert(id.clone(), of_before.map_or_else(Slot::default, left));
        of_before.is_none()
    });
    let among = Among { workspace, and: None, column: "id" };
    for row in bulk::select::<T::Entity>(db, among, &texts(&missing)).await? {
        let value = T::from_row(row)?;
        table.insert(value.id().to_owned(), Slot::stored(value));
    }
    Ok(missing)
}

/// Makes those of the looked-up ids that are not there.
pub fn make_mentioned<'a, T: Kept>(table: &mut Table<T>, ids: impl IntoIterator<Item = &'a str>) {
    for id in ids {
        if let Some(slot) = table.get_mut(id)
            && slot.now.is_none()
        {
            slot.now = Some(T::mentioned(id));
        }
    }
}

/// Writes what is new or has changed.
pub async fn save<T: Kept>(db: &Transaction, workspace: &str, table: &Table<T>) -> Result<(), StoreError> {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for slot in table.values().filter(|slot| slot.is_dirty()) {
        let Some(value) = &slot.now else { continue };
        let rows = if slot.before.is_some() { &mut old } else { &mut new };
        rows.push(value.row(workspace));
    }
    bulk::insert::<T::Entity>(db, new).await?;
    bulk::upsert::<T::Entity>(db, old).await
}
