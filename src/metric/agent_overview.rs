//! What each agent did with the cases created in a period, by Rocket.Chat's seven measures (SEMANTICS 1.3 and 8.1).

use std::sync::Arc;

use super::ask::Ask;
use super::definition::{Condition, Credit, Placed, Unit};
use super::figures::Figures;
use super::scan::{Block, GroupAnswer, GroupBy, Measured, Value};
use super::scope::Scope;
use crate::model::{FilterAttribute, words};
use crate::record::RecordKind;

words! {
    /// The measures.
    AgentMeasure {
        /// The agent's share of all served cases.
        CaseShare = "case_share",
        /// Mean of creation to close.
        AverageChatDuration = "average_chat_duration",
        /// Public messages of agents and bots.
        Messages = "messages",
        /// Mean of customer message to first reply.
        AverageFirstResponseTime = "average_first_response_time",
        /// Shortest of customer message to first reply.
        BestFirstResponseTime = "best_first_response_time",
        /// Mean of the cases' mean reply times.
        AverageResponseTime = "average_response_time",
        /// Mean of taking a case to first reply.
        AverageReactionTime = "average_reaction_time",
    }
}

impl AgentMeasure {
    /// What its values count in.
    pub fn unit(self) -> Unit {
        match self {
            AgentMeasure::CaseShare => Unit::Percent,
            AgentMeasure::Messages => Unit::Count,
            _ => Unit::Seconds,
        }
    }

    /// Indicates the largest value comes first.
    pub fn is_descending(self) -> bool {
        matches!(self, AgentMeasure::CaseShare | AgentMeasure::Messages | AgentMeasure::AverageChatDuration)
    }

    /// What asks for it: one group an agent. First responses are the first replier's, everything else is the agent's who has the case.
    pub fn ask(self, scope: &Scope) -> Ask {
        let is_first = matches!(self, AgentMeasure::AverageFirstResponseTime | AgentMeasure::BestFirstResponseTime);
        let credit = match is_first {
            true => Credit::FIRST_RESPONSE,
            false => Credit::Now,
        };
        // A length of 0 is none to Rocket.Chat.
        let (rows, value) = match self {
            AgentMeasure::CaseShare => (Vec::new(), Value::Count),
            AgentMeasure::Messages => (Vec::new(), Value::Column("agent_messages")),
            AgentMeasure::AverageChatDuration => at_least_1("chat_duration"),
            AgentMeasure::AverageFirstResponseTime | AgentMeasure::BestFirstResponseTime => {
                at_least_1("first_response_from_customer_message")
            }
            AgentMeasure::AverageResponseTime => at_least_1("mean_response"),
            AgentMeasure::AverageReactionTime => at_least_1("reaction"),
        };
        let selection = scope.select(Placed::At("created_at"), credit);
        let group_by = vec![GroupBy::Attribute(FilterAttribute::Agent)];
        let measures = vec![Measured { rows, value, percentiles: Vec::new() }];
        Ask { kind: RecordKind::Case, block: Block { selection, group_by, measures } }
    }

    /// An agent's value, given the number of all agents' cases; lengths in milliseconds. `None` for no rows.
    pub fn value(self, figures: &Figures, served_cases: u64) -> Option<f64> {
        match self {
            AgentMeasure::CaseShare => (served_cases > 0).then(|| figures.rows as f64 * 100.0 / served_cases as f64),
            AgentMeasure::Messages => Some(figures.sum as f64),
            AgentMeasure::BestFirstResponseTime => figures.minimum.map(|ms| ms as f64),
            _ => figures.average(),
        }
    }
}

impl AgentMeasure {
    /// The value of each agent who has one: lengths of time in milliseconds.
    pub fn values(self, groups: &[GroupAnswer]) -> Vec<(Arc<str>, f64)> {
        let of = |group: &'_ GroupAnswer| Some((group.key.first()?.clone()?, group.cells.first()?.clone()));
        let found: Vec<_> = groups.iter().filter_map(of).filter(|(_, figures)| figures.rows > 0).collect();
        let served_cases = found.iter().map(|(_, figures)| figures.rows).sum();
        found.into_iter().filter_map(|(id, figures)| Some((id, self.value(&figures, served_cases)?))).collect()
    }

    /// Puts agents in the order of their values, equal ones by name and id.
    pub fn sort<T>(self, rows: &mut [(T, f64)], name: impl Fn(&T) -> (String, String)) {
        rows.sort_by(|(a, a_value), (b, b_value)| {
            let order = a_value.total_cmp(b_value);
            let order = if self.is_descending() { order.reverse() } else { order };
            order.then_with(|| name(a).cmp(&name(b)))
        });
    }
}

fn at_least_1(column: &'static str) -> (Vec<Condition>, Value) {
    (vec![Condition::AtLeast(column, 1)], Value::Column(column))
}
