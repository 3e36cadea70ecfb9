//! People for moderators.

use std::future::poll_fn;

use kardan_schema::people::{self, UserList, UserStart};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::{Database, Session};
use tokio_postgres::{AsyncMessage, NoTls};

use super::{block, start};
use crate::support::reason;

fn all(actor: UserId) -> UserList {
    UserList {
        actor,
        query: None,
        role: None,
        blocked: None,
        limit: None,
        after: None,
    }
}

async fn found(api: &Session, actor: UserId, query: &str) -> anyhow::Result<Vec<UserId>> {
    let asked = UserList {
        query: Some(query.to_owned()),
        ..all(actor)
    };
    let rows = people::user_list(&**api, &asked).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

#[tokio::test]
async fn people_are_found_by_name_username_and_number() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let (api, bot) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_bot").await?,
    );
    let anna = people::user_start(&*bot, &start(9_007_199_254_740_993))
        .await?
        .user_id;
    let other = UserStart {
        username: Some("xannaXp".to_owned()),
        first_name: "Пётр".to_owned(),
        last_name: Some("Ёлкин 100%".to_owned()),
        ..start(77)
    };
    let petr = people::user_start(&*bot, &other).await?.user_id;
    let cases = [
        ("petrov", vec![anna]),
        ("ПЁТР", vec![petr]),
        ("ёлкин", vec![petr]),
        ("пё", vec![petr]),
        // Without three letters in a row only the beginning counts.
        ("ёл", vec![]),
        ("ann", vec![petr, anna]),
        // Signs of the pattern language are letters like others.
        ("anna_p", vec![anna]),
        ("@anna_p", vec![anna]),
        ("100%", vec![petr]),
        ("%%%", vec![]),
        ("___", vec![]),
        ("\\", vec![]),
        ("9007199254740993", vec![anna]),
        ("9007199254740992", vec![]),
        ("77", vec![petr]),
        ("99999999999999999999", vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&api, moderator, query).await?, expected, "{query}");
    }
    assert_eq!(
        found(&api, moderator, &petr.to_string()).await?.first(),
        Some(&petr)
    );
    // Nothing to look for: everybody.
    assert_eq!(
        found(&api, moderator, " @ ").await?,
        [petr, anna, moderator]
    );
    Ok(())
}

#[tokio::test]
async fn filters_narrow_and_pages_go_on_where_they_ended() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let mut users = Vec::new();
    for _ in 0..5 {
        users.insert(0, db.person(Role::User).await?);
    }
    block(&*api, admin, users[1]).await?;
    let ids = |asked: UserList| {
        let api = &api;
        async move {
            let rows = people::user_list(&**api, &asked).await?;
            anyhow::Ok(rows.iter().map(|row| row.user_id).collect::<Vec<_>>())
        }
    };
    #[rustfmt::skip]
    let cases = [
        (UserList { role: Some(Role::Admin), ..all(admin) }, vec![admin]),
        (UserList { role: Some(Role::Moderator), ..all(admin) }, vec![]),
        (UserList { blocked: Some(true), ..all(admin) }, vec![users[1]]),
        (UserList { blocked: Some(false), ..all(admin) },
            vec![users[0], users[2], users[3], users[4], admin]),
        (UserList { limit: Some(2), ..all(admin) }, vec![users[0], users[1]]),
        (UserList { limit: Some(2), after: Some(users[1]), ..all(admin) },
            vec![users[2], users[3]]),
        (UserList { limit: Some(0), after: Some(users[4]), ..all(admin) }, vec![admin]),
        (UserList { after: Some(admin), ..all(admin) }, vec![]),
        (UserList {
            query: Some("user of".to_owned()), role: Some(Role::User), blocked: Some(false),
            limit: Some(2), after: Some(users[0]), ..all(admin)
        }, vec![users[2], users[3]]),
    ];
    for (asked, expected) in cases {
        assert_eq!(ids(asked.clone()).await?, expected, "{asked:?}");
    }
    let blocked = UserList {
        blocked: Some(true),
        ..all(admin)
    };
    let row = &people::user_list(&*api, &blocked).await?[0];
    assert_eq!((row.is_blocked, row.blocked_until), (true, None));
    Ok(())
}

#[tokio::test]
async fn only_moderators_and_administrators_see_the_list() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(people::user_list(&*api, &all(moderator)).await?.len(), 3);
    assert_eq!(people::user_list(&*api, &all(admin)).await?.len(), 3);
    block(&*api, admin, moderator).await?;
    for (actor, expected) in [
        (user, Reason::RoleRequired),
        (moderator, Reason::ActorBlocked),
        (UserId(-1), Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(people::user_list(&*api, &all(actor)).await),
            expected
        );
    }
    Ok(())
}

/// The plans of every statement inside the call.
async fn plans(db: &Database, asked: &UserList) -> anyhow::Result<String> {
    let (client, mut connection) = tokio_postgres::connect(&db.url_as("postgres"), NoTls).await?;
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let listening = tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notice(notice) = message {
                let _ = sender.send(notice.message().to_owned());
            }
        }
    });
    client
        .batch_execute(
            "load 'auto_explain'; set auto_explain.log_min_duration = 0;
             set auto_explain.log_level = 'notice';
             set auto_explain.log_nested_statements = on",
        )
        .await?;
    people::user_list(&client, asked).await?;
    drop(client);
    listening.await?;
    let mut text = String::new();
    while let Ok(plan) = receiver.try_recv() {
        text.push_str(&plan);
    }
    Ok(text)
}

#[tokio::test]
async fn every_filter_of_the_list_has_its_index() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    db.superuser()
        .await?
        .batch_execute(
            "insert into people_data.users (display_name, created_at, updated_at)
             select md5(n::text), ops.clock_now(), ops.clock_now()
             from generate_series(1, 30000) as n;
             insert into people_data.identities (
                 provider, subject, user_id, username, linked_at, seen_at)
             select 'telegram', u.id::text, u.id, md5(u.display_name),
                 ops.clock_now(), ops.clock_now()
             from people_data.users as u;
             insert into people_data.bans (user_id, reason, until, created_at)
             select u.id, 'x', 'infinity', ops.clock_now()
             from people_data.users as u
             where u.id % 1000 = 0;
             analyze people_data.users, people_data.identities, people_data.bans",
        )
        .await?;
    #[rustfmt::skip]
    let cases = [
        (UserList { query: Some("c4ca42".to_owned()), ..all(admin) },
            vec!["users_display_name_trgm_idx", "identities_username_trgm_idx",
                "identities_pkey", "users_pkey"]),
        (UserList { role: Some(Role::Admin), ..all(admin) }, vec!["users_role_id_idx"]),
        (UserList { blocked: Some(true), ..all(admin) }, vec!["users_pkey"]),
        (UserList { blocked: Some(false), after: Some(UserId(20_000)), ..all(admin) },
            vec!["users_pkey"]),
        (all(admin), vec!["users_pkey"]),
    ];
    for (asked, indexes) in cases {
        let text = plans(&db, &asked).await?;
        for index in indexes {
            assert!(text.contains(index), "{index} is not used:\n{text}");
        }
        for table in ["users", "identities"] {
            let whole = format!("Seq Scan on {table}");
            assert!(
                !text.contains(&whole),
                "{table} is read as a whole:\n{text}"
            );
        }
    }
    Ok(())
}
