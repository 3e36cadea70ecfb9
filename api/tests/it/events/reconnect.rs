//! Across a break nothing is lost and nothing comes twice.

use std::collections::BTreeSet;

use kardan_schema::Role;
use kardan_testdb::ListingFixture;

use super::{Listener, QUICK};
use crate::support::Server;

/// Events of one writer.
const EACH: i64 = 60;

#[tokio::test]
async fn while_writers_commit_out_of_order_nothing_is_lost_or_doubled_however_often_the_stream_breaks()
-> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let listing = server
        .db
        .listing(anna.user, &ListingFixture::default())
        .await?
        .0;
    let query = format!("?listings={listing}");
    let mut stream = Listener::open(&anna, None, &query).await?;
    let mut last = stream.expect("ready").await?.id;
    let writer = async |first: i64, held: i64| -> anyhow::Result<()> {
        let mut session = server.superuser().await?;
        for at in 0..EACH / held {
            // So many in one transaction, of which the later ones take their numbers long after the first.
            let tx = session.transaction().await?;
            for n in 0..held {
                let number = first + at * held + n;
                let what = match number % 2 {
                    0 => format!("notify.announce('test.thing', array[{}], null,", anna.user),
                    _ => format!("notify.announce_listing('test.thing', {listing},"),
                };
                let data = format!("jsonb_build_object('n', {number}))");
                tx.batch_execute(&format!("select {what} ops.clock_now(), {data}"))
                    .await?;
                tokio::task::yield_now().await;
            }
            tx.commit().await?;
        }
        Ok(())
    };
    let listen = async {
        let mut heard = Vec::new();
        while heard.len() < 3 * usize::try_from(EACH)? {
            let message = stream
                .next()
                .await?
                .ok_or_else(|| anyhow::anyhow!("it ended"))?;
            if message.name.is_empty() {
                heard.push(message.number());
            }
            anyhow::ensure!(message.name != "reset", "{message:?}");
            last = message.id;
            if heard.len() % 7 == 3 {
                // Where a real client would be: behind the last message that it got.
                stream = Listener::open(&anna, Some(&last), &query).await?;
            }
        }
        Ok(heard)
    };
    let (a, b, c, heard) = tokio::join!(writer(0, 1), writer(1000, 3), writer(2000, 20), listen);
    a.and(b).and(c)?;
    let heard = heard?;
    let all: BTreeSet<_> = [0, 1000, 2000]
        .iter()
        .flat_map(|first| *first..*first + EACH)
        .collect();
    assert_eq!(heard.iter().copied().collect::<BTreeSet<_>>(), all);
    assert_eq!(heard.len(), all.len());
    // Nothing comes after that, but what is new.
    server.say(7777, &[anna.user.0]).await?;
    let mut again = Listener::open(&anna, Some(&last), &query).await?;
    let first = loop {
        let message = again.next().await?.unwrap();
        if message.name.is_empty() {
            break message.number();
        }
    };
    assert_eq!(first, 7777);
    Ok(())
}

#[tokio::test]
async fn an_event_that_is_committed_late_is_heard_by_who_has_heard_later_ones() -> anyhow::Result<()>
{
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut stream = Listener::open(&anna, None, "").await?;
    let ready = stream.expect("ready").await?;
    let mut slow = server.superuser().await?;
    let tx = slow.transaction().await?;
    let early = format!(
        "select notify.announce('test.thing', array[{}], null, ops.clock_now(), '{{\"n\": 1}}')",
        anna.user
    );
    tx.batch_execute(&early).await?;
    server.say(2, &[anna.user.0]).await?;
    // A new stream from the same place, while the first is still open on the other side of the break.
    let mut other = Listener::open(&anna, Some(&ready.id), "").await?;
    other.expect("ready").await?;
    tx.commit().await?;
    for stream in [&mut stream, &mut other] {
        let heard = [
            stream.expect("").await?.number(),
            stream.expect("").await?.number(),
        ];
        assert_eq!(heard, [1, 2]);
    }
    Ok(())
}

