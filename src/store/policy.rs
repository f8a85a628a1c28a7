//! Reading SLA policies and schedules, each with every version.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, Select};

use super::StoreError;
use super::case::count;
use super::entity::{business_hours, sla_policy};
use super::page::Keyset;
use super::reader::Reader;
use super::row::reference::{to_business_hours, to_sla_policy};
use crate::model::{BusinessHours, OrderDirection, Page, SlaPolicy, Window};

impl Reader {
    /// Every version of policies, the first version first.
    pub async fn policies(&self, ids: &[String]) -> Result<HashMap<String, Vec<SlaPolicy>>, StoreError> {
        let rows = self.rows_by::<sla_policy::Entity, _>(sla_policy::Column::Id, ids, Condition::all()).await?;
        versions(rows)
    }

    /// Every version of the policies of which a version has one of these names; of several the one with the smallest id.
    pub async fn policies_by_name(&self, names: &[String]) -> Result<HashMap<String, Vec<SlaPolicy>>, StoreError> {
        let named = Query::select()
            .column(sla_policy::Column::Id)
            .from(sla_policy::Entity)
            .and_where(self.in_workspace())
            .and_where(sla_policy::Column::Name.is_in(names))
            .take();
        let select =
            sla_policy::Entity::find().filter(self.in_workspace()).filter(sla_policy::Column::Id.in_subquery(named));
        let mut policies: Vec<_> = versions(select.all(self).await?)?.into_iter().collect();
        policies.sort_by(|a, b| a.0.cmp(&b.0));
        let of_name = |name: &String| {
            let found = policies.iter().find(|(_, versions)| versions.iter().any(|version| version.name == *name));
            found.map(|(_, versions)| (name.clone(), versions.clone()))
        };
        Ok(names.iter().filter_map(of_name).collect())
    }

    /// Every version of schedules, the first version first.
    pub async fn business_hours(&self, ids: &[String]) -> Result<HashMap<String, Vec<BusinessHours>>, StoreError> {
        let rows = self.rows_by::<business_hours::Entity, _>(business_hours::Column::Id, ids, Condition::all()).await?;
        let mut all: HashMap<String, Vec<BusinessHours>> = HashMap::new();
        for row in rows {
            all.entry(row.id.clone()).or_default().push(to_business_hours(row)?);
        }
        all.values_mut().for_each(|versions| versions.sort_by_key(|version| version.from));
        Ok(all)
    }

    /// A page of policies in the order in which they are tried, by their latest version; each with every version, the first first.
    pub async fn policies_page(&self, window: &Window) -> Result<Page<Vec<SlaPolicy>>, StoreError> {
        let of = |column| Expr::col((sla_policy::Entity, column));
        let order = Keyset {
            name: "position",
            columns: vec![of(sla_policy::Column::Position), of(sla_policy::Column::Id)],
            keys: |row: &sla_policy::Model| vec![row.position.into(), row.id.as_str().into()],
            like: vec![0.into(), "".into()],
            direction: OrderDirection::Asc,
            null_column: None,
        };
        let page = order.page(self.latest_policies(), window, self).await?;
        let ids: Vec<String> = page.items.iter().map(|(_, row)| row.id.clone()).collect();
        let mut all = self.policies(&ids).await?;
        page.try_map(|row| match all.remove(&row.id) {
            Some(versions) => Ok(versions),
            // Taken away between the two statements; what was just read still stands.
            None => Ok(vec![to_sla_policy(row)?]),
        })
    }

    /// How many policies there are, versions not counted.
    pub async fn count_policies(&self) -> Result<i64, StoreError> {
        count(self.latest_policies().count(self).await?)
    }

    fn latest_policies(&self) -> Select<sla_policy::Entity> {
        let later = |column| Expr::col(("later", column));
        let later_version = Query::select()
            .expr(Expr::val(1))
            .from_as(sla_policy::Entity, "later")
            .and_where(later(sla_policy::Column::Workspace).eq(self.workspace()))
            .and_where(later(sla_policy::Column::Id).equals((sla_policy::Entity, sla_policy::Column::Id)))
            .and_where(
                later(sla_policy::Column::FromAt).gt(Expr::col((sla_policy::Entity, sla_policy::Column::FromAt))),
            )
            .take();
        sla_policy::Entity::find().filter(self.in_workspace()).filter(Expr::not_exists(later_version))
    }
}

fn versions(rows: Vec<sla_policy::Model>) -> Result<HashMap<String, Vec<SlaPolicy>>, StoreError> {
    let mut all: HashMap<String, Vec<SlaPolicy>> = HashMap::new();
    for row in rows {
        all.entry(row.id.clone()).or_default().push(to_sla_policy(row)?);
    }
    all.values_mut().for_each(|versions| versions.sort_by_key(|version| version.from));
    Ok(all)
}
