-- Guarantees: the shop's own code of a listing in any state is as asked; no two listings of a shop
-- have the same (a unique index). Empty takes it away. Locks the membership, then the listing.
-- Idempotent by state: asking for what already is changes nothing, whatever version is given.
create or replace function market.listing_code_set(
    p_actor bigint,
    p_listing bigint,
    p_version integer,
    p_code text
)
returns table (listing_id bigint, code text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
    v_code constant text := nullif(btrim(p_code), '');
begin
    select e.version
    into v_version
    from market.listing_editor_require(p_actor, p_listing) as e;

    update market_data.listings as l
    set code = v_code,
        changed_by = p_actor,
        updated_at = ops.clock_now()
    where l.id = p_listing
        and l.code is distinct from v_code;
    if found then
        perform market.listing_version_require(p_version, v_version);
    end if;

    return query
    select l.id, l.code, l.version
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_code_set(bigint, bigint, integer, text) is
    'A member of the shop says under which code the shop keeps a listing; null or empty: none. '
    'Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours, version_stale, '
    'listing_code_length, listing_code_of_shop, listing_code_taken.';

grant execute on function market.listing_code_set(bigint, bigint, integer, text) to kardan_api;