#[tokio::test]
async fn after_a_restart_of_the_server_a_stream_goes_on_where_it_was() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut stream = Listener::open(&anna, None, "").await?;
    stream.expect("ready").await?;
    server.say(1, &[anna.user.0]).await?;
    let heard = stream.expect("").await?;
    let (user, token) = (anna.user, anna.token.clone());
    server.stop.cancel();
    let end = stream.expect("end").await?;
    assert_eq!(end.json()["why"], "restart");
    assert_eq!(stream.next().await?, None);
    server.say(2, &[user.0]).await?;
    drop(stream);
    let server = server.again(QUICK).await?;
    let anna = server.back(user, token);
    let mut stream = Listener::open(&anna, Some(&heard.id), "").await?;
    assert_eq!(stream.expect("").await?.number(), 2);
    stream.expect("ready").await?;
    server.say(3, &[user.0]).await?;
    assert_eq!(stream.expect("").await?.number(), 3);
    Ok(())
}

#[tokio::test]
async fn a_quiet_stream_moves_on_so_that_its_place_does_not_grow_old() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let (anna, boris) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let mut stream = Listener::open(&anna, None, "").await?;
    let ready = stream.expect("ready").await?;
    server.say(1, &[boris.user.0]).await?;
    stream.moves_on().await?;
    assert_ne!(stream.last, ready.id);
    server.say(2, &[anna.user.0]).await?;
    let mut again = Listener::open(&anna, Some(&stream.last), "").await?;
    let mut heard = again.next().await?.unwrap();
    if heard.name == "ready" {
        heard = again.next().await?.unwrap();
    }
    assert_eq!(heard.number(), 2);
    Ok(())
}

#[tokio::test]
async fn a_place_that_is_too_old_of_another_server_or_no_place_is_answered_with_a_reset()
-> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut stream = Listener::open(&anna, None, "").await?;
    let id = stream.expect("ready").await?.id;
    let parts: Vec<_> = id.split('-').collect();
    let with = |place: usize, part: &str| {
        let mut parts = parts.clone();
        parts[place] = part;
        parts.join("-")
    };
    let old = (chrono_now() - 7 * 86_400).to_string();
    for (last, why) in [
        (with(3, &old), "old"),
        (with(0, "0123456789ab"), "epoch"),
        (with(1, "999999999999"), "epoch"),
        ("a word".to_owned(), "unknown"),
    ] {
        for (header, query) in [
            (Some(last.as_str()), String::new()),
            (None, format!("?last_event_id={last}")),
        ] {
            let mut stream = Listener::open(&anna, header, &query).await?;
            let reset = stream.expect("reset").await?;
            assert_eq!(reset.json()["why"], why, "{last}");
            server.say(1, &[anna.user.0]).await?;
            assert_eq!(stream.expect("").await?.number(), 1);
            // From there it goes on like any other.
            let mut again = Listener::open(&anna, Some(&stream.last), "").await?;
            again.expect("ready").await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn who_missed_too_much_is_told_to_load_everything_anew() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut stream = Listener::open(&anna, None, "").await?;
    let id = stream.expect("ready").await?.id;
    drop(stream);
    let root = server.superuser().await?;
    root.execute(
        "select notify.announce('test.thing', array[$1::bigint], null, ops.clock_now(), '{}')
         from generate_series(1, 5001)",
        &[&anna.user],
    )
    .await?;
    // Until the server has come that far it would be heard live, and too fast.
    let mut stream = Listener::open(&anna, Some(&id), "").await?;
    let reset = loop {
        match stream.next().await? {
            Some(message) if message.name == "reset" => break message,
            Some(_) => {}
            None => stream = Listener::open(&anna, Some(&id), "").await?,
        }
    };
    assert_eq!(reset.json()["why"], "many");
    Ok(())
}

fn chrono_now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap().as_secs()
}
