//! Who may do what: every role against every function that acts for somebody. A function that is not in the table fails the
//! test, so nobody can be let in by forgetting to think about it.

use std::collections::BTreeMap;

use kardan_schema::{Role, Status, UserId};
use kardan_testdb::{Database, ListingFixture, Session, of_domains};

/// What a function asks of the acting person before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// An account; a blocked person still sees and leaves what is theirs.
    Account,
    /// An account that is not blocked.
    Good,
    /// A moderator or an administrator who is not blocked.
    Moderator,
    /// An administrator who is not blocked.
    Admin,
    /// Nothing: the caller has authenticated the person, and the function acts on the caller's own records.
    Nothing,
}

use Needs::{Account, Admin, Good, Moderator, Nothing};

const TABLE: &[(Needs, &str)] = &[
    (
        Account,
        "
        market.garage_list
        market.garage_remove
        market.listing_event_list
        market.listing_fitment_export
        market.listing_fitment_suggest
        market.listing_fitment_view
        market.listing_hint_list
        market.listing_incomplete_list
        market.listing_list_mine
        market.listing_missing_list
        market.listing_photo_view
        market.listing_price_list
        market.listing_schedule_get
        market.listing_view
        market.reservation_list_mine
        market.reservation_list_of_listing
        market.saved_search_delete
        market.saved_search_list
        market.search_alert_list
        market.shop_invitation_list
        market.shop_leave
        market.shop_list_mine
        market.shop_listing_list
        market.shop_member_list
        notify.notice_list
        notify.notice_read
        notify.notice_unread_count
        notify.object_mute_add
        notify.object_mute_list
        notify.object_mute_remove
        notify.topic_list
        notify.topic_set
        people.token_list
        people.token_revoke
        people.user_get
    ",
    ),
    (
        Good,
        "
        market.garage_add
        market.garage_update
        market.listing_bump
        market.listing_create
        market.listing_fitment_add
        market.listing_fitment_import
        market.listing_fitment_remove
        market.listing_flag
        market.listing_photo_add
        market.listing_photo_check
        market.listing_photo_order
        market.listing_photo_remove
        market.listing_price_set
        market.listing_renew
        market.listing_reserve
        market.listing_restore
        market.listing_stock_set
        market.listing_submit
        market.listing_update
        market.listing_withdraw
        market.reservation_release
        market.reservation_sell
        market.saved_search_create
        market.saved_search_update
        market.shop_create
        market.shop_invitation_accept
        market.shop_invitation_create
        market.shop_invitation_revoke
        market.shop_member_remove
        market.shop_member_role_set
        market.shop_update
        people.token_create
        people.user_update
    ",
    ),
    (
        Moderator,
        "
        catalog.brand_create
        catalog.part_cross_add
        catalog.part_cross_list
        catalog.part_cross_remove
        market.forbidden_word_list
        market.moderation_ad_place
        market.moderation_ad_remove
        market.moderation_approve
        market.moderation_card
        market.moderation_claim
        market.moderation_edit
        market.moderation_fitment_add
        market.moderation_flag_list
        market.moderation_hint_list
        market.moderation_queue
        market.moderation_reject
        market.moderation_release
        market.moderation_stats
        market.search_miss_list
        people.user_list
    ",
    ),
    (
        Admin,
        "
        catalog.attribute_archive
        catalog.attribute_set
        market.forbidden_word_add
        market.forbidden_word_remove
        market.listing_lifetime_list
        market.listing_lifetime_set
        notify.broadcast_audience_count
        notify.broadcast_cancel
        notify.broadcast_create
        notify.broadcast_get
        notify.broadcast_list
        notify.broadcast_pause
        notify.broadcast_resume
        notify.broadcast_start
        notify.broadcast_update
        notify.dead_letter_list
        notify.dead_letter_purge
        notify.dead_letter_purge_all
        notify.dead_letter_replay
        notify.dead_letter_replay_all
        ops.audit_list
        ops.setting_list
        ops.setting_set
        people.user_block
        people.user_role_set
        people.user_unblock
    ",
    ),
    (
        Nothing,
        "
        ops.idempotency_begin
        ops.idempotency_finish
    ",
    ),
];

/// The refusal that is expected, if one is; whatever else the function says afterwards is its own business.
fn expected(needs: Needs, role: Option<Role>, is_blocked: bool) -> Option<&'static str> {
    let rank = |role| Role::ALL.iter().position(|one| *one == role);
    let Some(role) = role else {
        return (needs != Nothing).then_some("actor_unknown");
    };
    let least = match needs {
        Account | Nothing => return None,
        Good => Role::User,
        Moderator => Role::Moderator,
        Admin => Role::Admin,
    };
    if is_blocked {
        return Some("actor_blocked");
    }
    (rank(role) < rank(least)).then_some("role_required")
}

const ABOUT_THE_ACTOR: [&str; 3] = ["actor_unknown", "actor_blocked", "role_required"];

