//! Ready reasons.

use kardan_schema::market;

use super::Desk;

#[tokio::test]
async fn ready_reasons_come_in_their_order_without_those_out_of_use() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let reasons = market::moderation_reason_list(&*desk.api).await?;
    assert_eq!(reasons.len(), 9);
    assert_eq!(reasons[0].code, "prohibited");
    assert_eq!(reasons[8].code, "other");
    assert_eq!(reasons[1].title_ru, "Неверная категория");
    desk.db
        .superuser()
        .await?
        .batch_execute(
            "update market_data.moderation_reasons
             set archived_at = ops.clock_now() where code = 'prohibited'",
        )
        .await?;
    let reasons = market::moderation_reason_list(&*desk.api).await?;
    assert_eq!(
        (reasons.len(), reasons[0].code.as_str()),
        (8, "wrong_category")
    );
    Ok(())
}
