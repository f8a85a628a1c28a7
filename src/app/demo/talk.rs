//! The conversation of a case: replies, answers, notes, waiting for others, until it is resolved or the customer falls silent.

use super::facts::PRIORITIES;
use super::line::{What, Who};
use super::moment::{HOUR_MS, MINUTE_MS};
use super::organisation::{TAGS, TEAMS, Tempo};
use super::scribe::Told;
use super::story::Story;
use crate::model::Instant;

const DAY_MS: i64 = 24 * HOUR_MS;

impl Story<'_> {
    /// From the first reply on.
    pub(super) fn talk(&mut self, reply_at: Instant) -> Told {
        self.at = reply_at.max(self.at);
        if self.facts.channel.tempo == Tempo::Live && self.chance.hit(0.09) {
            return self.fall_silent_live();
        }
        let replies = self.replies();
        for turn in 1..replies {
            if turn > 1 {
                self.wait_for_agent()?;
            }
            let waits_for =
                self.facts.topic.hold.filter(|(_, share)| self.chance.hit(share * 1.3 / f64::from(replies - 1)));
            match waits_for {
                Some((status, _)) => self.hold(status)?,
                None => self.ask()?,
            }
            if waits_for.is_none() && !self.answer()? {
                return self.end_unanswered();
            }
            if turn == 1 && self.chance.hit(self.facts.topic.pass_on * 0.4) {
                self.pass_on(self.is_quick())?;
            }
        }
        if replies > 1 {
            self.wait_for_agent()?;
        }
        self.solve()
    }

    /// Staff wrote or called first: many such cases need nothing more.
    pub(super) fn reach_out(&mut self) -> Told {
        let Some(agent) = self.agent else { return Some(()) };
        self.at = self.at.plus_ms(self.chance.between(20_000, 4 * MINUTE_MS));
        if self.chance.hit(0.45) {
            return self.finish(agent);
        }
        self.set_status(self.who(agent), "pending", None)?;
        if !self.answer()? {
            return self.end_unanswered();
        }
        self.wait_for_agent()?;
        let reply_at = self.at;
        self.talk(reply_at)
    }

    fn replies(&mut self) -> u32 {
        let more = self.facts.topic.more_replies * if self.facts.channel.tempo == Tempo::Phone { 0.35 } else { 1.0 };
        let again = more / (1.0 + more);
        1 + (0..6).take_while(|_| self.chance.hit(again)).count() as u32
    }

    pub(super) fn is_quick(&self) -> bool {
        matches!(self.facts.channel.tempo, Tempo::Live | Tempo::Phone)
    }

    /// Time passes until an agent gets to the customer's message; a colleague stands in for one who is away.
    pub(super) fn wait_for_agent(&mut self) -> Told {
        let hours = match (self.facts.channel.tempo, self.facts.standing) {
            (Tempo::Written | Tempo::Phone, Some(_)) => 0.58,
            (Tempo::Written | Tempo::Phone, None) => 2.4 * [1.4, 1.0, 0.6, 0.3][self.priority],
            (Tempo::Messaging, _) => 0.04,
            (Tempo::Live, _) => 0.02,
        };
        let delay_ms = self.delay_ms(hours * HOUR_MS as f64);
        let reply_at = self.after(self.at, delay_ms);
        let date = self.world.moments.local(TEAMS[self.team].region(), reply_at).date();
        let stand_in = match self.agent {
            Some(agent) => self.world.roster.is_employed(agent, reply_at) && self.world.roster.works_on(agent, date),
            None => false,
        };
        self.at = self.after(self.at, delay_ms * 9 / 10);
        if !stand_in {
            let before = self.agent.map_or(Who::SYSTEM, |agent| self.who(agent));
            let agent = self.draw(self.agent);
            if self.chance.hit(0.25) && self.agent.is_some() {
                let what =
                    What::Assignment { actor: before, kind: "unassign", agent: Some(None), team: None, queue: None };
                self.log.write(self.at, None, what)?;
                self.assign("take", agent, self.who(agent), None)?;
            } else {
                self.assign("assign", agent, Who::SYSTEM, None)?;
            }
        } else if self.chance.hit(0.025) {
            let agent = self.draw(self.agent);
            let actor = self.agent.map_or(Who::SYSTEM, |agent| self.who(agent));
            self.assign("transfer", agent, actor, None)?;
        }
        self.at = reply_at.max(self.at);
        Some(())
    }

    /// A public message by the agent, with what is saved beside it; says which agent.
    pub(super) fn reply(&mut self, action: &str) -> Option<usize> {
        let agent = match self.agent {
            Some(agent) => agent,
            None => self.draw(None),
        };
        if self.chance.hit(0.22) {
            let before_ms = if self.is_quick() { 10_000 } else { 4 * MINUTE_MS };
            let at = self.at.plus_ms(-before_ms).max(self.facts.arrival.at);
            let note =
                What::Message { author: self.who(agent), visibility: "internal", opening: None, edited_at: None };
            self.log.write(at, None, note)?;
        }
        let edited_at = Some(self.at.plus_ms(self.chance.between(MINUTE_MS, 9 * MINUTE_MS)));
        let edited_at = edited_at.filter(|at| self.chance.hit(0.012) && self.log.has_been(*at));
        let message = What::Message { author: self.who(agent), visibility: "public", opening: None, edited_at };
        self.log.write(self.at, Some(action), message)?;
        self.tidy_up(agent, action)?;
        Some(agent)
    }

    /// Properties that an agent sets right while at it.
    fn tidy_up(&mut self, agent: usize, action: &str) -> Told {
        let who = self.who(agent);
        if self.chance.hit(0.05) {
            let up = self.chance.hit(0.7);
            self.priority = if up { (self.priority + 1).min(3) } else { self.priority.saturating_sub(1) };
            self.change(who.clone(), "priority", PRIORITIES[self.priority], Some(action))?;
        }
        if self.chance.hit(0.06) {
            let tag = self.chance.pick(&TAGS[2..]).0;
            self.change(who.clone(), "tag_added", tag, Some(action))?;
        }
        if self.chance.hit(0.025) && !self.facts.tags.is_empty() {
            let tag = *self.chance.pick(&self.facts.tags);
            self.change(who.clone(), "tag_removed", tag, Some(action))?;
        }
        if self.chance.hit(0.02) {
            let case_type = *self.chance.pick(&["question", "problem", "request", "complaint"]);
            self.change(who.clone(), "case_type", case_type, Some(action))?;
        }
        if self.facts.standing.is_none() && self.chance.hit(0.004) {
            self.log.write(self.at, Some(action), What::Sla { actor: who, policy: "gold" })?;
        }
        Some(())
    }

    /// A reply that asks the customer something.
    fn ask(&mut self) -> Told {
        let action = self.log.action();
        let agent = self.reply(&action)?;
        self.set_status(self.who(agent), if self.is_quick() { "open" } else { "pending" }, Some(&action))
    }

    /// A reply that says to wait, and the wait.
    fn hold(&mut self, status: &'static str) -> Told {
        let action = self.log.action();
        let agent = self.reply(&action)?;
        self.set_status(self.who(agent), status, Some(&action))?;
        let hours = match status {
            "waiting_parts" => 72.0,
            "waiting_vendor" => 30.0,
            _ => 4.0,
        };
        let forgotten = if self.chance.hit(0.15) { 4.0 } else { 1.0 };
        let wait_ms = self.chance.around_ms(hours * forgotten * HOUR_MS as f64, 0.6);
        self.at = self.after(self.at, wait_ms);
        if self.chance.hit(0.15) {
            // The customer asks how it goes; nobody has news.
            let at = self.at;
            self.log.write(at, None, public(self.customer()))?;
        }
        self.set_status(self.who(agent), "open", None)
    }

    /// The customer answers, in time or at all: says whether.
    fn answer(&mut self) -> Option<bool> {
        let (silent, hours, sigma) = match self.facts.channel.tempo {
            Tempo::Written | Tempo::Phone => (0.14, 15.0, 1.4),
            Tempo::Messaging => (0.08, 0.4, 1.2),
            Tempo::Live => (0.03, 0.02, 0.7),
        };
        if self.chance.hit(silent) {
            return Some(false);
        }
        let wait_ms = self.chance.around_ms(hours * HOUR_MS as f64, sigma);
        self.at = self.by_day(self.at.plus_ms(wait_ms));
        self.log.write(self.at, None, public(self.customer()))?;
        if self.chance.hit(0.12) {
            self.at = self.at.plus_ms(self.chance.between(20_000, 6 * MINUTE_MS));
            self.log.write(self.at, None, public(self.customer()))?;
        }
        if self.status != "open" {
            self.set_status(Who::SYSTEM, "open", None)?;
        }
        Some(true)
    }

    /// Most people sleep at night.
    pub(super) fn by_day(&mut self, at: Instant) -> Instant {
        let hour = i64::from(self.world.moments.local(self.facts.arrival.region, at).hour());
        if hour < 7 && !self.is_quick() && self.chance.hit(0.9) {
            at.plus_ms((7 - hour) * HOUR_MS + self.chance.between(0, 3 * HOUR_MS))
        } else {
            at
        }
    }

    /// A chat in which the customer went away: the agent asks once more and closes it.
    fn fall_silent_live(&mut self) -> Told {
        let action = self.log.action();
        let agent = self.reply(&action)?;
        self.set_status(self.who(agent), "open", Some(&action))?;
        self.at = self.at.plus_ms(self.chance.between(4 * MINUTE_MS, 9 * MINUTE_MS));
        self.log.write(self.at, None, public(self.who(agent)))?;
        self.at = self.at.plus_ms(self.chance.between(12 * MINUTE_MS, 70 * MINUTE_MS));
        self.set_status(self.who(agent), "closed", None)
    }

    /// No answer came: a reminder, sometimes, then the helpdesk resolves it.
    fn end_unanswered(&mut self) -> Told {
        if self.is_quick() {
            self.at = self.at.plus_ms(self.chance.between(10 * MINUTE_MS, 40 * MINUTE_MS));
            let actor = self.agent.map_or(Who::SYSTEM, |agent| self.who(agent));
            return self.set_status(actor, "closed", None);
        }
        self.at = self.at.plus_ms(3 * DAY_MS);
        if let Some(agent) = self.agent.filter(|_| self.chance.hit(0.3)) {
            let at = self.after(self.at, 0);
            self.at = at;
            self.log.write(at, None, public(self.who(agent)))?;
        }
        self.at = self.at.plus_ms(4 * DAY_MS);
        self.set_status(Who::SYSTEM, "resolved", None)?;
        self.at = self.at.plus_ms(4 * DAY_MS);
        self.set_status(Who::SYSTEM, "closed", None)
    }
}

/// A public message that opens nothing.
pub(super) fn public(author: Who) -> What<'static> {
    What::Message { author, visibility: "public", opening: None, edited_at: None }
}
