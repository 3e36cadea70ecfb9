//! Broadcasts as administrators see them: drafts, segments, states.

use kardan_schema::notify::{self, Broadcast, BroadcastCreate, BroadcastUpdate};
use kardan_schema::{BroadcastId, BroadcastState, Error, Language, PlaceId, Reason, Role, UserId};
use kardan_testdb::ListingFixture;

use super::Office;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

/// A draft for everybody.
pub fn draft(actor: UserId) -> BroadcastCreate {
    BroadcastCreate {
        actor,
        text_ru: "Мы переехали".to_owned(),
        text_en: "We have moved".to_owned(),
        role: None,
        language: None,
        has_telegram: None,
        in_shop: None,
        is_selling: None,
        place: None,
        seen_since: None,
    }
}

fn change(actor: UserId, broadcast: &Broadcast, text: &str) -> BroadcastUpdate {
    BroadcastUpdate {
        actor,
        broadcast: broadcast.broadcast_id,
        version: Some(broadcast.version),
        text_ru: broadcast.text_ru.clone(),
        text_en: text.to_owned(),
        role: broadcast.role,
        language: broadcast.language,
        has_telegram: broadcast.has_telegram,
        in_shop: broadcast.in_shop,
        is_selling: broadcast.is_selling,
        place: broadcast.place_id,
        seen_since: broadcast.seen_since,
    }
}

impl Office {
    pub async fn admin(&self) -> anyhow::Result<UserId> {
        self.db.person(Role::Admin).await
    }

    async fn audience(&self, create: &BroadcastCreate) -> anyhow::Result<(i64, i64)> {
        let made = notify::broadcast_create(&*self.api, create).await?;
        let count =
            notify::broadcast_audience_count(&*self.api, create.actor, made.broadcast_id).await?;
        Ok((count.people_count, count.reachable_count))
    }
}

#[tokio::test]
async fn a_draft_is_made_changed_listed_and_nobody_hears_of_it() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    let first = notify::broadcast_create(&*office.api, &draft(admin)).await?;
    assert_eq!(
        (first.state, first.version, first.told_count),
        (BroadcastState::Draft, 1, 0)
    );
    let second = notify::broadcast_create(&*office.api, &draft(admin)).await?;
    let changed = notify::broadcast_update(&*office.api, &change(admin, &first, "Moved")).await?;
    assert_eq!((changed.text_en.as_str(), changed.version), ("Moved", 2));
    // The same again changes nothing, whatever version it names; something else needs the present one.
    assert_eq!(
        notify::broadcast_update(&*office.api, &change(admin, &first, "Moved")).await?,
        changed
    );
    assert_eq!(
        reason(notify::broadcast_update(&*office.api, &change(admin, &first, "Else")).await),
        Reason::VersionStale
    );
    let list = |limit, after| notify::broadcast_list(&*office.api, admin, limit, after);
    assert_eq!(list(None, None).await?, [second.clone(), changed.clone()]);
    assert_eq!(
        list(Some(1), Some(second.broadcast_id)).await?,
        std::slice::from_ref(&changed)
    );
    assert_eq!(
        notify::broadcast_get(&*office.api, admin, changed.broadcast_id).await?,
        changed
    );
    assert_eq!(
        office
            .count("select count(*) from notify_data.outbox")
            .await?,
        0
    );
    let acts = "select count(*) from ops_data.audit as a where a.object_type = 'broadcast'";
    assert_eq!(office.count(acts).await?, 3);
    Ok(())
}

