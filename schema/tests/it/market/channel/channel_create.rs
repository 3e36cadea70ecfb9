//! Arranging channels, and what is published where.

use kardan_schema::market::{
    ChannelCreate, channel_create, channel_delete, channel_get, channel_list, channel_post_list,
};
use kardan_schema::{ChannelId, Reason, Role};

use super::{CHAT, GROUP, Studio, reason};
use crate::locks::{backend, until_blocked};

impl Studio {
    /// Published listings of a part, brake pads in the first place of the catalogue, by the channels that got them.
    async fn routed(&self) -> anyhow::Result<Vec<i64>> {
        let listing = self.published().await?;
        let posts = self.posts(listing).await?;
        Ok(posts.iter().map(|post| post.chat_id).collect())
    }

    async fn rule(&self, chat: i64, rule: (i64, i64, i64)) -> anyhow::Result<ChannelId> {
        let wish = ChannelCreate {
            categories: vec![rule.0],
            places: vec![rule.1],
            regions: vec![rule.2],
            ..self.anything(chat)
        };
        Ok(channel_create(&*self.api, &wish).await?.channel_id)
    }
}

#[tokio::test]
async fn a_listing_goes_to_the_channels_whose_category_and_place_match() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let pads = studio
        .number("select c.id from catalog_data.categories as c where c.slug = 'brake-pads'")
        .await?;
    let parent = studio
        .number("select c.parent_id from catalog_data.categories as c where c.slug = 'brake-pads'")
        .await?;
    let other = studio
        .number("select max(c.id) from catalog_data.categories as c where c.parent_id is null and c.slug <> 'brakes'")
        .await?;
    let place = studio
        .number("select min(p.id) from catalog_data.places as p")
        .await?;
    // Two places of a region, and one of another.
    studio
        .run("update catalog_data.places set region_ru = 'Край' where id in (select p.id from catalog_data.places as p order by p.id limit 2)")
        .await?;
    let near = studio
        .number("select p.id from catalog_data.places as p order by p.id offset 1 limit 1")
        .await?;
    let far = studio
        .number("select max(p.id) from catalog_data.places as p where p.region_ru <> 'Край'")
        .await?;
    let cases = [
        (-11, (0, 0, 0), true),
        (-12, (pads, 0, 0), true),
        (-13, (parent, 0, 0), true),
        (-14, (other, 0, 0), false),
        (-15, (0, place, 0), true),
        (-16, (0, near, 0), false),
        (-17, (0, 0, near), true),
        (-18, (0, 0, far), false),
        (-19, (pads, place, 0), true),
        (-20, (pads, far, 0), false),
        (-21, (other, place, 0), false),
    ];
    for (chat, rule, _) in cases {
        studio.rule(chat, rule).await?;
    }
    let expected: Vec<i64> = cases
        .iter()
        .filter(|(.., is_right)| *is_right)
        .map(|(chat, ..)| *chat)
        .collect();
    assert_eq!(studio.routed().await?, expected);
    assert_eq!(
        studio.looks().await?,
        vec!["channel.post live"; expected.len()]
    );
    Ok(())
}

#[tokio::test]
async fn nothing_new_goes_to_a_channel_without_rules_or_one_that_is_not_enabled()
-> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let bare = ChannelCreate {
        categories: vec![],
        places: vec![],
        regions: vec![],
        ..studio.anything(CHAT)
    };
    channel_create(&*studio.api, &bare).await?;
    let closed = ChannelCreate {
        is_enabled: false,
        ..studio.anything(-5)
    };
    channel_create(&*studio.api, &closed).await?;
    assert!(studio.routed().await?.is_empty());
    assert!(studio.told().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_channel_that_matches_by_two_rules_gets_one_post() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let place = studio
        .number("select min(p.id) from catalog_data.places as p")
        .await?;
    let wish = ChannelCreate {
        categories: vec![0, 0, 0],
        places: vec![0, place, 0],
        regions: vec![0, 0, 0],
        ..studio.anything(CHAT)
    };
    let made = channel_create(&*studio.api, &wish).await?;
    assert_eq!(
        (made.category_ids.len(), &made.place_ids),
        (2, &vec![0, place])
    );
    assert_eq!(studio.routed().await?, [CHAT]);
    Ok(())
}

#[tokio::test]
async fn a_post_says_what_the_listing_says_in_the_language_of_the_channel() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let channel = studio.channel().await?;
    let listing = studio.published().await?;
    let post = studio.posts(listing).await?[0].clone();
    assert_eq!(
        (post.look, post.posted_at, post.is_waiting),
        (None, None, true)
    );
    let (_, taken) = studio.claim().await?;
    let data = &taken[0].data;
    assert_eq!(taken[0].chat_id, CHAT);
    assert_eq!(data["post_id"], post.post_id);
    assert_eq!(data["channel_id"], channel.channel_id.0);
    assert_eq!(data["listing_id"], listing.0);
    assert_eq!(data["language"], "ru");
    assert_eq!(data["value"]["price_minor"], 250_000);
    assert_eq!(data["message_ids"], serde_json::json!([]));
    Ok(())
}

