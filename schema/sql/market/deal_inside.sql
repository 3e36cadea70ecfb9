-- Every deal as its two sides and moderators see it. Not granted: the functions that read it decide
-- for whom. The joins ask for at most one row each.
create or replace view market.deal_inside as
select
    d.id as deal_id,
    d.listing_id,
    d.title,
    -- What is not for everybody to see is not for a former buyer either.
    case when l.status in ('published', 'reserved', 'sold') then l.cover_key end as cover_key,
    l.status as listing_status,
    d.buyer_id,
    b.display_name as buyer_name,
    d.seller_user_id,
    d.seller_shop_id,
    coalesce(s.name, c.display_name) as seller_name,
    d.quantity,
    d.currency,
    d.unit_price_minor,
    d.total_minor,
    d.state,
    d.reason,
    d.due_at,
    d.created_at,
    d.changed_at
from market_data.deals as d
join market_data.listings as l on l.id = d.listing_id
join people.cards as b on b.user_id = d.buyer_id
left join people.cards as c on c.user_id = d.seller_user_id
left join market_data.shops as s on s.id = d.seller_shop_id;

comment on view market.deal_inside is 'The inside of every deal. Not granted.';
