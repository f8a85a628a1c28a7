//! Pingback's overview.

use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{bearer, get};
use crate::world::World;

const PATH: &str = "/api/v1/analytics/overview";
