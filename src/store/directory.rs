//! Reading the directory: agents, teams, queues, tags, channels, contact points, customers, and presence.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};

use super::StoreError;
use super::case::count;
use super::entity::{
    agent, agent_team, case_record, channel, contact_point, customer, presence_record, queue, tag, team,
};
use super::filter::contains;
use super::page::Keyset;
use super::reader::Reader;
use super::row::directory::{
    to_agent, to_channel, to_contact_point, to_customer, to_presence_record, to_queue, to_tag, to_team,
};
use crate::model::case_question::search_text;
use crate::model::{
    Agent, AgentOrderField, Channel, ContactPoint, Customer, Key, Order, OrderDirection, Page, Queue, Tag, Team, Window,
};
use crate::record::PresenceRecord;

/// Most channels that are listed at once.
pub const MAX_CHANNELS: usize = 1_000;

impl Reader {
    /// Agents by id.
    pub async fn agents(&self, ids: &[String]) -> Result<HashMap<String, Agent>, StoreError> {
        let agents = self.agents_where(agent::Column::Id.is_in(ids)).await?;
        Ok(agents.into_iter().map(|agent| (agent.id.clone(), agent)).collect())
    }

    /// Agents by login name; of several with one name the one with the smallest id.
    pub async fn agents_by_username(&self, names: &[String]) -> Result<HashMap<String, Agent>, StoreError> {
        let agents = self.agents_where(agent::Column::Username.is_in(names)).await?;
        Ok(agents.into_iter().rev().filter_map(|agent| Some((agent.username.clone()?, agent))).collect())
    }

    /// Agents by number.
    pub async fn agents_by_number(&self, numbers: &[i64]) -> Result<HashMap<i64, Agent>, StoreError> {
        let agents = self.agents_where(agent::Column::Number.is_in(numbers.iter().copied())).await?;
        Ok(agents.into_iter().rev().map(|agent| (agent.number, agent)).collect())
    }

    /// Agents with their teams in one statement, by id.
    async fn agents_where(&self, which: Expr) -> Result<Vec<Agent>, StoreError> {
        let membership: RelationDef = agent::Entity::belongs_to(agent_team::Entity)
            .from((agent::Column::Workspace, agent::Column::Id))
            .to((agent_team::Column::Workspace, agent_team::Column::Agent))
            .into();
        let query = agent::Entity::find()
            .column_as(agent_team::Column::Team, "member_of")
            .join(JoinType::LeftJoin, membership)
            .filter(agent::Column::Workspace.eq(self.workspace()))
            .filter(which)
            .order_by_asc(agent::Column::Id)
            .into_query();
        let mut found: Vec<(agent::Model, Vec<String>)> = Vec::new();
        for row in self.query_all(&query).await? {
            let agent = agent::Model::from_query_result(&row, "")?;
            let team: Option<String> = row.try_get("", "member_of")?;
            match found.last_mut() {
                Some((last, teams)) if last.id == agent.id => teams.extend(team),
                _ => found.push((agent, team.into_iter().collect())),
            }
        }
        found.into_iter().map(|(agent, teams)| to_agent(agent, teams)).collect()
    }

    /// A page of the agents whose name, login name, id or number contain `search`.
    pub async fn agents_page(
        &self,
        search: Option<&str>,
        order: Order<AgentOrderField>,
        window: &Window,
    ) -> Result<Page<Agent>, StoreError> {
        let page = agent_order(order).page(self.agents_found(search)?, window, self).await?;
        let ids: Vec<String> = page.items.iter().map(|(_, agent)| agent.id.clone()).collect();
        let members = self.rows_by::<agent_team::Entity, _>(agent_team::Column::Agent, &ids, Condition::all()).await?;
        let mut teams: HashMap<String, Vec<String>> = HashMap::new();
        for member in members {
            teams.entry(member.agent).or_default().push(member.team);
        }
        page.try_map(|row| {
            let teams = teams.remove(&row.id).unwrap_or_default();
            to_agent(row, teams)
        })
    }

    /// How many agents `search` finds.
    pub async fn count_agents(&self, search: Option<&str>) -> Result<i64, StoreError> {
        count(self.agents_found(search)?.count(self).await?)
    }

    fn agents_found(&self, search: Option<&str>) -> Result<Select<agent::Entity>, StoreError> {
        let select = agent::Entity::find().filter(self.in_workspace());
        let Some(text) = search_text(search)? else { return Ok(select) };
        Ok(select.filter(contains(agent::Column::SearchText, &text)))
    }

    /// Presence spells that last, by agent.
    pub async fn presence_now(&self, agents: &[String]) -> Result<HashMap<String, PresenceRecord>, StoreError> {
        let lasting = Condition::all().add(presence_record::Column::UntilAt.is_null());
        let rows = self.rows_by::<presence_record::Entity, _>(presence_record::Column::Agent, agents, lasting).await?;
        rows.into_iter().map(|row| Ok((row.agent.clone(), to_presence_record(row)?))).collect()
    }

