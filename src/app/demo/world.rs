//! Everything that the stories of a plan share: the calendar, the offices, the people, and the order in which the lines come.

use std::collections::VecDeque;

use super::Plan;
use super::customers::Customers;
use super::demand::Demand;
use super::moment::Moments;
use super::office::{self, Office, SCHEDULES};
use super::roster::Roster;
use super::{line, organisation, policies, presence, story};

/// The world of a plan.
#[derive(Clone, Debug)]
pub struct World {
    /// What was asked for.
    pub plan: Plan,
    /// Span and zones.
    pub moments: Moments,
    /// Opening hours, as the schedules.
    pub offices: Vec<Office>,
    /// Agents.
    pub roster: Roster,
    /// Customers.
    pub customers: Customers,
    /// Arrivals.
    pub demand: Demand,
}

impl World {
    /// Lays out the world of a plan.
    pub fn of(plan: Plan) -> World {
        let moments = Moments::until(plan.now);
        World {
            plan,
            offices: SCHEDULES.iter().map(|schedule| Office::lay_out(schedule, &moments)).collect(),
            roster: Roster::new(plan.seed, &moments),
            customers: Customers::new(plan.seed, plan.cases, &moments),
            demand: Demand::spread(plan.seed, plan.cases, &moments),
            moments,
        }
    }

    /// The lines that everything else refers to.
    fn reference(&self) -> VecDeque<String> {
        let hours = office::lines(&self.moments);
        let mut lines: VecDeque<String> = hours.iter().map(line::text).collect();
        let named = organisation::lines().into_iter().chain(self.roster.lines()).chain(policies::lines(&self.moments));
        lines.extend(named.map(|value| value.to_string()));
        lines
    }

    /// All lines but the workspace's: what is referred to, the newest cases, presence, then ever older cases. A customer comes just before
    /// the newest case that names it.
    pub fn lines(self) -> impl Iterator<Item = String> + Send {
        let mut waiting = self.reference();
        let mut is_known = vec![false; self.customers.count()];
        let mut left = self.plan.cases;
        // After a tenth of the cases, about eight weeks of them, whoever looks at who is at work sees it.
        let presence_at = left - left / 10;
        let mut presence_due = true;
        std::iter::from_fn(move || {
            loop {
                if let Some(line) = waiting.pop_front() {
                    return Some(line);
                }
                if presence_due && left <= presence_at {
                    presence_due = false;
                    waiting.extend(presence::lines(&self));
                } else {
                    left = left.checked_sub(1)?;
                    let told = story::tell(&self, left);
                    if let Some(customer) = told.customer.filter(|customer| !is_known[*customer]) {
                        is_known[customer] = true;
                        waiting.push_back(self.customers.line(customer));
                    }
                    waiting.extend(told.lines);
                }
            }
        })
    }
}
