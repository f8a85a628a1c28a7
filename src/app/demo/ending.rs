//! How a case ends: resolved, rated, sometimes reopened, closed.

use super::line::{What, Who};
use super::moment::{HOUR_MS, MINUTE_MS};
use super::organisation::Tempo;
use super::roster::AGENTS;
use super::scribe::Told;
use super::story::Story;
use super::talk::public;

const COMMENTS: [(&str, &str); 8] = [
    ("Quick and friendly, thank you!", "Took far too long."),
    ("Solved at once.", "I had to explain everything twice."),
    ("Very helpful, clear answers.", "Still not sure it is solved."),
    ("Great service as always.", "Nobody called me back."),
    ("The new part fits.", "The answer did not fit my question."),
    ("Kind and patient.", "Passed around between people."),
    ("Better than expected.", "Too many standard phrases."),
    ("Back on the bike the same week!", "Would have liked a call."),
];

impl Story<'_> {
    /// The reply that solves it, and what follows.
    pub(super) fn solve(&mut self) -> Told {
        if self.facts.channel.tempo == Tempo::Phone && self.chance.hit(0.6) {
            // The call itself goes on before it is solved.
            let talk_ms = self.chance.around_ms(5.0 * MINUTE_MS as f64, 0.6);
            let action = self.log.action();
            let agent = self.reply(&action)?;
            self.at = self.at.plus_ms(talk_ms);
            return self.finish(agent);
        }
        let action = self.log.action();
        let agent = self.reply(&action)?;
        if self.is_quick() {
            self.at = self.at.plus_ms(self.chance.between(25_000, 3 * MINUTE_MS));
            return self.finish(agent);
        }
        self.set_status(self.who(agent), "resolved", Some(&action))?;
        self.wind_down(agent)
    }

    /// Closed by the agent at once, or resolved and closed later.
    pub(super) fn finish(&mut self, agent: usize) -> Told {
        let status = if self.chance.hit(0.5) { "closed" } else { "resolved" };
        let actor = if self.chance.hit(0.04) { self.customer() } else { self.who(agent) };
        self.set_status(actor, status, None)?;
        self.wind_down(agent)
    }

    /// After the solution: rating, thanks, second thoughts, closing.
    fn wind_down(&mut self, agent: usize) -> Told {
        let mut is_reopened = false;
        loop {
            self.ask_for_rating(agent, is_reopened);
            let solved_at = self.at;
            if !self.is_quick() && self.chance.hit(0.14) {
                let wait_ms = self.chance.around_ms(2.0 * HOUR_MS as f64, 1.0);
                self.at = self.by_day(self.at.plus_ms(wait_ms));
                self.log.write(self.at, None, public(self.customer()))?;
            }
            if !self.chance.hit(if is_reopened { 0.12 } else { 0.062 }) {
                // Closed four days after it was solved, whatever was said since.
                self.at = solved_at.plus_ms(96 * HOUR_MS).max(self.at);
                return if self.status == "closed" { Some(()) } else { self.set_status(Who::SYSTEM, "closed", None) };
            }
            is_reopened = true;
            self.reopen()?;
        }
    }

    fn reopen(&mut self) -> Told {
        let wait_ms = self.chance.around_ms(20.0 * HOUR_MS as f64, 0.8).min(90 * HOUR_MS);
        self.at = self.by_day(self.at.plus_ms(wait_ms));
        self.log.write(self.at, None, public(self.customer()))?;
        self.set_status(Who::SYSTEM, "open", None)?;
        self.wait_for_agent()?;
        let action = self.log.action();
        let agent = self.reply(&action)?;
        self.set_status(self.who(agent), "resolved", Some(&action))
    }

    /// Offers a rating to every second customer, of whom three in ten give one.
    fn ask_for_rating(&mut self, agent: usize, is_reopened: bool) {
        if is_reopened || !self.chance.hit(0.5) {
            return;
        }
        let offered_at = self.at.plus_ms(self.chance.between(MINUTE_MS, 30 * MINUTE_MS));
        let id = format!("{}-r", self.facts.id);
        let offer = What::Rating { offered_at, score: None, comment: None };
        let given_at = offered_at.plus_ms(self.chance.around_ms(2.5 * HOUR_MS as f64, 1.3));
        let displeasure = (1.0 - AGENTS[agent].warmth) * if self.is_late { 3.0 } else { 1.0 };
        let scores = [5.0 * displeasure, 3.2 * displeasure, 6.5 * displeasure, 20.0, 64.0];
        let score = self.chance.weigh(scores.into_iter()) + 1;
        let comment = self.chance.pick(&COMMENTS);
        let comment = if score >= 4 { comment.0 } else { comment.1 };
        let comment = self.chance.hit(0.25).then_some(comment);
        let is_given = self.chance.hit(0.3);
        // An offer or rating that is still to come leaves the rest of the story as it is.
        let _ = self.log.write_as(&id, offered_at, None, offer).and_then(|()| {
            let score = u8::try_from(score).ok().filter(|_| is_given)?;
            self.log.write_as(&id, given_at, None, What::Rating { offered_at, score: Some(score), comment })
        });
    }
}
