//! What the README tells a reader to do can be done: its queries run, and the settings it lists are the command line's. That the
//! answers, programs and commands in it are true, `tests/frontend` checks.

use clap::CommandFactory;
use deskgraph::app::demo;
use deskgraph::config::Config;
use deskgraph::model::Role;
use serde_json::json;

use crate::world::World;

const README: &str = include_str!("../../README.md");

/// The blocks of a language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let begin = format!("```{language}\n");
    README.split(&begin).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[tokio::test]
async fn queries_run_on_the_demo() {
    let world = World::new().await;
    demo::load(&world.app, 1, 40).await.unwrap();
    let token = world.token_for(demo::WORKSPACE, Role::Manager, None);
    let queries = blocks("graphql").into_iter().filter(|query| !query.contains('$'));
    assert_eq!(queries.clone().count(), 5);
    for query in queries {
        let answer = world.ask_as(&token, query, json!({})).await;
        assert_eq!(answer.get("errors"), None, "{query}\n{answer}");
        assert!(answer["data"].is_object(), "{query}");
    }
}

#[test]
fn operations_are_those_of_the_frontend_tests() {
    let kept = include_str!("../frontend/operations.graphql");
    assert!(blocks("graphql").join("\n") == kept, "tests/frontend/operations.graphql is not what the README shows");
}

#[test]
fn settings_are_those_of_the_command_line() {
    let command = Config::command();
    let serve = command.get_subcommands().find(|command| command.get_name() == "serve").unwrap();
    let flags = || serve.get_arguments().chain(command.get_arguments()).filter_map(|flag| flag.get_long());
    for flag in flags().filter(|flag| !["help", "version", "signing-key"].contains(flag)) {
        let variable = format!("DESKGRAPH_{}", flag.to_uppercase().replace('-', "_"));
        assert!(README.contains(&format!("`--{flag}`")), "--{flag} is not in the README");
        assert!(README.contains(&format!("`{variable}`")), "{variable} is not in the README");
    }
}
