//! Requests at random, of several viewers at once.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::sdl::{Sdl, base};
use super::{ACME, OTHER, Worlds, first_difference, says_something, told};

/// Requests, and how many are asked at once.
const REQUESTS: usize = 240;
const AT_ONCE: usize = 12;
const DEPTH: usize = 6;

/// Makes selections of the schema.
struct Maker<'a> {
    sdl: &'a Sdl,
    chance: StdRng,
    aliases: usize,
}

impl Maker<'_> {
    /// Some fields of a type.
    fn selection(&mut self, name: &str, depth: usize) -> String {
        let fields = self.sdl.fields(name);
        let wanted = if name == "Query" { 2 } else { self.chance.random_range(1..5) };
        let mut parts = vec!["__typename".to_owned()];
        for _ in 0..wanted {
            let Some(&field) = fields.choose(&mut self.chance) else { break };
            let forms = self.sdl.arguments(name, field);
            let form = forms.choose(&mut self.chance).cloned().unwrap_or_default();
            let objects = self.sdl.objects(&base(&field.ty.node));
            self.aliases += 1;
            let call = format!("f{}: {}{form}", self.aliases, field.name.node);
            if objects.is_empty() {
                parts.push(call);
            } else if depth < DEPTH {
                let inner: Vec<String> = if objects.len() == 1 {
                    vec![self.selection(&objects[0], depth + 1)]
                } else {
                    let object = objects.choose(&mut self.chance).unwrap().clone();
                    vec![
                        "__typename".to_owned(),
                        format!("... on {object} {{ {} }}", self.selection(&object, depth + 1)),
                    ]
                };
                parts.push(format!("{call} {{ {} }}", inner.join(" ")));
            }
        }
        parts.join(" ")
    }
}

#[tokio::test]
async fn whatever_is_asked_at_once_nobody_gets_what_is_of_others() {
    let (worlds, sdl) = (Worlds::new().await, Sdl::read());
    let seed =
        std::env::var("DESKGRAPH_TENANCY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("DESKGRAPH_TENANCY_SEED={seed} repeats this");
    let mut maker = Maker { sdl: &sdl, chance: StdRng::seed_from_u64(seed), aliases: 0 };
    let mut full: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for round in 0..REQUESTS / AT_ONCE {
        let queries: Vec<String> = (0..AT_ONCE)
            .map(|_| {
                maker.aliases = 0;
                format!("{{ {} }}", maker.selection("Query", 0))
            })
            .collect();
        // All at once in the world of both; one after the other where a viewer is alone.
        let viewers: Vec<_> =
            (0..AT_ONCE).map(|place| &worlds.strangers[[0, 2, 0, 2, 1][(place + round) % 5]]).collect();
        let found =
            join_all(queries.iter().zip(&viewers).map(|(query, viewer)| told(&worlds.both, &viewer.token, query)));
        for ((query, viewer), found) in queries.iter().zip(&viewers).zip(found.await) {
            let expected = told(&viewer.alone, &viewer.token, query).await;
            let difference = first_difference(&found, &expected, "data");
            assert!(
                found == expected,
                "{} got what is not theirs: {query}
{difference}",
                viewer.name
            );
            let foreign = if viewer.name == "a team" { OTHER } else { ACME };
            assert!(!found.to_string().contains(foreign), "{}: {query}: {found}", viewer.name);
            let (some, all) = full.entry(viewer.name).or_default();
            *some += usize::from(says_something(&found["data"]));
            *all += 1;
        }
    }
    println!("{full:?}");
    let (some, all) = full
        .iter()
        .filter(|(name, _)| !name.contains("not there"))
        .fold((0, 0), |sum, (_, of)| (sum.0 + of.0, sum.1 + of.1));
    assert!(some * 2 >= all, "only {some} of {all} answers say something");
}
