//! Ids as vendors want them. Where one wants a UUID and ours is none, it is the UUIDv5 (RFC 9562) of workspace, type and id, so that
//! it is the same on every gateway and every day.

use std::collections::HashMap;

use uuid::Uuid;

use crate::app::{Error, Lookups};
use crate::model::{Page, Window, WorkspaceId};

/// Things that a vendor knows by UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A team.
    Team,
    /// A queue.
    Queue,
    /// An SLA policy.
    Policy,
}

impl Thing {
    fn word(self) -> &'static str {
        match self {
            Thing::Team => "team",
            Thing::Queue => "queue",
            Thing::Policy => "sla_policy",
        }
    }
}

/// The UUID of a thing; its own id when that is one.
pub fn uuid_of(workspace: &WorkspaceId, thing: Thing, id: &str) -> Uuid {
    if let Ok(own) = Uuid::try_parse(id) {
        return own;
    }
    let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("deskgraph:{}", workspace.0).as_bytes());
    let kind = Uuid::new_v5(&space, thing.word().as_bytes());
    Uuid::new_v5(&kind, id.as_bytes())
}

/// Most things that are looked through for a UUID.
const LIMIT_THINGS: usize = 10_000;

/// Our id of the thing that a vendor calls so; `None` when there is none.
///
/// # Errors
/// As `find_all`.
pub async fn find(lookups: &Lookups, thing: Thing, uuid: Uuid) -> Result<Option<String>, Error> {
    Ok(find_all(lookups, thing, &[uuid]).await?.remove(&uuid))
}

/// Our ids of the things that a vendor calls so; those that there are not are left out.
///
/// # Errors
/// `Limit` in a workspace of more than 10,000 of them; those of pages.
pub async fn find_all(lookups: &Lookups, thing: Thing, uuids: &[Uuid]) -> Result<HashMap<Uuid, String>, Error> {
    let mut window = Window { rows: crate::model::page::MAX_PAGE_ROWS, ..Window::default() };
    let (mut found, mut seen) = (HashMap::new(), 0);
    let workspace = &lookups.viewer().workspace;
    loop {
        let page = page(lookups, thing, &window).await?;
        seen += page.items.len();
        let last = page.items.last().map(|(cursor, _)| cursor.clone());
        for (_, id) in page.items {
            let uuid = uuid_of(workspace, thing, &id);
            if uuids.contains(&uuid) {
                found.insert(uuid, id);
            }
        }
        match last {
            Some(cursor) if page.has_next && found.len() < uuids.len() => window.after = Some(cursor),
            _ => return Ok(found),
        }
        if seen > LIMIT_THINGS {
            let text = format!("more than {LIMIT_THINGS} of kind {}; ids cannot be looked up by UUID", thing.word());
            return Err(Error::Limit(text));
        }
    }
}

async fn page(lookups: &Lookups, thing: Thing, window: &Window) -> Result<Page<String>, Error> {
    fn ids<T>(page: Page<T>, id: impl Fn(T) -> Option<String>) -> Page<String> {
        let items = page.items.into_iter().filter_map(|(cursor, item)| Some((cursor, id(item)?))).collect();
        Page { items, has_next: page.has_next, has_previous: page.has_previous }
    }
    Ok(match thing {
        Thing::Team => ids(lookups.teams_page(window).await?, |team| Some(team.id)),
        Thing::Queue => ids(lookups.queues_page(window).await?, |queue| Some(queue.id)),
        Thing::Policy => {
            ids(lookups.policies_page(window).await?, |all| all.into_iter().next().map(|policy| policy.id))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_stable_and_tell_workspaces_types_and_ids_apart() {
        let (acme, other) = (WorkspaceId("acme".to_owned()), WorkspaceId("other".to_owned()));
        let uuid = uuid_of(&acme, Thing::Team, "support");
        assert_eq!(uuid, uuid_of(&acme, Thing::Team, "support"));
        assert_eq!(uuid.get_version_num(), 5);
        for another in [
            uuid_of(&other, Thing::Team, "support"),
            uuid_of(&acme, Thing::Queue, "support"),
            uuid_of(&acme, Thing::Team, "sales"),
        ] {
            assert_ne!(uuid, another);
        }
        let own = "8A3F2C6E-0B1D-4E5F-9A7B-1C2D3E4F5A6B";
        assert_eq!(uuid_of(&acme, Thing::Team, own).to_string(), own.to_lowercase());
    }
}
