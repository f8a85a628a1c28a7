//! Numbers for cases and agents whose source gives none: assigned once, upwards, never one that is taken, never again.

use std::collections::{BTreeSet, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::kept::UNASSIGNED;
use super::known::Known;
use crate::store::StoreError;
use crate::store::entity::{agent, case_record, workspace};

/// Numbers whose owners are looked up at once.
const WINDOW: i64 = 1 << 16;

impl Known {
    /// Assigns numbers to new cases and agents, in the order of their ids.
    pub async fn assign_numbers(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &mut workspace::Model,
    ) -> Result<(), StoreError> {
        let cases = self.cases.iter().filter(|(_, s)| s.now.as_ref().is_some_and(|e| e.case.number == UNASSIGNED));
        let cases: BTreeSet<String> = cases.map(|(id, _)| id.clone()).collect();
        let before = self.before.iter().flat_map(|before| before.case_numbers.keys());
        let given = self.case_numbers.keys().chain(before);
        let mut free = Free::after(Owner::Case, workspace.next_case_number, given);
        for id in cases {
            let number = free.take(db, &workspace.id).await?;
            if let Some(entry) = self.cases.get_mut(&id).and_then(|slot| slot.now.as_mut()) {
                entry.case.number = number;
                self.case_numbers.insert(number, id);
            }
        }
        workspace.next_case_number = free.next;

        let agents = self.agents.iter().filter(|(_, s)| s.now.as_ref().is_some_and(|a| a.number == UNASSIGNED));
        let agents: BTreeSet<String> = agents.map(|(id, _)| id.clone()).collect();
        let before = self.before.iter().flat_map(|before| before.agent_numbers.keys());
        let given = self.agent_numbers.keys().chain(before);
        let mut free = Free::after(Owner::Agent, workspace.next_agent_number, given);
        for id in agents {
            let number = free.take(db, &workspace.id).await?;
            if let Some(agent) = self.agents.get_mut(&id).and_then(|slot| slot.now.as_mut()) {
                agent.number = number;
                self.agent_numbers.insert(number, id);
            }
        }
        workspace.next_agent_number = free.next;
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Owner {
    Case,
    Agent,
}

/// Numbers that nobody has, looked up window by window.
struct Free {
    owner: Owner,
    next: i64,
    /// Owners of numbers below it have been looked up.
    looked_up_until: i64,
    taken: HashSet<i64>,
}

impl Free {
    fn after<'a>(owner: Owner, next: i64, given: impl Iterator<Item = &'a i64>) -> Free {
        Free { owner, next, looked_up_until: next, taken: given.copied().collect() }
    }

    async fn take(&mut self, db: &impl ConnectionTrait, workspace: &str) -> Result<i64, StoreError> {
        loop {
            if self.next >= self.looked_up_until {
                let until = self.next.saturating_add(WINDOW);
                self.taken.extend(taken(db, workspace, self.owner, self.next..until).await?);
                self.looked_up_until = until;
            }
            let number = self.next;
            self.next = number.saturating_add(1);
            if !self.taken.contains(&number) {
                return Ok(number);
            }
        }
    }
}

async fn taken(
    db: &impl ConnectionTrait,
    workspace: &str,
    owner: Owner,
    window: std::ops::Range<i64>,
) -> Result<Vec<i64>, StoreError> {
    let numbers = match owner {
        Owner::Case => {
            case_record::Entity::find()
                .select_only()
                .column(case_record::Column::Number)
                .filter(case_record::Column::Workspace.eq(workspace))
                .filter(case_record::Column::Number.gte(window.start))
                .filter(case_record::Column::Number.lt(window.end))
                .into_tuple()
                .all(db)
                .await?
        }
        Owner::Agent => {
            agent::Entity::find()
                .select_only()
                .column(agent::Column::Number)
                .filter(agent::Column::Workspace.eq(workspace))
                .filter(agent::Column::Number.gte(window.start))
                .filter(agent::Column::Number.lt(window.end))
                .into_tuple()
                .all(db)
                .await?
        }
    };
    Ok(numbers)
}
