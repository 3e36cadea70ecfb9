-- Every order as its people and moderators see it. Not granted: functions that may be called read
-- it.
create or replace view market.promotion_rows as
select
    p.id as promotion_id,
    p.kind,
    p.listing_id,
    l.title,
    p.created_by,
    p.text,
    p.wanted_categories,
    p.excluded_categories,
    p.begins_at,
    p.ends_at,
    p.impressions_wanted,
    p.state,
    p.currency,
    p.price_minor,
    p.payment,
    p.paid_at,
    p.reason,
    p.posted_at,
    p.started_at,
    p.ended_at,
    p.paused_at,
    p.held_at,
    p.hold_reason,
    coalesce(t.shown, 0) as shown,
    coalesce(t.clicked, 0) as clicked,
    p.created_at,
    l.owner_user_id,
    l.owner_shop_id
from market_data.promotions as p
join market_data.listings as l on l.id = p.listing_id
left join market_data.promotion_totals as t on t.promotion_id = p.id;

comment on view market.promotion_rows is 'Orders with what they came to. Not granted.';
