//! The story of one case, from its arrival to its end or to now: how it comes in and who gets it.

use super::chance::{Chance, Purpose};
use super::facts::{Facts, Fate, PRIORITIES};
use super::line::{What, Who, text};
use super::moment::{HOUR_MS, MINUTE_MS};
use super::organisation::{TEAMS, Tempo};
use super::roster::{AGENTS, ANSWERING_BOT, SORTING_BOT};
use super::scribe::{Scribe, Told};
use super::world::World;
use crate::model::Instant;

/// Lines of a case, and the customer they name.
#[derive(Debug)]
pub struct Tale {
    /// Whose case.
    pub customer: Option<usize>,
    /// The case, then its events.
    pub lines: Vec<String>,
}

/// A case as it stands in its story.
#[derive(Debug)]
pub struct Story<'w> {
    pub(super) world: &'w World,
    pub(super) facts: Facts,
    pub(super) chance: Chance,
    pub(super) log: Scribe,
    /// Where the story has come to.
    pub(super) at: Instant,
    pub(super) team: usize,
    pub(super) agent: Option<usize>,
    pub(super) status: &'static str,
    pub(super) priority: usize,
    /// Indicates the customer waited much longer than usual.
    pub(super) is_late: bool,
}

/// Tells the story of a case.
pub fn tell(world: &World, case: u32) -> Tale {
    let facts = Facts::of(world, case);
    let mut chance = Chance::new(world.plan.seed, Purpose::Story, u64::from(case));
    let agent = facts.is_outbound.then(|| world.roster.draw(&mut chance, facts.team, facts.arrival.at, None));
    let requester = facts.customer_id();
    let first_line = text(&facts.line(requester.as_deref(), agent.map(|agent| world.roster.id(agent))));
    let log = Scribe::new(&facts.id, world.plan.now, first_line);
    let (at, team, priority, customer) = (facts.arrival.at, facts.team, facts.priority, facts.customer);
    let mut story = Story { world, facts, chance, log, at, team, agent, status: "new", priority, is_late: false };
    // A story that now cuts short is as good as one that ended.
    let _ = story.run();
    Tale { customer, lines: story.log.into_lines() }
}

