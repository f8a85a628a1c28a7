//! What a case is when it is created: whose, about what, by which channel, where it goes.

use super::chance::{Chance, Purpose, mix};
use super::customers::Customers;
use super::demand::Arrival;
use super::line::{Attributes, CaseLine, Who};
use super::organisation::{CHANNELS, Channel, TEAMS, Tempo};
use super::topics::{OUTAGE, OUTREACH, TOPICS, Topic, UNWANTED, word};
use super::world::World;

/// Priorities, least pressing first.
pub const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];

/// Whether a case counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It does.
    Active,
    /// Nobody wanted it.
    Spam,
    /// It repeats the case of that index.
    Merged(u32),
}

/// A case as created.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Id of its line.
    pub id: String,
    /// Number people quote.
    pub number: u64,
    /// When and where.
    pub arrival: Arrival,
    /// About what.
    pub topic: &'static Topic,
    /// Channel.
    pub channel: &'static Channel,
    /// Indicates staff wrote first.
    pub is_outbound: bool,
    /// Whose; `None` for spam.
    pub customer: Option<usize>,
    /// Standing of the customer.
    pub standing: Option<&'static str>,
    /// Priority: index.
    pub priority: usize,
    /// Tags as created.
    pub tags: Vec<&'static str>,
    /// Team: index.
    pub team: usize,
    /// Queue.
    pub queue: &'static str,
    /// Subject line.
    pub subject: String,
    /// What it is about.
    pub product: &'static str,
    /// Whether it counts.
    pub fate: Fate,
}

impl Facts {
    /// The facts of a case of the plan.
    pub fn of(world: &World, case: u32) -> Facts {
        let mut chance = Chance::new(world.plan.seed, Purpose::Facts, u64::from(case));
        let arrival = world.demand.arrival(case);
        let fate = fate(world.plan.seed, case);
        let is_outage = arrival.is_incident && chance.hit(0.55);
        let is_outbound = fate == Fate::Active && !is_outage && chance.hit(0.05);
        let topic = match (is_outage, is_outbound) {
            (true, _) => &OUTAGE,
            (_, true) => &OUTREACH,
            _ => &TOPICS[chance.weigh(TOPICS.iter().map(|topic| topic.share))],
        };
        let (team, queue) = topic.place[arrival.region];
        let is_open = world.offices[TEAMS[team].office].is_open(arrival.at);
        let channel = channel(&mut chance, is_open && fate == Fate::Active, is_outbound);
        let drawn = world.customers.draw(&mut chance, arrival.region, arrival.at);
        let (subject, product) = word(topic, arrival.region, &mut chance);
        let mut facts = Facts {
            id: id(case),
            number: number(case),
            arrival,
            topic,
            channel,
            is_outbound,
            customer: Some(drawn),
            standing: None,
            priority: chance.weigh(topic.priorities.into_iter()),
            tags: topic.tags.iter().copied().filter(|_| chance.hit(0.7)).collect(),
            team,
            queue,
            subject,
            product,
            fate,
        };
        match fate {
            Fate::Active => {}
            Fate::Spam => {
                facts.subject = (*chance.pick(&UNWANTED)).to_owned();
                facts.customer = None;
                facts.tags.clear();
            }
            Fate::Merged(into) => facts.repeat(Facts::of(world, into)),
        }
        facts.standing = facts.customer.and_then(|customer| world.customers.standing(customer));
        facts.tags.extend(facts.standing);
        facts
    }

    /// Makes it the same matter again.
    fn repeat(&mut self, earlier: Facts) {
        self.customer = earlier.customer;
        self.topic = earlier.topic;
        (self.team, self.queue) = (earlier.team, earlier.queue);
        self.subject = earlier.subject;
        self.product = earlier.product;
    }

    /// Its line; `assignee` when somebody had it from the start.
    pub fn line<'a>(&'a self, requester: Option<&'a str>, assignee: Option<&'a str>) -> CaseLine<'a> {
        let creator = match assignee.filter(|_| self.is_outbound) {
            Some(agent) => Who::agent(agent),
            None => Who::customer(requester.map(str::to_owned)),
        };
        CaseLine {
            kind: "case",
            id: &self.id,
            number: self.number,
            created_at: self.arrival.at,
            channel: self.channel.id,
            direction: if self.is_outbound { "outbound" } else { "inbound" },
            contact_point: self.channel.points[self.arrival.region].0,
            requester,
            creator,
            priority: PRIORITIES[self.priority],
            case_type: self.topic.case_type,
            subject: &self.subject,
            team: TEAMS[self.team].id,
            queue: self.queue,
            assignee,
            tags: self.tags.clone(),
            state: match self.fate {
                Fate::Active => "active",
                Fate::Spam => "spam",
                Fate::Merged(_) => "merged",
            },
            merged_into: match self.fate {
                Fate::Merged(into) => Some(id(into)),
                _ => None,
            },
            attributes: Attributes { product: self.product, market: ["Europe", "Americas"][self.arrival.region] },
        }
    }

    /// Id of its customer.
    pub fn customer_id(&self) -> Option<String> {
        self.customer.map(Customers::id)
    }
}

fn number(case: u32) -> u64 {
    100_001 + u64::from(case)
}

fn id(case: u32) -> String {
    format!("c{}", number(case))
}

fn fate(seed: u64, case: u32) -> Fate {
    let drawn = |case: u32| mix(seed, u64::from(case), 21) % 1_000;
    match drawn(case) {
        0..14 => Fate::Spam,
        14..30 => match case.checked_sub(1) {
            Some(before) if drawn(before) >= 30 => Fate::Merged(before),
            _ => Fate::Active,
        },
        _ => Fate::Active,
    }
}

/// A channel: nobody chats or calls when nobody is there.
fn channel(chance: &mut Chance, is_open: bool, is_outbound: bool) -> &'static Channel {
    let share = |channel: &Channel| match channel.tempo {
        Tempo::Live if is_outbound => 0.0,
        Tempo::Live | Tempo::Phone if !is_open => 0.0,
        _ => channel.share,
    };
    &CHANNELS[chance.weigh(CHANNELS.iter().map(share))]
}
