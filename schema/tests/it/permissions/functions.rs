//! Every role against every function that acts for somebody: what it asks first.

use std::collections::BTreeSet;

use kardan_schema::Role;

use super::catalogue::{attempt, functions};
use super::scene::{Owner, Which, block, pointers, scene, value};
use super::table::{Asks, table};

/// The refusal that is expected, if one is; whatever else the function says afterwards is its own business.
fn expected(asks: Asks, role: Option<Role>, is_blocked: bool) -> Option<&'static str> {
    let rank = |role| Role::ALL.iter().position(|one| *one == role);
    let Some(role) = role else {
        return (asks != Asks::Nothing).then_some("actor_unknown");
    };
    let least = match asks {
        Asks::Good | Asks::Guest => Role::User,
        Asks::Moderator => Role::Moderator,
        Asks::Admin => Role::Admin,
        _ => return None,
    };
    if is_blocked {
        return Some("actor_blocked");
    }
    (rank(role) < rank(least)).then_some("role_required")
}

const ABOUT_THE_ACTOR: [&str; 3] = ["actor_unknown", "actor_blocked", "role_required"];

/// Nobody, nobody again, and people of the scene with their roles.
const ACTORS: [(&str, Option<Role>); 5] = [
    ("null", None),
    ("-1", None),
    ("106", Some(Role::User)),
    ("108", Some(Role::Moderator)),
    ("109", Some(Role::Admin)),
];

#[tokio::test]
async fn every_role_meets_every_function_as_the_table_says() -> anyhow::Result<()> {
    let (_db, session) = scene().await?;
    let table = table();
    let mut found = Vec::new();
    for function in functions(&session).await? {
        let Some(line) = table.get(function.name.as_str()) else {
            continue;
        };
        if !function.takes("p_actor") {
            continue;
        }
        // The last kind: the one that lets the function get furthest.
        let things = line.cells.last().map_or_else(Vec::new, |(kind, _)| {
            let of = |owner| pointers(kind, Which::Of(owner));
            of(Owner::Person)
                .or_else(|| of(Owner::Shop))
                .unwrap_or_default()
        });
        for (actor, role) in ACTORS {
            for is_blocked in [false, true] {
                let prepare = match role {
                    Some(_) if is_blocked => block(actor.parse()?),
                    _ if is_blocked => continue,
                    _ => "select".to_owned(),
                };
                let call = function
                    .call(|argument, ty| value(&function.name, actor, &things, argument, ty));
                let said = attempt(&session, &function.callers[0], &prepare, &call).await?;
                let about = said.reason().filter(|one| ABOUT_THE_ACTOR.contains(one));
                let expected = match (line.asks, actor) {
                    (Asks::Guest, "null") => None,
                    _ => expected(line.asks, role, is_blocked),
                };
                if about != expected {
                    found.push(format!(
                        "{} as {actor}, blocked {is_blocked}: said {said:?}, expected {expected:?}",
                        function.name
                    ));
                }
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

#[tokio::test]
async fn the_table_has_a_line_for_every_function_that_people_reach_and_no_other()
-> anyhow::Result<()> {
    let (_db, session) = scene().await?;
    let table = table();
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    for function in functions(&session).await? {
        let name = function.name.as_str();
        known.insert(name.to_owned());
        let acts = function.takes("p_actor");
        match table.get(name) {
            None if acts || function.is_for_people() => {
                found.push(format!("{name}: has no line in permissions/table.rs"));
            }
            Some(line) if acts == matches!(line.asks, Asks::Open | Asks::Program) => {
                found.push(format!(
                    "{name}: asks {:?}, and acts for somebody: {acts}",
                    line.asks
                ));
            }
            _ => {}
        }
    }
    found.extend(
        table
            .keys()
            .filter(|name| !known.contains(**name))
            .map(|name| format!("{name}: is no granted function")),
    );
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}