    /// Customers by id, of whose cases the viewer sees one.
    pub async fn customers(&self, ids: &[String]) -> Result<HashMap<String, Customer>, StoreError> {
        let of_customer = Expr::col((case_record::Entity, case_record::Column::Requester))
            .equals((customer::Entity, customer::Column::Id));
        let seen = Query::select()
            .expr(Expr::val(1))
            .from(case_record::Entity)
            .cond_where(self.visible_cases().add(of_customer))
            .take();
        let visible = match self.is_restricted() {
            true => Condition::all().add(Expr::exists(seen)),
            false => Condition::all(),
        };
        let rows = self.rows_by::<customer::Entity, _>(customer::Column::Id, ids, visible).await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), to_customer(row))).collect())
    }

    /// Channels by key.
    pub async fn channels(&self, ids: &[String]) -> Result<HashMap<String, Channel>, StoreError> {
        let rows = self.rows_by::<channel::Entity, _>(channel::Column::Id, ids, Condition::all()).await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), to_channel(row))).collect())
    }

    /// Every channel by key.
    pub async fn all_channels(&self) -> Result<Vec<Channel>, StoreError> {
        let select = channel::Entity::find().filter(self.in_workspace()).order_by_asc(channel::Column::Id);
        let rows = select.limit(MAX_CHANNELS as u64 + 1).all(self).await?;
        if rows.len() > MAX_CHANNELS {
            return Err(StoreError::Limit(format!("there are more channels than the {MAX_CHANNELS} listed at once")));
        }
        Ok(rows.into_iter().map(to_channel).collect())
    }
}

/// The readers of one kind of thing: by id, by name, a page in the order of the name, and how many there are.
macro_rules! named {
    ($entity:ident, $model:ident, $name:ident, $field:ident, $turn:ident: $by_id:ident $by_name:ident $page:ident $count:ident) => {
        impl Reader {
            /// Those with these ids.
            pub async fn $by_id(&self, ids: &[String]) -> Result<HashMap<String, $model>, StoreError> {
                let rows = self.rows_by::<$entity::Entity, _>($entity::Column::Id, ids, Condition::all()).await?;
                Ok(rows.into_iter().map(|row| (row.id.clone(), $turn(row))).collect())
            }
            /// Those with these names; of several with one name the one with the smallest id.
            pub async fn $by_name(&self, names: &[String]) -> Result<HashMap<String, $model>, StoreError> {
                let all = Condition::all();
                let mut rows = self.rows_by::<$entity::Entity, _>($entity::Column::$name, names, all).await?;
                rows.sort_by(|a, b| b.id.cmp(&a.id));
                Ok(rows.into_iter().map(|row| (row.$field.clone(), $turn(row))).collect())
            }
            /// A page of them in the order of their names.
            pub async fn $page(&self, window: &Window) -> Result<Page<$model>, StoreError> {
                let of = |column| Expr::col(($entity::Entity, column));
                let order = Keyset {
                    name: stringify!($entity),
                    columns: vec![of($entity::Column::$name), of($entity::Column::Id)],
                    keys: |row: &$entity::Model| vec![row.$field.as_str().into(), row.id.as_str().into()],
                    like: vec!["".into(), "".into()],
                    direction: OrderDirection::Asc,
                    null_column: None,
                };
                let select = $entity::Entity::find().filter(self.in_workspace());
                order.page(select, window, self).await?.try_map(|row| Ok($turn(row)))
            }
            /// How many there are.
            pub async fn $count(&self) -> Result<i64, StoreError> {
                count($entity::Entity::find().filter(self.in_workspace()).count(self).await?)
            }
        }
    };
}
named!(team, Team, Name, name, to_team: teams teams_by_name teams_page count_teams);
named!(queue, Queue, Name, name, to_queue: queues queues_by_name queues_page count_queues);
named!(tag, Tag, Name, name, to_tag: tags tags_by_name tags_page count_tags);
named!(contact_point, ContactPoint, Label, label, to_contact_point: contact_points contact_points_by_label contact_points_page count_contact_points);

fn agent_order(order: Order<AgentOrderField>) -> Keyset<agent::Model> {
    let of = |column| Expr::col((agent::Entity, column));
    let (column, keys, first): (_, fn(&agent::Model) -> Vec<Key>, Key) = match order.field {
        AgentOrderField::Name => {
            (agent::Column::Name, |row| vec![row.name.as_str().into(), row.id.as_str().into()], "".into())
        }
        AgentOrderField::Number => {
            (agent::Column::Number, |row| vec![row.number.into(), row.id.as_str().into()], 0.into())
        }
    };
    Keyset {
        name: order.field.word(),
        columns: vec![of(column), of(agent::Column::Id)],
        keys,
        like: vec![first, "".into()],
        direction: order.direction,
        null_column: None,
    }
}
