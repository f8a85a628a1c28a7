//! The forty agents: who they are, when they work, and who of a team takes a case.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::chance::{Chance, is_among, mix};
use super::holidays;
use super::moment::Moments;
use super::office::{COUNTRIES, is_weekend};
use super::organisation::{ESCALATIONS, TEAMS};
use crate::model::Instant;

/// A human agent.
#[derive(Clone, Copy, Debug)]
pub struct Agent {
    /// Display name.
    pub name: &'static str,
    /// Login name.
    pub username: &'static str,
    /// Team: index.
    pub team: usize,
    /// A second team that the agent helps in.
    pub second_team: Option<usize>,
    /// Time taken against the usual: below 1 is faster.
    pub slowness: f64,
    /// Points of a rating above or below the usual.
    pub warmth: f64,
    /// Months after the start of the demo at which the agent joined and left; 0 and 99: before and not yet.
    pub months: (i32, i32),
}

const fn agent(name: &'static str, username: &'static str, team: usize, slowness: f64, warmth: f64) -> Agent {
    Agent { name, username, team, second_team: None, slowness, warmth, months: (0, 99) }
}
const fn helping(agent: Agent, team: usize) -> Agent {
    Agent { second_team: Some(team), ..agent }
}
const fn employed(agent: Agent, from: i32, until: i32) -> Agent {
    Agent { months: (from, until), ..agent }
}

/// The human agents; others name them by index.
pub const AGENTS: [Agent; 38] = [
    agent("Freja Lindqvist", "freja", 0, 0.85, 0.2),
    helping(agent("Mateusz Kowal", "mateusz", 0, 1.0, 0.0), 3),
    agent("Aylin Demirtas", "aylin", 0, 0.8, 0.1),
    agent("Jonas Overgaard", "jonas", 0, 1.2, -0.2),
    employed(agent("Chiara Bellandi", "chiara", 0, 0.95, 0.3), 5, 99),
    employed(agent("Samuel Adeyinka", "samuel", 0, 1.1, 0.0), 11, 99),
    employed(agent("Ilse Verbrugge", "ilse", 0, 1.3, -0.3), 0, 19),
    agent("Marcus Whitfield", "marcus", 1, 0.9, 0.1),
    agent("Valentina Rojas", "valentina", 1, 0.8, 0.3),
    helping(agent("Dwayne Okoro", "dwayne", 1, 1.05, 0.0), 6),
    agent("Hannah Brandvold", "hannah", 1, 1.15, -0.1),
    employed(agent("Minh Anh Tran", "minhanh", 1, 0.9, 0.2), 8, 99),
    employed(agent("Caleb Sorenson", "caleb", 1, 1.25, -0.2), 15, 99),
    agent("Katarzyna Mazurek", "katarzyna", 2, 0.9, 0.0),
    agent("Emil Thorsager", "emil", 2, 1.1, 0.1),
    agent("Noor El Amrani", "noor", 2, 0.95, 0.2),
    employed(agent("Petros Galanis", "petros", 2, 1.2, -0.1), 9, 99),
    agent("Signe Rosenkilde", "signe", 3, 0.85, 0.2),
    agent("Tariq Mansouri", "tariq", 3, 1.0, 0.1),
    helping(agent("Lucie Novotna", "lucie", 3, 1.05, 0.0), 0),
    agent("Oskar Hjelm", "oskar", 3, 1.15, -0.2),
    employed(agent("Beatriz Carvalhal", "beatriz", 3, 0.95, 0.3), 13, 99),
    agent("Henrik Vestergren", "henrik", 4, 1.1, -0.1),
    agent("Yuki Tanabe", "yuki", 4, 0.8, 0.2),
    agent("Rafael Montero", "rafael", 4, 0.95, 0.1),
    helping(agent("Ingrid Solheim", "ingrid", 4, 1.0, 0.2), 7),
    agent("Bogdan Ionescu", "bogdan", 4, 1.2, -0.1),
    employed(agent("Zainab Haddad", "zainab", 4, 0.9, 0.1), 6, 99),
    agent("Priya Raghunathan", "priya", 5, 0.85, 0.3),
    agent("Ethan Calloway", "ethan", 5, 1.1, 0.0),
    agent("Sofia Marchetti", "sofia", 5, 1.0, 0.1),
    employed(agent("Kwame Boateng", "kwame", 5, 0.95, 0.1), 10, 99),
    agent("Grace Nakamura", "grace", 6, 0.9, 0.2),
    agent("Tyler Brennan", "tyler", 6, 1.15, -0.2),
    employed(agent("Camila Fuentes", "camila", 6, 1.0, 0.1), 4, 99),
    agent("Astrid Falkenberg", "astrid", 7, 0.8, 0.1),
    agent("Dmitri Volkonin", "dmitri", 7, 0.95, 0.0),
    agent("Leilani Kahale", "leilani", 7, 0.9, 0.3),
];

