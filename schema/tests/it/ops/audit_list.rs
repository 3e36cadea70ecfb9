//! Reading who did what.

use std::collections::HashSet;

use chrono::{TimeDelta, Utc};
use kardan_schema::ops::{self, AuditEntry, AuditList};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::{Database, Session};

use crate::support::reason;

fn acts_on_things(actor: UserId) -> AuditList {
    AuditList {
        actor,
        from: None,
        to: None,
        object_type: Some("thing".to_owned()),
        object_id: None,
        limit: None,
        after_at: None,
        after_id: None,
    }
}

/// Acts on things first..=last, all in one transaction and so at one moment.
async fn write(session: &Session, first: i32, last: i32) -> anyhow::Result<()> {
    session
        .execute(
            "select ops.audit_write(null, 'thing.move', 'thing', n::text, '{}')
             from generate_series($1::int, $2) as n",
            &[&first, &last],
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn pages_give_every_act_once_newest_first_even_those_of_one_moment() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let session = db.superuser().await?;
    write(&session, 1, 25).await?;
    write(&session, 26, 32).await?;
    let api = db.as_role("kardan_api").await?;
    let mut seen: Vec<AuditEntry> = Vec::new();
    loop {
        let mut request = acts_on_things(admin);
        request.limit = Some(10);
        request.after_at = seen.last().map(|act| act.at);
        request.after_id = seen.last().map(|act| act.audit_id);
        let page = ops::audit_list(&*api, &request).await?;
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 10);
        seen.extend(page);
        assert!(seen.len() <= 32, "a page repeats the one before");
    }
    assert_eq!(seen.len(), 32);
    assert!(seen.is_sorted_by(|a, b| (a.at, a.audit_id) > (b.at, b.audit_id)));
    let things: HashSet<_> = seen.iter().map(|act| act.object_id.clone()).collect();
    assert_eq!(things.len(), 32);
    assert_eq!(
        (seen[0].action.as_str(), seen[0].actor_id),
        ("thing.move", None)
    );
    Ok(())
}

#[tokio::test]
async fn a_page_has_twenty_acts_unless_asked_and_never_more_than_a_hundred() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    write(&db.superuser().await?, 1, 101).await?;
    let api = db.as_role("kardan_api").await?;
    for (limit, expected) in [
        (None, 20),
        (Some(-5), 1),
        (Some(0), 1),
        (Some(100), 100),
        (Some(1000), 100),
    ] {
        let request = AuditList {
            limit,
            ..acts_on_things(admin)
        };
        let page = ops::audit_list(&*api, &request).await?;
        assert_eq!(page.len(), expected, "{limit:?}");
    }
    Ok(())
}

#[tokio::test]
async fn acts_are_found_by_what_they_were_done_to_and_by_time() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let session = db.superuser().await?;
    write(&session, 1, 3).await?;
    session
        .execute(
            "insert into ops_data.audit (at, action, object_type, object_id)
             select ops.clock_now() - make_interval(days => d), 'thing.move', 'thing', 'old' || d
             from unnest(array[10, 100]) as d",
            &[],
        )
        .await?;
    let api = db.as_role("kardan_api").await?;

    let one = AuditList {
        object_id: Some("2".to_owned()),
        ..acts_on_things(admin)
    };
    assert_eq!(ops::audit_list(&*api, &one).await?.len(), 1);
    let elsewhere = AuditList {
        object_type: Some("other".to_owned()),
        ..acts_on_things(admin)
    };
    assert_eq!(ops::audit_list(&*api, &elsewhere).await?, []);

    // Without a start it is the last 90 days.
    let latest = ops::audit_list(&*api, &acts_on_things(admin)).await?;
    assert_eq!(latest.len(), 4);
    let all = AuditList {
        from: Some(Utc::now() - TimeDelta::days(365)),
        ..acts_on_things(admin)
    };
    assert_eq!(ops::audit_list(&*api, &all).await?.len(), 5);
    let before = AuditList {
        to: Some(Utc::now() - TimeDelta::days(5)),
        ..acts_on_things(admin)
    };
    let found = ops::audit_list(&*api, &before).await?;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].object_id, "old10");
    Ok(())
}

#[tokio::test]
async fn strangers_do_not_read_the_audit() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for role in [Role::User, Role::Moderator] {
        let person = db.person(role).await?;
        assert_eq!(
            reason(ops::audit_list(&*api, &acts_on_things(person)).await),
            Reason::RoleRequired
        );
    }
    assert_eq!(
        reason(ops::audit_list(&*api, &acts_on_things(UserId(-1))).await),
        Reason::ActorUnknown
    );
    Ok(())
}
