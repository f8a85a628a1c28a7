//! Customers: invented people, who come one after the other, and of whom some write often.

use super::chance::{Chance, Purpose, is_among, mix};
use super::line::CustomerLine;
use super::moment::Moments;
use super::names::{FAMILY_NAMES, GIVEN_NAMES};
use crate::model::Instant;

/// The customers of a plan.
#[derive(Clone, Debug)]
pub struct Customers {
    seed: u64,
    count: usize,
    moments: Moments,
}

/// Share of customers who were there before the first case.
const EARLY: f64 = 0.35;

impl Customers {
    /// The customers that so many cases come from.
    pub fn new(seed: u64, cases: u32, moments: &Moments) -> Customers {
        let count = (f64::from(cases) * 0.36).ceil() as usize;
        Customers { seed, count: count.max(4), moments: moments.clone() }
    }

    /// A customer of that region with a case at that instant.
    pub fn draw(&self, chance: &mut Chance, region: usize, at: Instant) -> usize {
        let so_far = (self.count as f64 * (EARLY + (1.0 - EARLY) * self.moments.progress(at))).max(2.0);
        // A third of the cases come soon after the purchase, the rest from customers of whom the first are the busiest.
        let back = if chance.hit(0.35) {
            chance.around(so_far * 0.01, 1.0)
        } else {
            so_far * (1.0 - chance.unit().powf(1.35))
        };
        let found = (so_far - back).clamp(0.0, so_far - 1.0) as usize;
        // Neighbours differ in region by turns of chance, so one is near.
        (0..8).map(|step| found.saturating_sub(step)).find(|customer| self.region(*customer) == region).unwrap_or(found)
    }

    /// Region that a customer lives in.
    pub fn region(&self, customer: usize) -> usize {
        usize::from(is_among(mix(self.seed, customer as u64, 11), 40))
    }

    /// Standing of a customer, as a tag: `vip` and `business` are promised more.
    pub fn standing(&self, customer: usize) -> Option<&'static str> {
        match mix(self.seed, customer as u64, 12) % 100 {
            0..5 => Some("vip"),
            5..13 => Some("business"),
            _ => None,
        }
    }

    /// Id of a customer.
    pub fn id(customer: usize) -> String {
        format!("cu{}", customer + 1)
    }

    /// The line of a customer.
    pub fn line(&self, customer: usize) -> String {
        let mut chance = Chance::new(self.seed, Purpose::Customer, customer as u64);
        let name = format!("{} {}", chance.pick(&GIVEN_NAMES), chance.pick(&FAMILY_NAMES));
        let share = customer as f64 / self.count as f64;
        let span = self.moments.now.since(self.moments.start) as f64;
        let created_at = if share < EARLY {
            self.moments.start.plus_ms(((share / EARLY - 1.0) * 0.8 * span) as i64)
        } else {
            self.moments.start.plus_ms(((share - EARLY) / (1.0 - EARLY) * span) as i64)
        };
        super::line::text(&CustomerLine { kind: "customer", id: &Self::id(customer), name: &name, created_at })
    }

    /// How many there can be.
    pub fn count(&self) -> usize {
        self.count
    }
}
