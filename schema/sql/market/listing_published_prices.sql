-- The price with which every listing was published last, beside the one that it has now: what its
-- posts in channels show until they are edited for another reason. Not granted; whoever writes
-- posts reads it, and market.listing_price_get.
create or replace view market.listing_published_prices as
select
    l.id as listing_id,
    coalesce(p.currency, l.currency) as currency,
    case when p.listing_id is null then l.price_minor else p.price_minor end as price_minor,
    case
        when p.listing_id is null then l.wholesale_price_minor
        else p.wholesale_price_minor
    end as wholesale_price_minor,
    case
        when p.listing_id is null then l.wholesale_min_quantity
        else p.wholesale_min_quantity
    end as wholesale_min_quantity,
    p.since_at
from market_data.listings as l
left join market_data.published_prices as p on p.listing_id = l.id
where l.published_at is not null;

comment on view market.listing_published_prices is
    'The price with which a listing was published last. Not granted.';