/// The bot that acknowledges what comes in: id, name.
pub const ANSWERING_BOT: (&str, &str) = ("bot-answer", "Brim, automatic answers");
/// The bot that sorts what comes in: id, name.
pub const SORTING_BOT: (&str, &str) = ("bot-sort", "Sorter");

/// Agents of a plan: their dates and their days off.
#[derive(Clone, Debug)]
pub struct Roster {
    seed: u64,
    moments: Moments,
    ids: Vec<String>,
    employed: Vec<(Instant, Instant)>,
    members: Vec<Vec<usize>>,
}

impl Roster {
    /// The agents as that seed has them.
    pub fn new(seed: u64, moments: &Moments) -> Roster {
        let month = |count: i32| moments.start.plus_ms(i64::from(count) * 730 * super::moment::HOUR_MS);
        let of_team = |team| (0..AGENTS.len()).filter(move |i| AGENTS[*i].serves(team)).collect();
        Roster {
            seed,
            moments: moments.clone(),
            ids: (1..=AGENTS.len()).map(|number| format!("a{number:02}")).collect(),
            employed: AGENTS.iter().map(|agent| (month(agent.months.0), month(agent.months.1))).collect(),
            members: (0..TEAMS.len()).map(of_team).collect(),
        }
    }

    /// Id of an agent.
    pub fn id(&self, agent: usize) -> &str {
        &self.ids[agent]
    }

    /// Indicates the agent has joined and not left.
    pub fn is_employed(&self, agent: usize, at: Instant) -> bool {
        self.employed[agent].0 <= at && at < self.employed[agent].1
    }

    /// Indicates the agent works on that day: no weekend, holiday, vacation or sick day.
    pub fn works_on(&self, agent: usize, date: Date) -> bool {
        let who = agent as u64;
        let days = u64::from(date.since(Date::constant(2000, 1, 1)).map_or(0, |span| span.get_days()).unsigned_abs());
        let week = days / 7;
        let is_vacation = is_among(mix(self.seed, who, week), 9);
        let is_sick = is_among(mix(self.seed, who + 1_000, days), 3);
        let team = AGENTS[agent].team;
        let is_off = if team == ESCALATIONS {
            (days + who).is_multiple_of(3)
        } else {
            let country = COUNTRIES[TEAMS[team].region()];
            is_weekend(date) || holidays::of_year(country, date.year()).iter().any(|(holiday, _)| *holiday == date)
        };
        !(is_vacation || is_sick || is_off)
    }

    /// Somebody of the team who works at that instant, other than `but`; anybody of the team when nobody does.
    pub fn draw(&self, chance: &mut Chance, team: usize, at: Instant, but: Option<usize>) -> usize {
        let date = self.moments.local(TEAMS[team].region(), at).date();
        let weight = |agent: &usize| {
            let is_there = self.is_employed(*agent, at) && Some(*agent) != but;
            let share = if AGENTS[*agent].team == team { 1.0 } else { 0.3 };
            if is_there { share / AGENTS[*agent].slowness } else { 0.0 }
        };
        let members = &self.members[team];
        let at_work: Vec<usize> = members.iter().copied().filter(|agent| self.works_on(*agent, date)).collect();
        let candidates = if at_work.iter().any(|agent| weight(agent) > 0.0) { &at_work } else { members };
        candidates[chance.weigh(candidates.iter().map(weight))]
    }

    /// The agent lines, bots included.
    pub fn lines(&self) -> Vec<Value> {
        let humans =
            AGENTS.iter().zip(&self.ids).zip(&self.employed).zip(101..).map(|(((agent, id), dates), number)| {
                let teams: Vec<&str> =
                    [Some(agent.team), agent.second_team].into_iter().flatten().map(|t| TEAMS[t].id).collect();
                json!({"type": "agent", "id": id, "number": number, "name": agent.name, "username": agent.username,
                "email": format!("{}@brimholt.test", agent.username), "kind": "human",
                "active": self.moments.now < dates.1, "teams": teams})
            });
        let bots = [ANSWERING_BOT, SORTING_BOT].into_iter().zip(901..).map(|((id, name), number)| {
            json!({"type": "agent", "id": id, "number": number, "name": name, "username": id, "kind": "bot", "teams": []})
        });
        humans.chain(bots).collect()
    }
}

impl Agent {
    fn serves(&self, team: usize) -> bool {
        self.team == team || self.second_team == Some(team)
    }
}
