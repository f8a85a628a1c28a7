//! What the demo's lines come to once they are read and derived.

use std::collections::{BTreeMap, HashMap};

use super::{Plan, plan};
use crate::import::Source;
use crate::model::{
    AgentKind, BusinessHours, Case, CaseState, CaseStatus, Event, Line, Patch, Reference, SlaPolicy, SlaState, Status,
    Workspace,
};
use crate::record::{self, Derived, Rules};

/// Everything derived from a plan, with not one line rejected.
fn derive(plan: Plan) -> Vec<Derived> {
    let mut reference = Reference::new(Workspace::named(super::super::WORKSPACE));
    let mut cases: BTreeMap<String, (Case, Vec<Event>)> = BTreeMap::new();
    let mut source = plan.source();
    while let Some(batch) = source.next_batch(1_000).unwrap() {
        assert_eq!(batch.rejects, []);
        for numbered in batch.lines {
            match numbered.line {
                Line::Case(line) => {
                    let case = Case::create(*line, 0).unwrap();
                    cases.insert(case.id.clone(), (case, Vec::new()));
                }
                Line::Event(line) => {
                    let (_, events) = cases.get_mut(&line.case).unwrap();
                    match events.iter_mut().find(|event| event.id == line.id && event.body.kind() == line.body.kind()) {
                        Some(event) => event.lay(*line),
                        None => events.push(Event::create(*line).unwrap()),
                    }
                }
                line => lay(&mut reference, line),
            }
        }
    }
    let rules = Rules::compile(&reference);
    cases.values().map(|(case, events)| record::derive(case, events, &rules)).collect()
}

fn lay(reference: &mut Reference, line: Line) {
    match line {
        Line::Workspace(line) => reference.workspace.lay(line),
        Line::BusinessHours(line) => {
            let mut hours = BusinessHours::named(&line.id, line.from);
            hours.lay(line);
            reference.business_hours.push(hours);
        }
        Line::Status(line) => {
            let mut status = Status::named(&line.id, line.from);
            status.lay(line);
            reference.statuses.push(status);
        }
        Line::SlaPolicy(line) => {
            let mut policy = SlaPolicy::named(&line.id, line.from);
            policy.lay(line);
            reference.policies.push(policy);
        }
        Line::Agent(line) if line.kind == Some(AgentKind::Bot) => {
            reference.bots.insert(line.id);
        }
        Line::Team(line) => {
            if let Patch::Value(hours) = line.business_hours {
                reference.team_hours.insert(line.id, hours);
            }
        }
        _ => {}
    }
}

#[test]
fn most_promises_are_kept_but_not_all() {
    let plan = plan(7, 1_500);
    let mut outcomes: HashMap<String, [u32; 4]> = HashMap::new();
    for clock in derive(plan).iter().flat_map(|derived| &derived.sla_clocks).filter(|clock| !clock.is_left_out) {
        let state = clock.state(plan.now);
        let slot = SlaState::ALL.iter().position(|other| *other == state).unwrap();
        for key in ["all".to_owned(), clock.policy.clone(), format!("{} {}", clock.policy, clock.metric)] {
            outcomes.entry(key).or_default()[slot] += 1;
        }
    }
    let compliance = |counts: &[u32; 4]| {
        let [_, fulfilled, breached, late] = counts.map(f64::from);
        100.0 * fulfilled / (fulfilled + breached + late)
    };
    let rates: BTreeMap<_, _> = outcomes.iter().map(|(key, counts)| (key, (compliance(counts), counts))).collect();
    assert_eq!(rates.len(), 1 + 3 + 9);
    assert!((80.0..93.0).contains(&compliance(&outcomes["all"])), "{rates:#?}");
    for (key, counts) in &outcomes {
        assert!((65.0..99.9).contains(&compliance(counts)), "{key}: {rates:#?}");
    }
}

#[test]
fn cases_run_as_in_a_real_organisation() {
    let all = derive(plan(7, 1_500));
    let cases: Vec<_> =
        all.iter().map(|derived| &derived.case).filter(|case| case.state == CaseState::Active).collect();
    let share = |count: usize| 100.0 * count as f64 / cases.len() as f64;
    let is_open = |status| !matches!(status, CaseStatus::Resolved | CaseStatus::Closed);
    let open = share(cases.iter().filter(|case| is_open(case.status)).count());
    let reopened = share(cases.iter().filter(|case| case.reopen_count > 0).count());
    let abandoned = share(cases.iter().filter(|case| case.is_abandoned).count());
    assert!((0.2..3.0).contains(&open), "{open}");
    assert!((4.0..8.0).contains(&reopened), "{reopened}");
    assert!((0.3..3.0).contains(&abandoned), "{abandoned}");
}
