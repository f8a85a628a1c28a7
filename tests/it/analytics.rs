//! Figures over many cases, asked through the graph: the conformance cases of the unified systems, what one request costs, who sees what.

pub mod conformance;
mod fusing;
pub mod questions;
mod viewers;

use serde_json::Value;

use crate::world::World;

/// A few made-up chats, a line at a time. All happen on 20 May 2026, eleven days before it is now.
#[derive(Default)]
pub struct Chats {
    lines: Vec<String>,
    count: usize,
}

/// What happens in a chat, in seconds after its creation.
#[derive(Clone, Copy, Default)]
pub struct Chat {
    pub channel: Option<&'static str>,
    pub assignee: Option<&'static str>,
    /// Who replies first, and when.
    pub reply: Option<(&'static str, u32)>,
    /// Public messages of the assignee after that.
    pub messages: usize,
    pub resolved_after: Option<u32>,
    pub closed_after: Option<u32>,
    pub score: Option<u8>,
}

/// The instant so many seconds after 09:00 on 20 May 2026.
pub fn at(seconds: u32) -> String {
    let (hours, rest) = (9 + seconds / 3_600, seconds % 3_600);
    format!("2026-05-20T{hours:02}:{:02}:{:02}Z", rest / 60, rest % 60)
}

impl Chats {
    /// A line as it is.
    pub fn line(&mut self, line: &str) -> &mut Chats {
        self.lines.push(line.to_owned());
        self
    }

    pub fn add(&mut self, chat: Chat) -> &mut Chats {
        let n = self.count;
        self.count += 1;
        let text = |value: Option<&str>| value.map_or("null".to_owned(), |value| format!("{value:?}"));
        self.lines.push(format!(
            r#"{{"type":"case","id":"c{n}","created_at":"{}","channel":"{}","requester":"cu1","assignee":{}}}"#,
            at(0),
            chat.channel.unwrap_or("web"),
            text(chat.assignee),
        ));
        let agent = |id: &str| format!(r#"{{"kind":"agent","id":"{id}"}}"#);
        let mut message = |id: String, seconds: u32, author: String| {
            self.lines.push(format!(
                r#"{{"type":"message","case":"c{n}","id":"{id}","at":"{}","author":{author}}}"#,
                at(seconds)
            ));
        };
        if let Some((replier, seconds)) = chat.reply {
            message(format!("c{n}r"), seconds, agent(replier));
        }
        for place in 0..chat.messages {
            message(format!("c{n}m{place}"), 1_000 + place as u32, agent(chat.assignee.unwrap_or("a1")));
        }
        for (status, seconds) in [("resolved", chat.resolved_after), ("closed", chat.closed_after)] {
            let Some(seconds) = seconds else { continue };
            self.lines.push(format!(
                r#"{{"type":"status_change","case":"c{n}","at":"{}","status":"{status}","actor":{}}}"#,
                at(seconds),
                agent(chat.assignee.unwrap_or("a1")),
            ));
        }
        if let Some(score) = chat.score {
            self.lines
                .push(format!(r#"{{"type":"rating","case":"c{n}","id":"r{n}","at":"{}","score":{score}}}"#, at(9_000)));
        }
        self
    }

    /// A world in which they happened.
    pub async fn world(&self) -> World {
        let world = World::new().await;
        let report = world.ingest(&self.lines.join("\n")).await;
        assert_eq!(report["rejected"], serde_json::json!([]), "{report}");
        world
    }
}

/// The value at a path of names and places, parted by dots.
pub fn get<'a>(answer: &'a Value, path: &str) -> &'a Value {
    let step = |value: &'a Value, name: &str| match name.parse::<usize>() {
        Ok(place) => &value[place],
        Err(_) => &value[name],
    };
    path.split('.').fold(answer, step)
}

/// Asks what must be answered without an error.
pub async fn ask(world: &World, query: &str) -> Value {
    let answer = world.ask(query).await;
    assert!(answer["errors"].is_null(), "{query}: {}", answer["errors"]);
    answer["data"].clone()
}