impl Story<'_> {
    fn run(&mut self) -> Told {
        self.come_in()?;
        match self.facts.fate {
            Fate::Active if self.facts.is_outbound => self.reach_out(),
            Fate::Active => {
                self.acknowledge()?;
                let reply_at = self.reach_somebody()?;
                self.talk(reply_at)
            }
            Fate::Spam | Fate::Merged(_) => self.dismiss(),
        }
    }

    fn come_in(&mut self) -> Told {
        let author = match self.agent {
            Some(agent) => self.who(agent),
            None => self.customer(),
        };
        // Sources differ in whether they mark the opening; half of these do.
        let opening = (self.facts.number.is_multiple_of(2) || self.facts.is_outbound).then_some(true);
        let what = What::Message { author, visibility: "public", opening, edited_at: None };
        self.log.write(self.at, None, what)
    }

    /// What programs do with it before anybody looks.
    fn acknowledge(&mut self) -> Told {
        if self.chance.hit(0.3) && !self.facts.topic.tags.is_empty() {
            let tag = *self.chance.pick(self.facts.topic.tags);
            self.at = self.at.plus_ms(self.chance.between(1_000, 4_000));
            self.change(Who::bot(SORTING_BOT.0), "tag_added", tag, None)?;
        }
        if self.chance.hit(0.03) && self.priority < 3 {
            self.priority += 1;
            self.change(Who::bot(SORTING_BOT.0), "priority", PRIORITIES[self.priority], None)?;
        }
        let answers = match self.facts.channel.tempo {
            Tempo::Written => 0.85,
            Tempo::Messaging | Tempo::Live => 0.6,
            Tempo::Phone => 0.0,
        };
        if self.chance.hit(answers) {
            self.at = self.at.plus_ms(self.chance.between(3_000, 60_000));
            let author = Who::bot(ANSWERING_BOT.0);
            self.log.write(
                self.at,
                None,
                What::Message { author, visibility: "public", opening: None, edited_at: None },
            )?;
        }
        Some(())
    }

    /// Brings it to an agent; says when that agent replies.
    fn reach_somebody(&mut self) -> Option<Instant> {
        let opened_at = self.at;
        let usual_ms = self.usual_first_ms();
        let delay_ms = self.delay_ms(usual_ms);
        self.is_late = delay_ms as f64 > 3.0 * usual_ms;
        let reply_at = self.after(opened_at, delay_ms);
        let is_live = matches!(self.facts.channel.tempo, Tempo::Live | Tempo::Phone);
        if is_live {
            self.offer(delay_ms)?;
            let agent = self.draw(None);
            self.at = self.after(opened_at, delay_ms * 7 / 10);
            self.assign("take", agent, self.who(agent), None)?;
        } else if self.chance.hit(0.55) {
            self.at = self.after(opened_at, delay_ms / 4);
            let agent = self.draw(None);
            self.assign("assign", agent, Who::SYSTEM, None)?;
        } else {
            self.at = self.after(opened_at, delay_ms * 19 / 20);
            let agent = self.draw(None);
            let action = self.log.action();
            self.assign("take", agent, self.who(agent), Some(&action))?;
            self.set_status(self.who(agent), "open", Some(&action))?;
        }
        if self.chance.hit(self.facts.topic.pass_on * 0.6) {
            self.pass_on(is_live)?;
            let more_ms = self.delay_ms(usual_ms * 0.6);
            return Some(self.after(self.at, more_ms));
        }
        Some(reply_at)
    }

    /// Offers it to one agent after the other, before somebody takes it.
    fn offer(&mut self, within_ms: i64) -> Told {
        let offers = 1 + usize::from(self.chance.hit(0.2)) + usize::from(self.chance.hit(0.05));
        let mut but = None;
        for turn in 0..offers {
            let agent = self.draw(but);
            but = Some(agent);
            let at = self.after(self.at, within_ms * turn as i64 / 6);
            let what = What::Assignment {
                actor: Who::SYSTEM,
                kind: "offer",
                agent: Some(Some(self.world.roster.id(agent))),
                team: None,
                queue: None,
            };
            self.log.write(at, None, what)?;
        }
        Some(())
    }

    /// Passes it on to the team that knows more, with a note, and somebody there takes it.
    pub(super) fn pass_on(&mut self, is_live: bool) -> Told {
        let next = self.facts.topic.next[self.facts.arrival.region];
        if next == self.team {
            return Some(());
        }
        let from = match self.agent {
            Some(agent) => self.who(agent),
            None => Who::SYSTEM,
        };
        self.at = self.after(self.at, if is_live { MINUTE_MS } else { 8 * MINUTE_MS });
        let action = self.log.action();
        let note = What::Message { author: from.clone(), visibility: "internal", opening: None, edited_at: None };
        self.log.write(self.at, Some(&action), note)?;
        let team = TEAMS[next];
        let what = What::Assignment {
            actor: from,
            kind: "transfer",
            agent: Some(None),
            team: Some(team.id),
            queue: Some(team.queue),
        };
        self.log.write(self.at, Some(&action), what)?;
        (self.team, self.agent) = (next, None);
        let pause_ms = if is_live { 40_000.0 } else { 0.8 * HOUR_MS as f64 };
        let pause_ms = self.delay_ms(pause_ms);
        self.at = self.after(self.at, pause_ms);
        let agent = self.draw(None);
        self.assign("take", agent, self.who(agent), None)
    }

    /// Spam is closed unread; a repeated case points to the first.
    fn dismiss(&mut self) -> Told {
        let delay_ms = self.delay_ms(1.5 * HOUR_MS as f64);
        self.at = self.after(self.at, delay_ms);
        let agent = self.draw(None);
        self.set_status(self.who(agent), "closed", None)
    }

    // What happens in many places of a story.

    pub(super) fn assign(&mut self, kind: &'static str, agent: usize, actor: Who, action: Option<&str>) -> Told {
        self.agent = Some(agent);
        let agent = Some(Some(self.world.roster.id(agent)));
        self.log.write(self.at, action, What::Assignment { actor, kind, agent, team: None, queue: None })
    }

    pub(super) fn set_status(&mut self, actor: Who, status: &'static str, action: Option<&str>) -> Told {
        self.status = status;
        self.log.write(self.at, action, What::Status { actor, status })
    }

    pub(super) fn change(&mut self, actor: Who, field: &'static str, to: &str, action: Option<&str>) -> Told {
        self.log.write(self.at, action, What::Change { actor, field, to })
    }

    pub(super) fn who(&self, agent: usize) -> Who {
        Who::agent(self.world.roster.id(agent))
    }

    pub(super) fn customer(&self) -> Who {
        Who::customer(self.facts.customer_id())
    }

    /// Somebody of the team who is there now, other than `but`.
    pub(super) fn draw(&mut self, but: Option<usize>) -> usize {
        self.world.roster.draw(&mut self.chance, self.team, self.at, but)
    }

    /// So much of the team's open time later.
    pub(super) fn after(&self, at: Instant, work_ms: i64) -> Instant {
        self.world.offices[TEAMS[self.team].office].after(at, work_ms)
    }

    /// How long something takes that usually takes so long: by agent, by how busy they are; the organisation gets better with time.
    pub(super) fn delay_ms(&mut self, usual_ms: f64) -> i64 {
        let agent = self.agent.map_or(1.0, |agent| AGENTS[agent].slowness);
        let crowd = if self.facts.arrival.is_incident { 1.9 } else { 1.0 };
        let practice = 1.15 - 0.3 * self.world.moments.progress(self.at);
        self.chance.around_ms(usual_ms * agent * crowd * practice, 0.85)
    }

    /// Usual open time to a first reply.
    fn usual_first_ms(&self) -> f64 {
        let hours = match (self.facts.channel.tempo, self.facts.standing) {
            (Tempo::Written, Some(_)) => 0.31 * [1.3, 1.0, 0.9, 0.7][self.priority],
            (Tempo::Written, None) => 2.1 * [1.6, 1.0, 0.5, 0.18][self.priority],
            (Tempo::Messaging, _) => 0.025,
            (Tempo::Live, _) => 0.021,
            (Tempo::Phone, _) => 0.01,
        };
        hours * HOUR_MS as f64
    }
}
