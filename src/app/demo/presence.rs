//! Who was at work in the last sixty days: shifts, breaks, and how it stands now.

use super::chance::{Chance, Purpose};
use super::holidays::plus_days;
use super::line::{PresenceLine, text};
use super::moment::{HOUR_MS, MINUTE_MS, ms_of};
use super::organisation::{ESCALATIONS, TEAMS};
use super::roster::AGENTS;
use super::world::World;
use crate::model::Instant;

const DAYS: i32 = 60;

/// The presence lines of all human agents, newest day first.
pub fn lines(world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    for back in 0..=DAYS {
        for agent in 0..AGENTS.len() {
            for (at, status) in day(world, agent, back) {
                if at <= world.plan.now && world.roster.is_employed(agent, at) {
                    lines.push(text(&PresenceLine { kind: "presence", agent: world.roster.id(agent), at, status }));
                }
            }
        }
    }
    lines
}

/// One agent's shift, so many days ago.
fn day(world: &World, agent: usize, back: i32) -> Vec<(Instant, &'static str)> {
    let region = TEAMS[AGENTS[agent].team].region();
    let date = plus_days(world.moments.local(region, world.plan.now).date(), -back);
    if back == DAYS {
        // Nobody is known to be anywhere before the first day: all begin signed out.
        let midnight = Instant::from_ms(ms_of(date.at(0, 0, 0, 0), &world.moments.zones[region]));
        return vec![(midnight, "offline")];
    }
    if !world.roster.works_on(agent, date) {
        return Vec::new();
    }
    let stream = agent as u64 * 1_000_000 + u64::from(date.day_of_year().unsigned_abs());
    let mut chance = Chance::new(world.plan.seed, Purpose::Presence, stream);
    // Escalations works in two shifts, the others in one.
    let (hour, length_hours) = match (AGENTS[agent].team, agent % 2) {
        (ESCALATIONS, 0) => (7, 8),
        (ESCALATIONS, _) => (15, 8),
        _ => (8, 9),
    };
    let opens_at = Instant::from_ms(ms_of(date.at(hour, 0, 0, 0), &world.moments.zones[region]));
    let mut at = opens_at.plus_ms(chance.between(-5 * MINUTE_MS, 35 * MINUTE_MS));
    let ends_at = opens_at.plus_ms(length_hours * HOUR_MS + chance.between(-20 * MINUTE_MS, 15 * MINUTE_MS));
    let lunch_at = opens_at.plus_ms(4 * HOUR_MS);
    let mut had_lunch = false;
    let mut spells = vec![(at, "available")];
    loop {
        at = at.plus_ms(chance.around_ms(70.0 * MINUTE_MS as f64, 0.5));
        let (status, length_ms) = if !had_lunch && at >= lunch_at {
            had_lunch = true;
            ("away", chance.between(25 * MINUTE_MS, 45 * MINUTE_MS))
        } else if chance.hit(0.7) {
            ("busy", chance.between(10 * MINUTE_MS, 60 * MINUTE_MS))
        } else {
            ("away", chance.between(5 * MINUTE_MS, 15 * MINUTE_MS))
        };
        if at.plus_ms(length_ms) >= ends_at {
            break;
        }
        spells.push((at, status));
        at = at.plus_ms(length_ms);
        spells.push((at, "available"));
    }
    spells.push((ends_at, "offline"));
    spells
}
