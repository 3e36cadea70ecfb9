//! Changing what goes to a channel.

use kardan_schema::market::{ChannelUpdate, channel_update};
use kardan_schema::{ChannelId, Language, Reason};

use super::{GROUP, Studio, reason};

impl Studio {
    fn change(&self, channel: ChannelId) -> ChannelUpdate {
        ChannelUpdate {
            actor: self.admin,
            channel,
            version: None,
            discussion_chat: Some(GROUP),
            title: "Запчасти".to_owned(),
            language: Language::Ru,
            is_enabled: true,
            categories: vec![0],
            places: vec![0],
            regions: vec![0],
        }
    }
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_a_stale_version_is_refused() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let channel = studio.channel().await?;
    let same = channel_update(&*studio.api, &studio.change(channel.channel_id)).await?;
    assert_eq!(same, channel);
    let other = ChannelUpdate {
        version: Some(channel.version),
        language: Language::En,
        ..studio.change(channel.channel_id)
    };
    let changed = channel_update(&*studio.api, &other).await?;
    assert_eq!(
        (changed.language, changed.version),
        (Language::En, channel.version + 1)
    );
    let stale = ChannelUpdate {
        version: Some(channel.version),
        ..studio.change(channel.channel_id)
    };
    let stale = channel_update(&*studio.api, &stale).await;
    assert_eq!(reason(stale), Reason::VersionStale);
    let none = channel_update(&*studio.api, &studio.change(ChannelId(-1))).await;
    assert_eq!(reason(none), Reason::ChannelUnknown);
    let moderator = ChannelUpdate {
        actor: studio.moderator,
        ..studio.change(channel.channel_id)
    };
    let moderator = channel_update(&*studio.api, &moderator).await;
    assert_eq!(reason(moderator), Reason::RoleRequired);
    Ok(())
}

#[tokio::test]
async fn new_rules_post_nothing_that_was_published_before() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let channel = studio.channel().await?.channel_id;
    let nothing = ChannelUpdate {
        categories: vec![],
        places: vec![],
        regions: vec![],
        ..studio.change(channel)
    };
    channel_update(&*studio.api, &nothing).await?;
    let before = studio.published().await?;
    let everything = channel_update(&*studio.api, &studio.change(channel)).await?;
    assert_eq!(everything.category_ids, [0]);
    studio.advance().await?;
    assert!(studio.posts(before).await?.is_empty());
    let after = studio.published().await?;
    assert_eq!(studio.posts(after).await?.len(), 1);
    // The posts that are there follow their listings, whatever the rules say by then.
    studio.deliver().await?;
    let closed = ChannelUpdate {
        is_enabled: false,
        ..nothing
    };
    channel_update(&*studio.api, &closed).await?;
    studio.withdraw(after).await?;
    studio.advance().await?;
    assert_eq!(
        studio.looks().await?,
        ["channel.post live", "channel.mark withdrawn"]
    );
    Ok(())
}
