//! Which policy, target and goal a clock is judged by, and whom it is credited to.

use super::story::*;
use crate::model::{ChangeField, SlaPolicy, SlaTarget};

const LATER: &str = "2026-02-01T00:00";

#[test]
fn a_change_of_priority_regoals_what_still_runs() {
    let urgent = |of: SlaTarget| SlaTarget { priority: Some("urgent".to_owned()), ..of };
    let story = Story::new(&[
        target(FirstReply, Calendar, 240),
        urgent(target(FirstReply, Calendar, 60)),
        target(Resolution, Calendar, 480),
        urgent(target(Resolution, Calendar, 120)),
    ]);
    // The reply was within the four hours that held then; the resolution is due two hours after creation.
    story.reply("2026-01-05T12:30").change("2026-01-05T13:00", ChangeField::Priority, "urgent").check(
        LATER,
        &[
            "first_reply fulfilled: from 01-05T10:00, done 01-05T12:30, counted 150, due 01-05T14:00",
            "resolution breached: from 01-05T10:00, running 01-05T10:00, counted 0, due 01-05T12:00",
        ],
    );
}

#[test]
fn taking_the_policy_away_keeps_only_completed_clocks() {
    let targets = [target(FirstReply, Calendar, 60), target(NextReply, Calendar, 60), target(Resolution, Calendar, 60)];
    let story = || {
        let mut story = Story::new(&targets).reply("2026-01-05T10:30").customer("2026-01-05T10:40");
        let other = SlaPolicy {
            is_enabled: false,
            targets: vec![target(Resolution, Business, 600)],
            ..SlaPolicy::named("q", None)
        };
        story.reference.policies.push(other);
        story
    };
    let first = "first_reply fulfilled: from 01-05T10:00, done 01-05T10:30, counted 30, due 01-05T11:00";
    story().policy("2026-01-05T11:00", None).check(LATER, &[first]);
    story().policy("2026-01-05T11:00", Some("nobody's")).check(LATER, &[first]);
    // Another policy, though disabled, has a promise for the resolution only; starts do not move.
    let under_other = story().policy("2026-01-05T11:00", Some("q"));
    let resolution = "resolution breached: from 01-05T10:00, running 01-05T10:00, counted 0, due 01-05T20:00";
    under_other.check(LATER, &[first, resolution]);
    let policies: Vec<String> = under_other.clocks().into_iter().map(|clock| clock.policy).collect();
    assert_eq!(policies, ["p", "q"]);
    // Under a policy again, the open run is back.
    let back = story().policy("2026-01-05T11:00", None).policy("2026-01-05T12:00", Some("p"));
    assert_eq!(back.clocks().len(), 3);
}

#[test]
fn hours_and_credit_follow_the_case() {
    // Days until 12:00 Monday, nights after: one hour before noon, then 22:00 to 01:00.
    let story = Story::new(&[target(FirstReply, Business, 240), target(Resolution, Business, 240)])
        .created("2026-01-05T11:00")
        .team_hours("day", "mon..sun 09:00-17:00")
        .team_hours("night", "mon..sun 22:00-06:00")
        .assign("2026-01-05T11:00", "a1", "day")
        .assign("2026-01-05T12:00", "a2", "night");
    let tail = "from 01-05T11:00, running 01-05T12:00, counted 60, due 01-06T01:00";
    story.check("2026-01-05T23:00", &[&format!("first_reply active: {tail}"), &format!("resolution active: {tail}")]);
    let credit = |story: &Story| -> Vec<(Option<String>, Option<String>)> {
        story.clocks().into_iter().map(|clock| (clock.agent, clock.team)).collect()
    };
    let told = |agent: &str, team: &str| (Some(agent.to_owned()), Some(team.to_owned()));
    assert_eq!(credit(&story), [told("a2", "night"), told("a2", "night")]);
    // The first reply goes to who replied, the resolution to who had the case when it was resolved, whoever has it later.
    let story =
        story.reply("2026-01-05T23:00").status("2026-01-06T00:00", "resolved").assign("2026-01-06T07:00", "a3", "day");
    assert_eq!(credit(&story), [told("a1", "night"), told("a2", "night")]);
    story.check(
        LATER,
        &[
            "first_reply fulfilled: from 01-05T11:00, done 01-05T23:00, counted 120, due 01-06T01:00",
            "resolution fulfilled: from 01-05T11:00, done 01-06T00:00, counted 180, due 01-06T01:00",
        ],
    );
}

#[test]
fn without_a_policy_or_a_target_there_is_no_clock() {
    Story::new(&[]).reply("2026-01-05T11:00").check(LATER, &[]);
    let mut story = Story::new(&[target(Resolution, Calendar, 60)]);
    story.reference.policies[0].conditions.priority = vec!["urgent".to_owned()];
    story.check(LATER, &[]);
    // Conditions look at the case as created.
    story.change("2026-01-05T11:00", ChangeField::Priority, "urgent").check(LATER, &[]);
}
