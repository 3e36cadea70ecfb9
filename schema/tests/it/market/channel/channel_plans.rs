//! How posts are found among many.

use super::Studio;
use crate::plans::{Explained, Mode};

#[tokio::test]
async fn posts_are_found_by_their_indexes() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.channel().await?;
    let listing = studio.published().await?;
    studio
        .run(
            "set session_replication_role = replica;
             insert into market_data.channel_posts (
                 listing_id, channel_id, created_at, shown_look, shown_value, message_ids, posted_at, root_chat_id,
                 root_message_id)
             select 1000000 + n, 1, ops.clock_now(), 'live', '{}', array[n], ops.clock_now(), -1, n
             from generate_series(1, 30000) as n;
             set session_replication_role = origin;
             analyze market_data.channel_posts",
        )
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        for (call, index) in [
            (
                format!(
                    "select from market.channel_post_list({}, {listing})",
                    studio.seller
                ),
                "channel_post_once",
            ),
            (
                format!("select market.channel_posts_make({listing})"),
                "channel_post_once",
            ),
            (
                "select market.channels_advance()".to_owned(),
                "channel_posts_due_idx",
            ),
            (
                "select market.messages_heard(
                     array[1::bigint], array[-1::bigint], array['sent'], array['{}'::jsonb], array['{}'::jsonb])"
                    .to_owned(),
                "channel_posts_notice_idx",
            ),
            (
                format!(
                    "update market_data.listings set status = 'archived' where id = {listing};
                         update market_data.listings set status = 'draft' where id = {listing};
                         update market_data.listings set status = 'pending' where id = {listing};
                         update market_data.listings set status = 'published' where id = {listing}"
                ),
                "channel_post_once",
            ),
        ] {
            let plans = Explained::run(&studio.db, mode, &call).await?;
            plans.assert_index(index);
            plans.assert_no_full_scan("channel_posts");
        }
    }
    Ok(())
}
