-- What anybody may see of a shop. Runs with its owner's rights; market.shop_get reads it.
-- The count is a subquery of its own, so that whoever does not ask for it does not pay for it.
create or replace view market.shop_public as
select
    s.id as shop_id,
    s.name,
    s.description,
    s.place_id,
    (
        select count(*)::integer
        from market_data.listings as l
        where l.owner_shop_id = s.id
            and l.status in ('published', 'reserved')
            and l.expires_at > ops.clock_now()
    ) as listing_count,
    s.created_at,
    s.updated_at,
    s.version
from market_data.shops as s;

comment on view market.shop_public is
    'Every shop as anybody may see it; place_id is null when it names no town, listing_count '
    'counts what anybody may see of its goods.';

grant select on market.shop_public to kardan_api, kardan_bot;
