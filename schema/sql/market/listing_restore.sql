-- Guarantees: an archived listing is a draft again. Locks the membership, then the listing.
-- Idempotent by state: a draft is answered as it is, whatever version is given.
create or replace function market.listing_restore(
    p_actor bigint,
    p_listing bigint,
    p_version integer
)
returns table (listing_id bigint, status text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text;
    v_version integer;
begin
    select e.status, e.version
    into v_status, v_version
    from market.listing_editor_require(p_actor, p_listing) as e;

    if v_status <> 'draft' then
        perform market.listing_move(p_actor, p_listing, 'restored');
        perform market.listing_version_require(p_version, v_version);
    end if;

    return query
    select l.id, l.status, l.version
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_restore(bigint, bigint, integer) is
    'The owner or a member of the shop takes a listing from the archive to the drafts. Raises: '
    'actor_unknown, actor_blocked, listing_unknown, listing_not_yours, version_stale, '
    'listing_move_illegal.';

grant execute on function market.listing_restore(bigint, bigint, integer) to kardan_api, kardan_bot;
