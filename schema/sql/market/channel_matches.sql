-- Guarantees: the channels where a listing is to be published: enabled, not deleted, and one of
-- their rules matches its category (of either level) and its place or the region of it. Reads only.
create or replace function market.channel_matches(p_listing bigint)
returns bigint[]
language sql
stable
parallel safe
return array(
    select distinct c.id
    from market_data.listings as l
    join market_data.channel_rules as r
        on (r.category_id is null or r.category_id in (l.category_id, l.subcategory_id))
        and (r.place_id is null or r.place_id = l.place_id)
    join market_data.channels as c
        on c.id = r.channel_id
        and c.is_enabled
        and c.deleted_at is null
    where l.id = p_listing
        and (
            r.region_place_id is null
            or (select a.region_ru from catalog.place_get(r.region_place_id) as a)
                = (select b.region_ru from catalog.place_get(l.place_id) as b))
    order by c.id
);

comment on function market.channel_matches(bigint) is
    'Helper: the channels whose rules a listing matches. Raises: nothing.';
