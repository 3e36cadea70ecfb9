-- Guarantees: the extra fields that became required after the listing was checked, or that a draft
-- still lacks; none: the listing is complete. It stays valid and visible all the same. For its
-- people and for moderators; buyers are not shown it. Reads only.
create or replace function market.listing_missing_list(p_actor bigint, p_listing bigint)
returns table (
    key text,
    label_ru text,
    label_en text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select m.key, m.label_ru, m.label_en
    from market_data.listings as l
    cross join lateral catalog.attributes_missing(l.kind, l.subcategory_id, l.attributes) as m
    where l.id = p_listing
    order by m.nearness desc, m.ordinal, m.key
    limit 200;
end
$$;

comment on function market.listing_missing_list(bigint, bigint) is
    'The required extra fields that a listing lacks, for its people and for moderators. Raises: '
    'actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_missing_list(bigint, bigint) to kardan_api, kardan_bot;
