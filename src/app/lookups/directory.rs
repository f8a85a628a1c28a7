//! Agents, teams, queues, tags, channels, contact points, customers, policies and schedules. All but customers are visible to the whole
//! workspace; a customer is visible to a restricted viewer through a visible case of the customer's.

use std::collections::HashMap;

use super::Lookups;
use crate::app::Error;
use crate::model::{
    Agent, AgentOrderField, BusinessHours, Channel, ContactPoint, Customer, Order, Page, Queue, SlaPolicy, Tag, Team,
    Window,
};
use crate::record::PresenceRecord;

/// Every method fails with `Forbidden`, `Unavailable` or `Internal`; pages also with `Invalid` and `Limit` for a cursor or search text
/// that is wrong.
impl Lookups {
    /// Agents by id, with the ids of their teams.
    pub async fn agents(&self, _ids: &[String]) -> Result<HashMap<String, Agent>, Error> {
        Err(Error::Internal)
    }
    /// Agents by login name.
    pub async fn agents_by_username(&self, _names: &[String]) -> Result<HashMap<String, Agent>, Error> {
        Err(Error::Internal)
    }
    /// Agents by number.
    pub async fn agents_by_number(&self, _numbers: &[i64]) -> Result<HashMap<i64, Agent>, Error> {
        Err(Error::Internal)
    }
    /// Presence of agents now; absent for an agent of whom no presence line came.
    pub async fn presence_now(&self, _agents: &[String]) -> Result<HashMap<String, PresenceRecord>, Error> {
        Err(Error::Internal)
    }
    /// Teams by id.
    pub async fn teams(&self, _ids: &[String]) -> Result<HashMap<String, Team>, Error> {
        Err(Error::Internal)
    }
    /// Teams by display name; of several with one name the one with the smallest id. So too for queues and policies.
    pub async fn teams_by_name(&self, _names: &[String]) -> Result<HashMap<String, Team>, Error> {
        Err(Error::Internal)
    }
    /// Queues by id.
    pub async fn queues(&self, _ids: &[String]) -> Result<HashMap<String, Queue>, Error> {
        Err(Error::Internal)
    }
    /// Queues by display name.
    pub async fn queues_by_name(&self, _names: &[String]) -> Result<HashMap<String, Queue>, Error> {
        Err(Error::Internal)
    }
    /// Tags by id.
    pub async fn tags(&self, _ids: &[String]) -> Result<HashMap<String, Tag>, Error> {
        Err(Error::Internal)
    }
    /// Channels by key.
    pub async fn channels(&self, _ids: &[String]) -> Result<HashMap<String, Channel>, Error> {
        Err(Error::Internal)
    }
    /// Contact points by id.
    pub async fn contact_points(&self, _ids: &[String]) -> Result<HashMap<String, ContactPoint>, Error> {
        Err(Error::Internal)
    }
    /// Customers by id.
    pub async fn customers(&self, _ids: &[String]) -> Result<HashMap<String, Customer>, Error> {
        Err(Error::Internal)
    }
    /// Every version of policies by id, the first version first; never an empty list.
    pub async fn policies(&self, _ids: &[String]) -> Result<HashMap<String, Vec<SlaPolicy>>, Error> {
        Err(Error::Internal)
    }
    /// Every version of policies by the display name of any version.
    pub async fn policies_by_name(&self, _names: &[String]) -> Result<HashMap<String, Vec<SlaPolicy>>, Error> {
        Err(Error::Internal)
    }
    /// Every version of schedules by id, the first version first; never an empty list.
    pub async fn business_hours(&self, _ids: &[String]) -> Result<HashMap<String, Vec<BusinessHours>>, Error> {
        Err(Error::Internal)
    }

    /// A page of agents whose name, login name, external id or number contain `search`, whatever its case.
    pub async fn agents_page(
        &self,
        _search: Option<&str>,
        _order: Order<AgentOrderField>,
        _window: &Window,
    ) -> Result<Page<Agent>, Error> {
        Err(Error::Internal)
    }
    /// Agents that `search` finds, all pages together.
    pub async fn count_agents(&self, _search: Option<&str>) -> Result<i64, Error> {
        Err(Error::Internal)
    }
    /// A page of teams by name.
    pub async fn teams_page(&self, _window: &Window) -> Result<Page<Team>, Error> {
        Err(Error::Internal)
    }
    /// All teams.
    pub async fn count_teams(&self) -> Result<i64, Error> {
        Err(Error::Internal)
    }
    /// A page of queues by name.
    pub async fn queues_page(&self, _window: &Window) -> Result<Page<Queue>, Error> {
        Err(Error::Internal)
    }
    /// All queues.
    pub async fn count_queues(&self) -> Result<i64, Error> {
        Err(Error::Internal)
    }
    /// A page of tags by name.
    pub async fn tags_page(&self, _window: &Window) -> Result<Page<Tag>, Error> {
        Err(Error::Internal)
    }
    /// All tags.
    pub async fn count_tags(&self) -> Result<i64, Error> {
        Err(Error::Internal)
    }
    /// A page of contact points by label.
    pub async fn contact_points_page(&self, _window: &Window) -> Result<Page<ContactPoint>, Error> {
        Err(Error::Internal)
    }
    /// All contact points.
    pub async fn count_contact_points(&self) -> Result<i64, Error> {
        Err(Error::Internal)
    }
    /// A page of policies by id, each with every version, the first version first.
    pub async fn policies_page(&self, _window: &Window) -> Result<Page<Vec<SlaPolicy>>, Error> {
        Err(Error::Internal)
    }
    /// All policies, versions not counted.
    pub async fn count_policies(&self) -> Result<i64, Error> {
        Err(Error::Internal)
    }
    /// Every channel by key; `Limit` over 1,000.
    pub async fn all_channels(&self) -> Result<Vec<Channel>, Error> {
        Err(Error::Internal)
    }
}
