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
    pub async fn agents(&self, ids: &[String]) -> Result<HashMap<String, Agent>, Error> {
        Ok(self.reader()?.agents(ids).await?)
    }
    /// Agents by login name.
    pub async fn agents_by_username(&self, names: &[String]) -> Result<HashMap<String, Agent>, Error> {
        Ok(self.reader()?.agents_by_username(names).await?)
    }
    /// Agents by number.
    pub async fn agents_by_number(&self, numbers: &[i64]) -> Result<HashMap<i64, Agent>, Error> {
        Ok(self.reader()?.agents_by_number(numbers).await?)
    }
    /// Presence of agents now; absent for an agent of whom no presence line came.
    pub async fn presence_now(&self, agents: &[String]) -> Result<HashMap<String, PresenceRecord>, Error> {
        Ok(self.reader()?.presence_now(agents).await?)
    }
    /// Teams by id.
    pub async fn teams(&self, ids: &[String]) -> Result<HashMap<String, Team>, Error> {
        Ok(self.reader()?.teams(ids).await?)
    }
    /// Teams by display name; of several with one name the one with the smallest id. So too for queues and policies.
    pub async fn teams_by_name(&self, names: &[String]) -> Result<HashMap<String, Team>, Error> {
        Ok(self.reader()?.teams_by_name(names).await?)
    }
    /// Queues by id.
    pub async fn queues(&self, ids: &[String]) -> Result<HashMap<String, Queue>, Error> {
        Ok(self.reader()?.queues(ids).await?)
    }
    /// Queues by display name.
    pub async fn queues_by_name(&self, names: &[String]) -> Result<HashMap<String, Queue>, Error> {
        Ok(self.reader()?.queues_by_name(names).await?)
    }
    /// Tags by id.
    pub async fn tags(&self, ids: &[String]) -> Result<HashMap<String, Tag>, Error> {
        Ok(self.reader()?.tags(ids).await?)
    }
    /// Channels by key.
    pub async fn channels(&self, ids: &[String]) -> Result<HashMap<String, Channel>, Error> {
        Ok(self.reader()?.channels(ids).await?)
    }
    /// Contact points by id.
    pub async fn contact_points(&self, ids: &[String]) -> Result<HashMap<String, ContactPoint>, Error> {
        Ok(self.reader()?.contact_points(ids).await?)
    }
    /// Customers by id.
    pub async fn customers(&self, ids: &[String]) -> Result<HashMap<String, Customer>, Error> {
        Ok(self.reader()?.customers(ids).await?)
    }
    /// Every version of policies by id, the first version first; never an empty list.
    pub async fn policies(&self, ids: &[String]) -> Result<HashMap<String, Vec<SlaPolicy>>, Error> {
        Ok(self.reader()?.policies(ids).await?)
    }
    /// Every version of policies by the display name of any version.
    pub async fn policies_by_name(&self, names: &[String]) -> Result<HashMap<String, Vec<SlaPolicy>>, Error> {
        Ok(self.reader()?.policies_by_name(names).await?)
    }
    /// Every version of schedules by id, the first version first; never an empty list.
    pub async fn business_hours(&self, ids: &[String]) -> Result<HashMap<String, Vec<BusinessHours>>, Error> {
        Ok(self.reader()?.business_hours(ids).await?)
    }

    /// A page of agents whose name, login name, external id or number contain `search`, whatever its case.
    pub async fn agents_page(
        &self,
        search: Option<&str>,
        order: Order<AgentOrderField>,
        window: &Window,
    ) -> Result<Page<Agent>, Error> {
        Ok(self.reader()?.agents_page(search, order, window).await?)
    }
    /// Agents that `search` finds, all pages together.
    pub async fn count_agents(&self, search: Option<&str>) -> Result<i64, Error> {
        Ok(self.reader()?.count_agents(search).await?)
    }
    /// A page of teams by name.
    pub async fn teams_page(&self, window: &Window) -> Result<Page<Team>, Error> {
        Ok(self.reader()?.teams_page(window).await?)
    }
    /// All teams.
    pub async fn count_teams(&self) -> Result<i64, Error> {
        Ok(self.reader()?.count_teams().await?)
    }
    /// A page of queues by name.
    pub async fn queues_page(&self, window: &Window) -> Result<Page<Queue>, Error> {
        Ok(self.reader()?.queues_page(window).await?)
    }
    /// All queues.
    pub async fn count_queues(&self) -> Result<i64, Error> {
        Ok(self.reader()?.count_queues().await?)
    }
    /// A page of tags by name.
    pub async fn tags_page(&self, window: &Window) -> Result<Page<Tag>, Error> {
        Ok(self.reader()?.tags_page(window).await?)
    }
    /// All tags.
    pub async fn count_tags(&self) -> Result<i64, Error> {
        Ok(self.reader()?.count_tags().await?)
    }
    /// A page of contact points by label.
    pub async fn contact_points_page(&self, window: &Window) -> Result<Page<ContactPoint>, Error> {
        Ok(self.reader()?.contact_points_page(window).await?)
    }
    /// All contact points.
    pub async fn count_contact_points(&self) -> Result<i64, Error> {
        Ok(self.reader()?.count_contact_points().await?)
    }
    /// A page of policies in the order in which their latest versions are tried, each with every version, the first version first.
    pub async fn policies_page(&self, window: &Window) -> Result<Page<Vec<SlaPolicy>>, Error> {
        Ok(self.reader()?.policies_page(window).await?)
    }
    /// All policies, versions not counted.
    pub async fn count_policies(&self) -> Result<i64, Error> {
        Ok(self.reader()?.count_policies().await?)
    }
    /// Every channel by key; `Limit` over 1,000.
    pub async fn all_channels(&self) -> Result<Vec<Channel>, Error> {
        Ok(self.reader()?.all_channels().await?)
    }
}