#[tokio::test]
async fn a_draft_that_breaks_a_rule_is_refused_with_its_reason() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    let try_one = async |edit: fn(&mut BroadcastCreate)| {
        let mut wish = draft(admin);
        edit(&mut wish);
        reason(notify::broadcast_create(&*office.api, &wish).await)
    };
    assert_eq!(
        try_one(|d| d.text_ru = " ".to_owned()).await,
        Reason::BroadcastTextLength
    );
    assert_eq!(
        try_one(|d| d.text_en = "x".repeat(4001)).await,
        Reason::BroadcastTextLength
    );
    assert_eq!(
        try_one(|d| d.place = Some(PlaceId(1))).await,
        Reason::BroadcastPlaceNeedsSelling
    );
    assert_eq!(
        try_one(|d| (d.place, d.is_selling) = (Some(PlaceId(1)), Some(false))).await,
        Reason::BroadcastPlaceNeedsSelling
    );
    assert_eq!(
        try_one(|d| (d.place, d.is_selling) = (Some(PlaceId(-1)), Some(true))).await,
        Reason::BroadcastPlaceKnown
    );
    // No binding lets these through; another program may try.
    for (role, language, wanted) in [
        ("owner", "ru", "broadcast_role_known"),
        ("user", "de", "broadcast_language_known"),
    ] {
        let answer = office
            .run(&format!(
                "select notify.broadcast_create({admin}, 'а', 'a', '{role}', '{language}', null, null, null, null, null)"
            ))
            .await;
        assert_eq!(super::constraint(answer), wanted);
    }
    let moderator = office.db.person(Role::Moderator).await?;
    assert_eq!(
        reason(notify::broadcast_create(&*office.api, &draft(moderator)).await),
        Reason::RoleRequired
    );
    assert_eq!(
        reason(notify::broadcast_get(&*office.api, admin, BroadcastId(-1)).await),
        Reason::BroadcastUnknown
    );
    assert_eq!(
        reason(notify::broadcast_audience_count(&*office.api, admin, BroadcastId(-1)).await),
        Reason::BroadcastUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_segment_is_everybody_for_whom_all_its_conditions_hold() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    let seller = office.person().await?;
    let member = office.person().await?;
    let russian = office.person().await?;
    let silent = office.person().await?;
    let banned = office.person().await?;
    let muted = office.person().await?;
    let moderator = office.db.person(Role::Moderator).await?;
    let listing = office
        .db
        .listing(seller, &ListingFixture::default())
        .await?;
    let goods = office
        .db
        .listing(seller, &ListingFixture::default())
        .await?;
    office
        .run(&format!(
            "update people_data.users set language = 'ru' where id = {russian};
             update people_data.identities set unreachable_at = ops.clock_now() where user_id = {silent};
             update people_data.identities set seen_at = ops.clock_now() - interval '100 days' where user_id = {russian};
             insert into people_data.bans (user_id, reason, until, created_by, created_at)
             values ({banned}, 'test', 'infinity', {admin}, ops.clock_now());
             insert into notify_data.mutes values ({muted}, 'news', ops.clock_now());
             insert into market_data.shops (id, name, created_by, created_at, updated_at) overriding system value
             values (77, 'Test', {member}, ops.clock_now(), ops.clock_now());
             insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             values (77, {member}, 'owner', ops.clock_now());
             update market_data.listings set owner_user_id = null, owner_shop_id = 77 where id = {goods}"
        ))
        .await?;
    let place: i64 = office
        .count(&format!(
            "select l.place_id from market_data.listings as l where l.id = {listing}"
        ))
        .await?;
    let of = async |edit: &dyn Fn(&mut BroadcastCreate)| {
        let mut wish = draft(admin);
        edit(&mut wish);
        office.audience(&wish).await
    };
    // Administrator and moderator have no Telegram; the blocked one and the one who switched news off are not asked.
    assert_eq!(of(&|_| ()).await?, (6, 3));
    assert_eq!(of(&|d| d.role = Some(Role::User)).await?, (4, 3));
    assert_eq!(of(&|d| d.role = Some(Role::Moderator)).await?, (1, 0));
    assert_eq!(of(&|d| d.language = Some(Language::Ru)).await?, (1, 1));
    assert_eq!(of(&|d| d.has_telegram = Some(true)).await?, (3, 3));
    assert_eq!(of(&|d| d.has_telegram = Some(false)).await?, (3, 0));
    assert_eq!(of(&|d| d.in_shop = Some(true)).await?, (1, 1));
    assert_eq!(of(&|d| d.in_shop = Some(false)).await?, (5, 2));
    assert_eq!(of(&|d| d.is_selling = Some(true)).await?, (2, 2));
    assert_eq!(of(&|d| d.is_selling = Some(false)).await?, (4, 1));
    let recently = chrono::Utc::now() - chrono::TimeDelta::days(30);
    assert_eq!(of(&|d| d.seen_since = Some(recently)).await?, (3, 2));
    assert_eq!(
        of(&|d| (d.is_selling, d.in_shop) = (Some(true), Some(true))).await?,
        (1, 1)
    );
    assert_eq!(
        of(&|d| (d.is_selling, d.place) = (Some(true), Some(PlaceId(place)))).await?,
        (2, 2)
    );
    let elsewhere = office
        .count(&format!(
            "select max(p.id) from catalog_data.places as p where p.id <> {place}"
        ))
        .await?;
    assert_eq!(
        of(&|d| (d.is_selling, d.place) = (Some(true), Some(PlaceId(elsewhere)))).await?,
        (0, 0)
    );
    assert_ne!(moderator, admin);
    Ok(())
}

