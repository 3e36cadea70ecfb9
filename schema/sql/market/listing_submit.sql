-- Guarantees: a draft or a rejected listing that has everything it needs waits for a moderator.
-- Locks the membership, then the listing. Idempotent by state: what waits already is answered as it
-- is, whatever version is given. The move is tried before anything else is asked, so that an
-- illegal one is refused as such.
create or replace function market.listing_submit(
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

    if v_status <> 'pending' then
        perform market.listing_move(p_actor, p_listing, 'submitted');
        perform market.listing_version_require(p_version, v_version);
        perform market.listing_ready_require(p_listing);
        perform market.listing_queue(p_actor, p_listing);
    end if;

    return query
    select l.id, l.status, l.version
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_submit(bigint, bigint, integer) is
    'The owner or a member of the shop asks for a listing to be checked and published. Raises: '
    'actor_unknown, actor_blocked, listing_unknown, listing_not_yours, version_stale, '
    'listing_move_illegal, listing_contact_required, listing_stock_required, '
    'listing_category_closed, attribute_unknown, attribute_required, attribute_type, '
    'attribute_range, attribute_choice.';

grant execute on function market.listing_submit(bigint, bigint, integer) to kardan_api, kardan_bot;
