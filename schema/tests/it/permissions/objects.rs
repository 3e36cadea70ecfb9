//! Everybody against everything that is somebody's: the same call pointed at one's own thing, at another's, and at one
//! that does not exist.

use std::collections::BTreeSet;

use kardan_testdb::Session;

use super::catalogue::{Answer, Function, attempt, functions};
use super::scene::{COMMON, OWNED, Owner, PEOPLE, THINGS, Which, pointers, scene, value};
use super::table::{Asks, SIGNS, table};

#[tokio::test]
async fn everybody_gets_from_every_thing_what_the_table_says() -> anyhow::Result<()> {
    let (_db, session) = scene().await?;
    let table = table();
    let mut found = Vec::new();
    for function in functions(&session).await? {
        let Some(line) = table.get(function.name.as_str()) else {
            continue;
        };
        for (kind, expected) in &line.cells {
            let trial = Trial {
                session: &session,
                function: &function,
                kind,
            };
            let (signs, notes) = match line.asks {
                Asks::Open => trial.by_anybody().await?,
                _ => trial.by_everybody().await?,
            };
            if signs != *expected {
                let (name, notes) = (&function.name, notes.join("\n    "));
                found.push(format!(
                    "{name} {kind}: {signs}, the table says {expected}\n    {notes}"
                ));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

/// A function and the kind of thing that it is pointed at.
struct Trial<'a> {
    session: &'a Session,
    function: &'a Function,
    kind: &'a str,
}

impl Trial<'_> {
    /// A sign for everybody, and why.
    async fn by_everybody(&self) -> anyhow::Result<(String, Vec<String>)> {
        let (mut signs, mut notes) = (String::new(), Vec::new());
        for person in &PEOPLE {
            let mut said = '.';
            for owner in person.tries {
                let (actor, prepare) = (person.id.to_string(), person.prepare());
                let Some((sign, note)) = self.by(&actor, &prepare, *owner).await? else {
                    continue;
                };
                notes.push(format!("{}, {owner:?}'s: {sign} {note}", person.name));
                // Who owns neither gets the same from both.
                said = if said == '.' || said == sign {
                    sign
                } else {
                    '?'
                };
            }
            signs.push(said);
        }
        Ok((signs, notes))
    }

    /// The sign for whoever asks.
    async fn by_anybody(&self) -> anyhow::Result<(String, Vec<String>)> {
        for owner in [Owner::Person, Owner::Shop] {
            if let Some((sign, note)) = self.by("null", "select", owner).await? {
                return Ok((sign.to_string(), vec![note]));
            }
        }
        Ok((String::new(), Vec::new()))
    }

    /// What an acting person gets from this owner's thing; nothing when there is no such thing.
    async fn by(
        &self,
        actor: &str,
        prepare: &str,
        owner: Owner,
    ) -> anyhow::Result<Option<(char, String)>> {
        let Some(things) = pointers(self.kind, Which::Of(owner)) else {
            return Ok(None);
        };
        let nothing = pointers(self.kind, Which::Absent).unwrap_or_default();
        let mut answers = Vec::new();
        for things in [things, nothing] {
            let call = self
                .function
                .call(|argument, ty| value(&self.function.name, actor, &things, argument, ty));
            let role = &self.function.callers[0];
            answers.push(attempt(self.session, role, prepare, &call).await?);
        }
        Ok(Some((
            judge(&answers[0], &answers[1]),
            format!("{:?}", answers[0]),
        )))
    }
}

/// What an answer means, beside the answer for a thing that is not.
fn judge(answer: &Answer, absent: &Answer) -> char {
    let known = |reason| SIGNS.iter().find(|(name, _)| *name == reason);
    match answer.reason().and_then(known) {
        Some((_, sign)) => *sign,
        None if answer == absent => '0',
        None if answer.reason().is_none() => '+',
        None => '*',
    }
}

#[tokio::test]
async fn every_argument_that_points_at_something_is_somebodys_or_everybodys() -> anyhow::Result<()>
{
    let (_db, session) = scene().await?;
    let table = table();
    let mut found = Vec::new();
    for function in functions(&session).await? {
        let Some(line) = table.get(function.name.as_str()) else {
            continue;
        };
        if line.asks == Asks::Program {
            continue;
        }
        let tried: BTreeSet<&str> = THINGS
            .iter()
            .filter(|(kind, ..)| line.cells.iter().any(|(one, _)| one == kind))
            .map(|(_, argument, ..)| *argument)
            .collect();
        for (argument, ty) in &function.arguments {
            let argument = argument.as_str();
            let points = matches!(ty.trim_end_matches("[]"), "bigint" | "uuid");
            if OWNED.contains(&argument) && !tried.contains(argument) {
                let name = &function.name;
                found.push(format!(
                    "{name}: its line names no kind of thing for {argument}"
                ));
            } else if points && !OWNED.contains(&argument) && !COMMON.contains(&argument) {
                let name = &function.name;
                found.push(format!(
                    "{name}: whose is what {argument} points at? (scene.rs)"
                ));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

/// Functions that anybody may call and that give moderators more of other people's things. Their routes take `ReadInside`
/// or `WriteInside` (`api/src/auth/inside.rs`), so that a token without the scope to moderate gets no more.
const MORE_FOR_MODERATORS: [&str; 22] = [
    "market.channel_post_list",
    "market.contact_notice_list",
    "market.listing_code_get",
    "market.listing_contact_stats",
    "market.listing_event_list",
    "market.listing_figures",
    "market.listing_fitment_add",
    "market.listing_fitment_export",
    "market.listing_fitment_import",
    "market.listing_fitment_remove",
    "market.listing_fitment_suggest",
    "market.listing_fitment_view",
    "market.listing_hint_list",
    "market.listing_missing_list",
    "market.listing_moderating_refuse",
    "market.listing_photo_view",
    "market.listing_place",
    "market.listing_price_get",
    "market.listing_price_list",
    "market.listing_schedule_get",
    "market.listing_view",
    "market.message_view",
];

#[test]
fn moderators_get_more_than_strangers_only_where_their_token_must_say_that_it_moderates() {
    let column = |name| {
        PEOPLE
            .iter()
            .position(|person| person.name == name)
            .unwrap()
    };
    let (stranger, moderator) = (column("stranger"), column("moderator"));
    let found: Vec<_> = table()
        .into_iter()
        .filter(|(_, line)| matches!(line.asks, Asks::Account | Asks::Good))
        .filter(|(_, line)| {
            let sign = |cells: &str, at| cells.chars().nth(at);
            line.cells
                .iter()
                .any(|(_, cells)| sign(cells, stranger) != sign(cells, moderator))
        })
        .map(|(name, _)| name)
        .collect();
    assert_eq!(found, MORE_FOR_MODERATORS);
}
