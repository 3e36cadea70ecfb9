-- Guarantees: the listing is among the favourites of the acting person, once, with the time at
-- which it came there first. Only what anybody may see, and nothing of one's own; what is there
-- already stays, whatever has become of it. Locks the favourites of this person (an advisory
-- lock), so that their number is exact. Idempotent by state.
create or replace function market.favourite_add(p_actor bigint, p_listing bigint)
returns table (listing_id bigint, added_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_title text;
begin
    perform people.actor_require(p_actor, 'user');
    perform pg_advisory_xact_lock(hashtextextended('kardan.favourites:' || p_actor, 0));

    if not exists (
        select
        from market_data.favourites as f
        where f.user_id = p_actor
            and f.listing_id = p_listing
    ) then
        select p.title into v_title
        from market.listing_public as p
        where p.listing_id = p_listing;
        if not found then
            raise exception using
                errcode = 'ZNFND', constraint = 'listing_unknown',
                message = 'there is no such listing';
        end if;
        perform market.favourite_room_require(p_actor, p_listing);
        insert into market_data.favourites (user_id, listing_id, title, added_at)
        values (p_actor, p_listing, v_title, ops.clock_now());
    end if;

    return query
    select f.listing_id, f.added_at
    from market_data.favourites as f
    where f.user_id = p_actor
        and f.listing_id = p_listing;
end
$$;

comment on function market.favourite_add(bigint, bigint) is
    'Puts a listing among a person''s favourites. Raises: actor_unknown, actor_blocked, '
    'listing_unknown, favourite_own_listing, favourite_limit.';

grant execute on function market.favourite_add(bigint, bigint) to kardan_api, kardan_bot;
