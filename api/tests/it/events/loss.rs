//! The server loses its connections to the database while people listen.

use kardan_schema::Role;

use super::socket::Socket;
use super::{Listener, QUICK};
use crate::support::Server;

/// How often all connections are lost.
const LOSSES: i64 = 5;

/// Ends every connection of the server to its database; how many there were.
async fn lose(server: &Server) -> anyhow::Result<i64> {
    let row = server
        .superuser()
        .await?
        .query_one(
            "select count(*) filter (where pg_terminate_backend(a.pid)) from pg_stat_activity as a
             where a.datname = current_database() and a.application_name = 'kardan-api'",
            &[],
        )
        .await?;
    Ok(row.get(0))
}

#[tokio::test]
async fn streams_that_are_open_hear_everything_once_however_often_connections_are_lost()
-> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut stream = Listener::open(&anna, None, "").await?;
    stream.expect("ready").await?;
    let mut socket = Socket::open(&server, &anna, "").await?;
    socket.expect("ready").await?;
    let mut lost = 0;
    for round in 0..LOSSES {
        // Before the loss, between the loss and the next question, and after it.
        server.say(3 * round, &[anna.user.0]).await?;
        lost += lose(&server).await?;
        server.say(3 * round + 1, &[anna.user.0]).await?;
        for n in [3 * round, 3 * round + 1] {
            // Anything else that the streams say, a reset or an end, is a failure.
            assert_eq!(stream.expect("").await?.number(), n);
            assert_eq!(socket.number().await?, n);
        }
        server.say(3 * round + 2, &[anna.user.0]).await?;
        assert_eq!(stream.expect("").await?.number(), 3 * round + 2);
        assert_eq!(socket.number().await?, 3 * round + 2);
    }
    assert!(lost >= LOSSES, "there was something to lose: {lost}");
    Ok(())
}
