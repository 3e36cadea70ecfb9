//! What a person wants to hear of.

use kardan_schema::notify;
use kardan_schema::{MuteType, Reason, UserId};

use super::Office;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

#[tokio::test]
async fn a_topic_is_switched_off_and_on_and_a_repeat_changes_nothing() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let topics = notify::topic_list(&*office.api, person).await?;
    assert!(
        topics.len() >= 2 && topics.iter().all(|one| one.is_on),
        "{topics:?}"
    );
    for (is_on, told) in [(false, 0), (false, 0), (true, 1), (true, 0)] {
        let now = notify::topic_set(&*office.api, person, "listings", is_on).await?;
        assert_eq!(now.is_on, is_on);
        let listed = notify::topic_list(&*office.api, person).await?;
        let of = |topic: &str| listed.iter().find(|one| one.topic == topic).unwrap().is_on;
        assert_eq!((of("listings"), of("news")), (is_on, true));
        assert_eq!(office.tell(&[person], "a", "1 hour").await?, told);
    }
    Ok(())
}

#[tokio::test]
async fn there_are_only_the_topics_that_there_are() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    assert_eq!(
        reason(notify::topic_set(&*office.api, person, "weather", false).await),
        Reason::NoticeTopicUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_shop_is_muted_once_and_heard_again_when_it_is_not() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (person, other) = (office.person().await?, office.person().await?);
    let add = |object_type, id| notify::object_mute_add(&*office.api, person, object_type, id);
    let shop = add(MuteType::Shop, 7).await?;
    assert_eq!(add(MuteType::Shop, 7).await?, shop);
    let listing = add(MuteType::Listing, 7).await?;
    let user = add(MuteType::User, 7).await?;
    let list = |limit, after| notify::object_mute_list(&*office.api, person, limit, after);
    assert_eq!(
        list(None, None).await?,
        [user.clone(), listing.clone(), shop.clone()]
    );
    assert_eq!(list(Some(2), None).await?, [user, listing.clone()]);
    assert_eq!(list(Some(2), Some(listing.mute_id)).await?, [shop]);
    assert!(
        notify::object_mute_list(&*office.api, other, None, None)
            .await?
            .is_empty()
    );
    let about = r#"{"shop_id": 7}"#;
    assert_eq!(
        office
            .tell_as(&[person], "listing.approved", "a", "1 hour", about)
            .await?,
        0
    );
    let remove = |who| notify::object_mute_remove(&*office.api, who, MuteType::Shop, 7);
    assert!(
        !remove(other).await?.removed,
        "a stranger takes nothing away"
    );
    assert!(remove(person).await?.removed);
    assert!(!remove(person).await?.removed);
    assert_eq!(
        office
            .tell_as(&[person], "listing.approved", "a", "1 hour", about)
            .await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_person_mutes_a_thousand_things_and_no_more() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    office
        .run(&format!(
            "insert into notify_data.object_mutes (user_id, object_type, object_id, created_at)
             select {person}, 'listing', n, ops.clock_now() from generate_series(1, 999) as n"
        ))
        .await?;
    let add = |id| notify::object_mute_add(&*office.api, person, MuteType::User, id);
    add(1).await?;
    assert_eq!(reason(add(2).await), Reason::ObjectMuteLimit);
    add(1).await?;
    assert_eq!(
        reason(notify::object_mute_add(&*office.api, UserId(-1), MuteType::User, 1).await),
        Reason::ActorUnknown
    );
    Ok(())
}

#[tokio::test]
async fn two_at_one_moment_do_not_pass_the_ceiling() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    office
        .run(&format!(
            "insert into notify_data.object_mutes (user_id, object_type, object_id, created_at)
             select {person}, 'listing', n, ops.clock_now() from generate_series(1, 999) as n"
        ))
        .await?;
    let mut first = office.db.as_role("kardan_api").await?;
    let second = office.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    notify::object_mute_add(&tx, person, MuteType::User, 1).await?;
    let waiting =
        tokio::spawn(
            async move { notify::object_mute_add(&*second, person, MuteType::User, 2).await },
        );
    until_blocked(&office.db, process).await?;
    tx.commit().await?;
    assert_eq!(reason(waiting.await?), Reason::ObjectMuteLimit);
    Ok(())
}