#[tokio::test]
async fn every_role_meets_every_function_as_the_table_says() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let owner = db.person(Role::User).await?;
    let session = db.superuser().await?;
    let things = things(&db, &session, owner).await?;
    let mut actors = vec![(UserId(-1), None, false)];
    for role in Role::ALL {
        actors.push((db.person(*role).await?, Some(*role), false));
        let blocked = db.person(*role).await?;
        session
            .execute(
                "insert into people_data.bans (user_id, reason, until, created_at) values ($1, 'test', 'infinity', ops.clock_now())",
                &[&blocked],
            )
            .await?;
        actors.push((blocked, Some(*role), true));
    }

    let needs: BTreeMap<&str, Needs> = TABLE
        .iter()
        .flat_map(|(needs, names)| names.split_whitespace().map(|name| (name, *needs)))
        .collect();
    let mut found = Vec::new();
    for row in functions(&session).await? {
        let (name, arguments, types) = row;
        let Some(needs) = needs.get(name.as_str()) else {
            found.push(format!("{name}: not in the table"));
            continue;
        };
        for (actor, role, is_blocked) in &actors {
            let call = call(&name, &arguments, &types, *actor, &things);
            let said = refusal(&session, &call).await?;
            let about = said
                .as_deref()
                .filter(|reason| ABOUT_THE_ACTOR.contains(reason));
            let expected = expected(*needs, *role, *is_blocked);
            if about != expected {
                let role = role.map_or_else(|| "nobody".to_owned(), |role| role.to_string());
                found.push(format!(
                    "{name} as {role}, blocked {is_blocked}: said {said:?}, expected {expected:?}"
                ));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

type Signature = (String, Vec<String>, Vec<String>);

/// Granted functions that act for somebody: name, arguments, types.
async fn functions(session: &Session) -> anyhow::Result<Vec<Signature>> {
    let rows = session
        .query(
            &of_domains("select n.nspname || '.' || p.proname, p.proargnames[1:p.pronargs],
                 array(select format_type(t.oid, null) from unnest(p.proargtypes) with ordinality as t (oid, at) order by t.at)
             from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             where n.nspname ~ '^(DOMAINS)$' and 'p_actor' = any (p.proargnames)
                 and exists (select from aclexplode(p.proacl) as a where a.grantee <> p.proowner)
             order by 1"),
            &[],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect())
}

/// Something to point every id at, so that a function that looks for its object first gets as far as the person.
async fn things(
    db: &Database,
    session: &Session,
    owner: UserId,
) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let listing = db
        .listing(
            owner,
            &ListingFixture {
                status: Status::Pending,
                ..ListingFixture::default()
            },
        )
        .await?;
    let item: i64 = session
        .query_one(
            "select i.id from market_data.moderation_items as i where i.listing_id = $1",
            &[&listing],
        )
        .await?
        .get(0);
    let shop: i64 = session
        .query_one(
            "with made as (
                 insert into market_data.shops (name, created_by, created_at, updated_at)
                 values ('Test', $1, ops.clock_now(), ops.clock_now()) returning id)
             insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             select m.id, $1, 'owner', ops.clock_now() from made as m returning shop_id",
            &[&owner],
        )
        .await?
        .get(0);
    let reservation: String = session
        .query_one(
            "insert into market_data.reservations (id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
             values (gen_random_uuid(), $1, $2, 1, 'RUB', 100, ops.clock_now()) returning id::text",
            &[&listing, &owner],
        )
        .await?
        .get(0);
    Ok(BTreeMap::from([
        ("p_listing", listing.to_string()),
        ("p_item", item.to_string()),
        ("p_shop", shop.to_string()),
        ("p_user", owner.to_string()),
        ("p_reservation", reservation),
    ]))
}

fn call(
    name: &str,
    arguments: &[String],
    types: &[String],
    actor: UserId,
    things: &BTreeMap<&str, String>,
) -> String {
    let given: Vec<String> = arguments
        .iter()
        .zip(types)
        .map(|(argument, ty)| match things.get(argument.as_str()) {
            _ if argument == "p_actor" => format!("p_actor => {actor}::bigint"),
            Some(value) => format!("{argument} => '{value}'::{ty}"),
            None => format!("{argument} => null::{ty}"),
        })
        .collect();
    format!("select from {name}({})", given.join(", "))
}

/// The constraint that a call is refused with; the call leaves nothing behind.
async fn refusal(session: &Session, call: &str) -> anyhow::Result<Option<String>> {
    session.batch_execute("begin").await?;
    let answer = session.batch_execute(call).await;
    session.batch_execute("rollback").await?;
    Ok(answer.err().and_then(|error| {
        error
            .as_db_error()
            .and_then(|db| db.constraint().map(str::to_owned))
    }))
}

#[tokio::test]
async fn a_database_role_may_call_what_the_contract_says_and_read_no_table() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let open: Vec<String> = session
        .query(
            &of_domains("select r.rolname || ': ' || c.oid::regclass::text from pg_roles as r
             cross join pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where r.rolname in ('kardan_api', 'kardan_bot', 'kardan_worker', 'kardan_admin', 'kardan_maintenance')
                 and n.nspname ~ '^(DOMAINS)_data$' and c.relkind in ('r', 'p', 'v', 'm')
                 and has_table_privilege(r.rolname, c.oid, 'select, insert, update, delete, truncate')"),
            &[],
        )
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(open.is_empty(), "\n{}", open.join("\n"));

    let api = db.as_role("kardan_api").await?;
    for statement in [
        "select from people_data.tokens",
        "select ops.job_run('partitions_maintain')",
        "select people.token_issue(1, 'x', array['read'], '\\x', 1)",
        "create table public.mine (a int)",
        "set role kardan_owner",
    ] {
        let answer = api.batch_execute(statement).await;
        let code = answer
            .err()
            .and_then(|error| error.code().map(|code| code.code().to_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}");
    }
    Ok(())
}
