//! Numbers for cases and agents whose source gives none: assigned once, upwards, never one that is taken, never again.

use std::collections::{BTreeSet, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::kept::UNASSIGNED;
use super::known::Known;
use crate::store::StoreError;
use crate::store::entity::{agent, case_record, workspace};

impl Known {
    /// Assigns numbers to new cases and agents, in the order of their ids.
    pub async fn assign_numbers(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &mut workspace::Model,
    ) -> Result<(), StoreError> {
        let id = workspace.id.as_str();
        let next = workspace.next_case_number;
        let unnumbered: BTreeSet<String> = self
            .cases
            .iter()
            .filter(|(_, slot)| slot.now.as_ref().is_some_and(|entry| entry.case.number == UNASSIGNED))
            .map(|(id, _)| id.clone())
            .collect();
        if !unnumbered.is_empty() {
            let taken: Vec<i64> = case_record::Entity::find()
                .select_only()
                .column(case_record::Column::Number)
                .filter(case_record::Column::Workspace.eq(id))
                .filter(case_record::Column::Number.gte(next))
                .order_by_asc(case_record::Column::Number)
                .into_tuple()
                .all(db)
                .await?;
            let mut free = Free::after(next, taken, self.case_numbers.keys());
            for id in unnumbered {
                if let Some(entry) = self.cases.get_mut(&id).and_then(|slot| slot.now.as_mut()) {
                    entry.case.number = free.take();
                }
            }
            workspace.next_case_number = free.next;
        }
        let next = workspace.next_agent_number;
        let unnumbered: BTreeSet<String> = self
            .agents
            .iter()
            .filter(|(_, slot)| slot.now.as_ref().is_some_and(|agent| agent.number == UNASSIGNED))
            .map(|(id, _)| id.clone())
            .collect();
        if unnumbered.is_empty() {
            return Ok(());
        }
        let taken: Vec<i64> = agent::Entity::find()
            .select_only()
            .column(agent::Column::Number)
            .filter(agent::Column::Workspace.eq(id))
            .filter(agent::Column::Number.gte(next))
            .order_by_asc(agent::Column::Number)
            .into_tuple()
            .all(db)
            .await?;
        let mut free = Free::after(next, taken, self.agent_numbers.keys());
        for id in unnumbered {
            if let Some(agent) = self.agents.get_mut(&id).and_then(|slot| slot.now.as_mut()) {
                agent.number = free.take();
            }
        }
        workspace.next_agent_number = free.next;
        Ok(())
    }
}

/// Numbers that nobody has.
struct Free {
    next: i64,
    taken: HashSet<i64>,
}

impl Free {
    fn after<'a>(next: i64, stored: Vec<i64>, given: impl Iterator<Item = &'a i64>) -> Free {
        Free { next, taken: stored.into_iter().chain(given.copied()).collect() }
    }

    fn take(&mut self) -> i64 {
        while self.taken.contains(&self.next) {
            self.next = self.next.saturating_add(1);
        }
        let number = self.next;
        self.next = number.saturating_add(1);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::Free;

    #[test]
    fn taken_numbers_are_passed_over() {
        let mut free = Free::after(10, vec![11, 12], [14].iter());
        assert_eq!([free.take(), free.take(), free.take()], [10, 13, 15]);
        assert_eq!(free.next, 16);
    }
}
