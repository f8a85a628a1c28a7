//! Messages of hand-made cases.

use crate::model::{ActorKind, AssignmentKind, Visibility};
use crate::record::story::{at, monday};

#[test]
fn messages_go_to_their_author_when_an_agent_or_bot_else_to_the_assignee_then() {
    let told = monday()
        .bot_agent("b2")
        .customer("+0s")
        .assignment("+1m", AssignmentKind::Assign, ["a1", "t1", "q1"])
        .customer_named("+2m", "cc")
        .agent("+3m", "a2")
        .note("+4m", "a3")
        .bot("+5m", "b1")
        .agent("+6m", "b2")
        .system("+7m")
        .assignment("+8m", AssignmentKind::Assign, ["a9", "t9", "q9"])
        .message("+9m", ActorKind::Customer, None)
        .message("+10m", ActorKind::Agent, None);
    let rows: Vec<String> = told
        .derive()
        .messages
        .iter()
        .map(|row| {
            let id = |id: &Option<String>| id.as_deref().unwrap_or("-").to_owned();
            let opening = if row.is_opening { "opening " } else { "" };
            let (author, agent, team, queue) = (id(&row.author), id(&row.agent), id(&row.team), id(&row.queue));
            format!("{} {opening}{} {} {author}: {agent} {team} {queue}", row.id, row.visibility, row.author_kind)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "e000 opening public customer cu1: - - -",
            "e002 public customer cc: a1 t1 q1",
            "e003 public agent a2: a2 t1 q1",
            "e004 internal agent a3: a3 t1 q1",
            "e005 public bot b1: b1 t1 q1",
            "e006 public bot b2: b2 t1 q1",
            "e007 public system -: a1 t1 q1",
            "e009 public customer -: a9 t9 q9",
            "e010 public agent -: - t9 q9",
        ]
    );
}

#[test]
fn messages_come_in_the_order_in_which_they_happened() {
    let rows = monday().agent("+9m", "a1").customer("+1m").customer("+1m").seq(0).internal().derive().messages;
    assert_eq!(rows.iter().map(|row| Some(row.at)).collect::<Vec<_>>(), [at("+1m"), at("+1m"), at("+9m")]);
    assert_eq!(rows[1].visibility, Visibility::Internal, "seq comes after none");
}