#[tokio::test]
async fn each_rule_of_a_channel_has_its_own_refusal() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.channel().await?;
    let any = studio.anything(-7);
    let cases = [
        (
            ChannelCreate {
                chat: CHAT,
                ..any.clone()
            },
            Reason::ChannelChatTaken,
        ),
        (
            ChannelCreate {
                chat: 7,
                ..any.clone()
            },
            Reason::ChannelChatSign,
        ),
        (
            ChannelCreate {
                discussion_chat: Some(7),
                ..any.clone()
            },
            Reason::ChannelChatSign,
        ),
        (
            ChannelCreate {
                discussion_chat: Some(-7),
                ..any.clone()
            },
            Reason::ChannelChatsDiffer,
        ),
        (
            ChannelCreate {
                discussion_chat: Some(GROUP),
                ..any.clone()
            },
            Reason::ChannelDiscussionTaken,
        ),
        (
            ChannelCreate {
                title: " ".to_owned(),
                ..any.clone()
            },
            Reason::ChannelTitleLength,
        ),
        (
            ChannelCreate {
                title: "x".repeat(129),
                ..any.clone()
            },
            Reason::ChannelTitleLength,
        ),
        (
            ChannelCreate {
                places: vec![],
                ..any.clone()
            },
            Reason::ChannelRulesUneven,
        ),
        (
            ChannelCreate {
                categories: vec![0; 101],
                places: vec![0; 101],
                regions: vec![0; 101],
                ..any.clone()
            },
            Reason::ChannelRulesUneven,
        ),
        (
            ChannelCreate {
                categories: vec![-1],
                ..any.clone()
            },
            Reason::ChannelRuleCategoryKnown,
        ),
        (
            ChannelCreate {
                places: vec![-1],
                ..any.clone()
            },
            Reason::ChannelRulePlaceKnown,
        ),
        (
            ChannelCreate {
                regions: vec![-1],
                ..any.clone()
            },
            Reason::ChannelRuleRegionKnown,
        ),
        (
            ChannelCreate {
                places: vec![1],
                regions: vec![1],
                ..any.clone()
            },
            Reason::ChannelRulePlaceOrRegion,
        ),
        (
            ChannelCreate {
                actor: studio.moderator,
                ..any.clone()
            },
            Reason::RoleRequired,
        ),
    ];
    for (wish, expected) in cases {
        let answer = channel_create(&*studio.api, &wish).await;
        assert_eq!(reason(answer), expected, "{wish:?}");
    }
    Ok(())
}

#[tokio::test]
async fn channels_are_read_in_pages_and_one_by_one() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    for chat in [-1, -2, -3] {
        channel_create(&*studio.api, &studio.anything(chat)).await?;
    }
    let first = channel_list(&*studio.api, studio.admin, Some(2), None).await?;
    let after = first.last().map(|row| row.channel_id);
    let second = channel_list(&*studio.api, studio.admin, Some(2), after).await?;
    let chats: Vec<i64> = first.iter().chain(&second).map(|row| row.chat_id).collect();
    assert_eq!(chats, [-1, -2, -3]);
    let one = channel_get(&*studio.api, studio.admin, first[0].channel_id).await?;
    assert_eq!(one, first[0]);
    let none = channel_get(&*studio.api, studio.admin, ChannelId(-1)).await;
    assert_eq!(reason(none), Reason::ChannelUnknown);
    let moderator = channel_list(&*studio.api, studio.moderator, None, None).await;
    assert_eq!(reason(moderator), Reason::RoleRequired);
    Ok(())
}

#[tokio::test]
async fn a_deleted_channel_is_left_alone_and_comes_back_without_second_posts() -> anyhow::Result<()>
{
    let studio = Studio::open().await?;
    let channel = studio.channel().await?;
    let listing = studio.published().await?;
    studio.deliver().await?;
    for _ in 0..2 {
        channel_delete(&*studio.api, studio.admin, channel.channel_id).await?;
    }
    let gone = channel_get(&*studio.api, studio.admin, channel.channel_id).await;
    assert_eq!(reason(gone), Reason::ChannelUnknown);
    let acts = studio
        .number("select count(*) from ops_data.audit as a where a.action = 'channel.delete'")
        .await?;
    assert_eq!(acts, 1);
    studio.withdraw(listing).await?;
    studio.advance().await?;
    assert_eq!(studio.looks().await?, ["channel.post live"]);
    // The same channel again: what was missed is caught up, and nothing is posted a second time.
    let back = studio.channel().await?;
    assert_eq!(back.channel_id, channel.channel_id);
    studio.advance().await?;
    assert_eq!(
        studio.looks().await?,
        ["channel.post live", "channel.mark withdrawn"]
    );
    Ok(())
}

#[tokio::test]
async fn of_two_administrators_who_make_the_same_channel_one_is_refused() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let mut first = studio.db.as_role("kardan_api").await?;
    let second = studio.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    channel_create(&tx, &studio.anything(CHAT)).await?;
    let wish = studio.anything(CHAT);
    let waiting = tokio::spawn(async move { channel_create(&*second, &wish).await });
    until_blocked(&studio.db, process).await?;
    tx.commit().await?;
    assert_eq!(reason(waiting.await?), Reason::ChannelChatTaken);
    Ok(())
}

#[tokio::test]
async fn a_stranger_does_not_see_where_a_listing_is_posted() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.channel().await?;
    let listing = studio.published().await?;
    let stranger = studio.db.person(Role::User).await?;
    let answer = channel_post_list(&*studio.api, stranger, listing).await;
    assert_eq!(reason(answer), Reason::ListingNotYours);
    assert_eq!(
        channel_post_list(&*studio.api, studio.moderator, listing)
            .await?
            .len(),
        1
    );
    Ok(())
}
