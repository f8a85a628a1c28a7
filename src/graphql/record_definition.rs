//! Kinds of records: the rows behind metrics, and their fields.

use async_graphql::{ID, Object, SimpleObject};

use super::catalogue_enums::{FieldType, RecordId};
use super::metric_definition::{FilterDefinition, MetricDefinition, filters};
use super::node::{Kind, global_id};
use crate::metric::catalog;
use crate::record::RecordKind;
use crate::record::column::{FieldInfo, fields};

/// One kind of records.
#[derive(Clone, Copy)]
pub struct RecordDefinition(pub RecordKind);

/// What a kind of records is
#[Object]
impl RecordDefinition {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::RecordDefinition, self.0.word())
    }
    /// Which kind
    async fn key(&self) -> RecordId {
        self.0.into()
    }
    /// What one record is
    async fn description(&self) -> &str {
        self.0.description()
    }
    /// What they can be filtered by
    async fn filters(&self) -> Vec<FilterDefinition> {
        filters(catalog::attributes(self.0))
    }
    /// Metrics of these records
    async fn metrics(&self) -> Vec<MetricDefinition> {
        catalog::METRICS.iter().filter(|metric| metric.kind == self.0).map(MetricDefinition).collect()
    }
    /// Their fields
    async fn fields(&self) -> Vec<FieldDefinition> {
        fields(self.0).into_iter().map(FieldDefinition::from).collect()
    }
}

/// A field of a kind of records
#[derive(SimpleObject)]
pub struct FieldDefinition {
    /// Its name
    name: String,
    /// What it means
    description: String,
    /// Indicates it may have no value
    is_nullable: bool,
    /// What its values are
    #[graphql(name = "type")]
    field_type: FieldType,
}

impl From<FieldInfo> for FieldDefinition {
    fn from(info: FieldInfo) -> FieldDefinition {
        FieldDefinition {
            name: info.name.to_owned(),
            description: info.description.to_owned(),
            is_nullable: info.is_nullable,
            field_type: info.of.into(),
        }
    }
}
