-- Whoever has something for sale that anybody may see, themselves or through a shop, and where. The
-- one place where other domains read it. Not granted.
create or replace view market.open_sellers as
select l.owner_user_id as user_id, l.place_id
from market_data.listings as l
where l.owner_user_id is not null
    and l.status in ('published', 'reserved')
    and l.expires_at > ops.clock_now()
union all
select m.user_id, l.place_id
from market_data.shop_members as m
join market_data.listings as l on l.owner_shop_id = m.shop_id
where l.status in ('published', 'reserved')
    and l.expires_at > ops.clock_now();

comment on view market.open_sellers is
    'People with listings that anybody may see, a row for each listing, with its place. Not '
    'granted.';
