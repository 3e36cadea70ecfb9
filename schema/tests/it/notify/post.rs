//! What is written into channels and groups.

use super::{Office, constraint};

#[tokio::test]
async fn a_post_is_queued_once_and_its_repeat_gives_the_same_number() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let post = |chat: i64, key: &str| {
        format!(
            "select notify.post({chat}, 'raw', '{key}', date_trunc('day', ops.clock_now()), '{{\"method\": \"x\"}}')"
        )
    };
    let first = office.count(&post(-100, "a")).await?;
    assert_eq!(office.count(&post(-100, "a")).await?, first);
    let other = office.count(&post(-101, "a")).await?;
    let later = office.count(&post(-100, "b")).await?;
    assert!(first != other && other != later, "{first} {other} {later}");
    let lanes =
        "select count(*) from notify_data.outbox as o join notify_data.queue as q on q.id = o.id
                 where q.lane = 'channel' and q.recipient = o.chat_id and o.user_id is null";
    assert_eq!(office.count(lanes).await?, 3);
    Ok(())
}

#[tokio::test]
async fn a_person_is_no_chat_to_post_into() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let answer = office
        .run("select notify.post(100, 'raw', 'a', ops.clock_now(), null)")
        .await;
    assert_eq!(constraint(answer), "outbox_recipient_sign");
    Ok(())
}
