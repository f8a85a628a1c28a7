//! Every figure of one case: the 41 of Kayako's case metrics (SEMANTICS 3.3), then four of ours.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::context::ask;
use super::person::Person;
use super::scalars::{DateTime, seconds};
use crate::model::instant::whole_seconds;
use crate::record::CaseRecord;

/// The figures of a case.
pub struct CaseMetrics(pub Arc<CaseRecord>);

/// Every figure of one case; times in whole seconds of calendar or business time, 0 when it never happened; instants null when it
/// never happened
#[Object]
impl CaseMetrics {
    /// Indicates the case was resolved, never reopened, and had at most one agent reply before
    async fn is_first_contact_resolved(&self) -> bool {
        self.0.is_first_contact_resolved
    }
    /// Indicates the case was reopened
    async fn was_reopened(&self) -> bool {
        self.0.reopen_count > 0
    }
    /// When the case was last reopened; null when never
    async fn last_reopened_at(&self) -> Option<DateTime> {
        self.0.last_reopened_at.map(DateTime)
    }
    /// When the case was first assigned to an agent, one given at creation not counted; null when never
    async fn first_assignment_at(&self) -> Option<DateTime> {
        self.0.first_assignment_at.map(DateTime)
    }
    /// When the case was last assigned to an agent; null when never
    async fn last_assignment_at(&self) -> Option<DateTime> {
        self.0.last_assignment_at.map(DateTime)
    }
    /// When the requester last wrote, the opening message not counted, or changed something; null when never
    async fn last_activity_by_requester_at(&self) -> Option<DateTime> {
        self.0.last_activity_by_requester_at.map(DateTime)
    }
    /// When an agent who had the case then last wrote, noted or changed something; null when never
    async fn last_activity_by_assignee_at(&self) -> Option<DateTime> {
        self.0.last_activity_by_assignee_at.map(DateTime)
    }
    /// When an agent last replied in public; null when never
    async fn last_reply_by_agent_at(&self) -> Option<DateTime> {
        self.0.last_reply_by_agent_at.map(DateTime)
    }
    /// When an agent who had the case then last replied in public; null when never
    async fn last_reply_by_assignee_at(&self) -> Option<DateTime> {
        self.0.last_reply_by_assignee_at.map(DateTime)
    }
    /// When the requester last wrote in public, the opening message not counted; null when never
    async fn last_reply_by_requester_at(&self) -> Option<DateTime> {
        self.0.last_reply_by_requester_at.map(DateTime)
    }
    /// When any customer last wrote in public, the opening message not counted; null when never
    async fn last_reply_by_customer_at(&self) -> Option<DateTime> {
        self.0.last_reply_by_customer_at.map(DateTime)
    }
    /// When an agent last changed or wrote something; null when never
    async fn agent_updated_at(&self) -> Option<DateTime> {
        self.0.agent_updated_at.map(DateTime)
    }
    /// When any customer last changed or wrote something; null when never
    async fn customer_updated_at(&self) -> Option<DateTime> {
        self.0.customer_updated_at.map(DateTime)
    }
    /// When the requester last changed or wrote something; null when never
    async fn requester_updated_at(&self) -> Option<DateTime> {
        self.0.requester_updated_at.map(DateTime)
    }
    /// When the team last changed; null when never
    async fn team_updated_at(&self) -> Option<DateTime> {
        self.0.team_updated_at.map(DateTime)
    }
    /// When the priority last changed; null when never
    async fn priority_updated_at(&self) -> Option<DateTime> {
        self.0.priority_updated_at.map(DateTime)
    }
    /// When the type last changed; null when never
    async fn type_updated_at(&self) -> Option<DateTime> {
        self.0.type_updated_at.map(DateTime)
    }
    /// When the status last changed; null when never
    async fn status_updated_at(&self) -> Option<DateTime> {
        self.0.status_updated_at.map(DateTime)
    }
    /// Number of times the case was reopened
    async fn reopen_count(&self) -> i32 {
        self.0.reopen_count
    }
    /// When the case was resolved for as long as it stays so; null while it is not resolved or closed
    async fn resolution_at(&self) -> Option<DateTime> {
        self.0.resolution_at.map(DateTime)
    }
    /// Number of agents who replied or had the case up to the resolution; 0 while unresolved
    async fn agents_to_resolution(&self) -> i32 {
        self.0.agents_to_resolution
    }
    /// Number of public agent replies up to the resolution; 0 while unresolved
    async fn replies_to_resolution(&self) -> i32 {
        self.0.replies_to_resolution
    }
    /// Author of the latest public message; null when nobody wrote, or the author is unknown
    async fn last_replier(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Person>> {
        Person::find(ask(ctx)?, self.0.last_replier.as_ref()).await
    }
    /// Author of the standing resolution; null while unresolved and for automation
    async fn resolved_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Person>> {
        Person::find(ask(ctx)?, self.0.resolved_by.as_ref()).await
    }
    /// Creation to resolution less time resolved or closed in between, in whole seconds; 0 while unresolved
    async fn resolution_calendar_time(&self) -> i32 {
        whole_seconds(self.0.resolution_calendar_ms, 1)
    }
    /// The same in business hours, in whole seconds; 0 while unresolved
    async fn resolution_business_time(&self) -> i32 {
        whole_seconds(self.0.resolution_business_ms, 1)
    }
    /// Mean time from a reply of the requester to the next agent reply, the first response not counted, in whole seconds; 0 when none
    async fn average_calendar_response_time(&self) -> i32 {
        whole_seconds(self.0.customer_wait_calendar_ms, self.0.reply_gap_count)
    }
    /// The same in business hours, in whole seconds; 0 when none
    async fn average_business_response_time(&self) -> i32 {
        whole_seconds(self.0.customer_wait_business_ms, self.0.reply_gap_count)
    }
    /// Creation to the first public agent reply, in whole seconds; 0 while there is none
    async fn agent_first_calendar_response_time(&self) -> i32 {
        whole_seconds(self.0.first_response_calendar_ms, 1)
    }
    /// The same in business hours, in whole seconds; 0 while there is none
    async fn agent_first_business_response_time(&self) -> i32 {
        whole_seconds(self.0.first_response_business_ms, 1)
    }
    /// Time agents waited for the requester, in whole seconds; 0 when never
    async fn agent_calendar_wait_time(&self) -> i32 {
        whole_seconds(self.0.agent_wait_calendar_ms, 1)
    }
    /// The same in business hours, in whole seconds; 0 when never
    async fn agent_business_wait_time(&self) -> i32 {
        whole_seconds(self.0.agent_wait_business_ms, 1)
    }
    /// Time the requester waited for agents after the first response, in whole seconds; 0 when never
    async fn customer_calendar_wait_time(&self) -> i32 {
        whole_seconds(self.0.customer_wait_calendar_ms, 1)
    }
    /// The same in business hours, in whole seconds; 0 when never
    async fn customer_business_wait_time(&self) -> i32 {
        whole_seconds(self.0.customer_wait_business_ms, 1)
    }
    /// Number of changes of priority after creation
    async fn priority_change_count(&self) -> i32 {
        self.0.priority_change_count
    }
    /// Number of changes of SLA policy after creation
    async fn sla_change_count(&self) -> i32 {
        self.0.sla_change_count
    }
    /// Number of public agent replies
    async fn agent_reply_count(&self) -> i32 {
        self.0.agent_reply_count
    }
    /// Number of public messages of the requester, the opening message not counted
    async fn requester_reply_count(&self) -> i32 {
        self.0.requester_reply_count
    }
    /// Number of changes of the agent who has the case after creation
    async fn assignee_change_count(&self) -> i32 {
        self.0.assignee_change_count
    }
    /// Number of changes of team after creation
    async fn team_change_count(&self) -> i32 {
        self.0.team_change_count
    }
    /// Number of agent actions: replies, notes and changes; those saved together are one
    async fn agent_touch_count(&self) -> i32 {
        self.0.agent_touch_count
    }
    /// First customer message of the run that the first agent reply answers to that reply, in seconds; from creation when no customer wrote before; null while there is no reply
    async fn first_response_from_customer_message_seconds(&self) -> Option<f64> {
        self.0.first_response_from_customer_message_ms.map(seconds)
    }
    /// When the agent who had the case at the first reply got it to that reply, in seconds; null without either
    async fn reaction_seconds(&self) -> Option<f64> {
        self.0.reaction_ms.map(seconds)
    }
    /// Creation to closing, in seconds; null unless closed
    async fn chat_duration_seconds(&self) -> Option<f64> {
        self.0.chat_duration_ms.map(seconds)
    }
    /// When the agent who had the case at closing got it to closing, in seconds; null unless closed, and when nobody had it
    async fn service_seconds(&self) -> Option<f64> {
        self.0.service_ms.map(seconds)
    }
}