/// What an administrator does to a broadcast.
async fn act(
    office: &Office,
    what: &str,
    admin: UserId,
    one: BroadcastId,
) -> Result<Broadcast, Error> {
    match what {
        "start" => notify::broadcast_start(&*office.api, admin, one).await,
        "pause" => notify::broadcast_pause(&*office.api, admin, one).await,
        "resume" => notify::broadcast_resume(&*office.api, admin, one).await,
        _ => notify::broadcast_cancel(&*office.api, admin, one).await,
    }
}

#[tokio::test]
async fn every_state_lets_its_own_moves_pass_and_repeats_are_harmless() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    // From a state, what is possible and what comes of it.
    let table = [
        (
            vec![],
            [
                ("start", Some("running")),
                ("pause", None),
                ("resume", None),
                ("cancel", Some("cancelled")),
            ],
        ),
        (
            vec!["start"],
            [
                ("start", Some("running")),
                ("pause", Some("paused")),
                ("resume", Some("running")),
                ("cancel", Some("cancelled")),
            ],
        ),
        (
            vec!["start", "pause"],
            [
                ("start", None),
                ("pause", Some("paused")),
                ("resume", Some("running")),
                ("cancel", Some("cancelled")),
            ],
        ),
        (
            vec!["start", "cancel"],
            [
                ("start", None),
                ("pause", None),
                ("resume", None),
                ("cancel", Some("cancelled")),
            ],
        ),
    ];
    for (before, moves) in table {
        for (what, wanted) in moves {
            let one = notify::broadcast_create(&*office.api, &draft(admin))
                .await?
                .broadcast_id;
            for step in &before {
                act(&office, step, admin, one).await?;
            }
            match wanted {
                Some(state) => {
                    let now = act(&office, what, admin, one).await?;
                    assert_eq!(now.state.word(), state, "{before:?} {what}");
                    assert_eq!(
                        act(&office, what, admin, one).await?,
                        now,
                        "{before:?} {what}"
                    );
                }
                None => assert_eq!(
                    reason(act(&office, what, admin, one).await),
                    Reason::BroadcastMoveRefused,
                    "{before:?} {what}"
                ),
            }
        }
    }
    assert_eq!(
        reason(act(&office, "start", admin, BroadcastId(-1)).await),
        Reason::BroadcastUnknown
    );
    let started = notify::broadcast_create(&*office.api, &draft(admin)).await?;
    act(&office, "start", admin, started.broadcast_id).await?;
    assert_eq!(
        reason(notify::broadcast_update(&*office.api, &change(admin, &started, "Too late")).await),
        Reason::BroadcastMoveRefused
    );
    Ok(())
}

#[tokio::test]
async fn of_a_start_and_an_end_at_one_moment_the_second_sees_the_first() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    let one = notify::broadcast_create(&*office.api, &draft(admin))
        .await?
        .broadcast_id;
    let mut first = office.db.as_role("kardan_api").await?;
    let second = office.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    notify::broadcast_cancel(&tx, admin, one).await?;
    let waiting = tokio::spawn(async move { notify::broadcast_start(&*second, admin, one).await });
    until_blocked(&office.db, process).await?;
    tx.commit().await?;
    assert_eq!(reason(waiting.await?), Reason::BroadcastMoveRefused);
    Ok(())
}
