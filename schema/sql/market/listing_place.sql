-- At which place a listing stands in its subcategory, the latest first, as search shows it without
-- words: for its people and moderators. Walks the entries of search from the latest on, at most
-- 50000 of them: farther down nobody leafs. Locks nothing.
create or replace function market.listing_place(p_actor bigint, p_listing bigint)
returns table (place integer, looked_at integer)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entry record;
begin
    perform market.listing_reader_require(p_actor, p_listing);
    select e.published_at, e.subcategory_id into v_entry
    from market_data.search_entries as e
    where e.listing_id = p_listing
        and e.visible_until > ops.clock_now();
    if not found then
        return query select null::integer, 0;
        return;
    end if;

    return query
    select
        case when count(*) < 50000 then
            (count(*) filter (where a.subcategory_id = v_entry.subcategory_id))::integer + 1
        end,
        count(*)::integer
    from (
        select e.subcategory_id
        from market_data.search_entries as e
        where (e.published_at, e.listing_id) > (v_entry.published_at, p_listing)
            and e.visible_until > ops.clock_now()
        order by e.published_at desc, e.listing_id desc
        limit 50000
    ) as a;
end
$$;

comment on function market.listing_place(bigint, bigint) is
    'The place of a listing in its subcategory, the latest first; null when it is not in search or '
    'more than 50000 are before it. looked_at is how many are before it in all of search. Raises: '
    'actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_place(bigint, bigint) to kardan_api, kardan_bot;
