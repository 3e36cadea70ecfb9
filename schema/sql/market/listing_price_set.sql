-- Guarantees: the prices are as asked, at once and without a moderator; the history gains them when
-- they are new. Locks the membership, then the listing. Idempotent by state: asking for what
-- already is changes nothing, whatever version is given.
create or replace function market.listing_price_set(
    p_actor bigint,
    p_listing bigint,
    p_version integer,
    p_price_minor bigint,
    p_wholesale_price_minor bigint,
    p_wholesale_min_quantity integer
)
returns table (
    listing_id bigint,
    version integer,
    price_minor bigint,
    wholesale_price_minor bigint,
    wholesale_min_quantity integer
)
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
    perform market.listing_live_require(v_status);

    update market_data.listings as l
    set price_minor = p_price_minor,
        wholesale_price_minor = p_wholesale_price_minor,
        wholesale_min_quantity = p_wholesale_min_quantity,
        changed_by = p_actor,
        updated_at = ops.clock_now()
    where l.id = p_listing
        and (l.price_minor, l.wholesale_price_minor, l.wholesale_min_quantity)
            is distinct from (p_price_minor, p_wholesale_price_minor, p_wholesale_min_quantity);
    if found then
        perform market.listing_version_require(p_version, v_version);
        if v_status = 'pending' then
            perform market.moderation_hints_make(p_listing);
        end if;
    end if;

    return query
    select l.id, l.version, l.price_minor, l.wholesale_price_minor, l.wholesale_min_quantity
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_price_set(bigint, bigint, integer, bigint, bigint, integer) is
    'The owner or a member of the shop sets the price of a piece, and the wholesale price with the '
    'quantity where it begins (null: none), of a listing that is neither sold nor archived. '
    'Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours, '
    'listing_not_editable, version_stale, listing_price_range, listing_wholesale_whole, '
    'listing_wholesale_not_above_price, listing_wholesale_quantity_range.';

grant execute on function market.listing_price_set(bigint, bigint, integer, bigint, bigint, integer)
    to kardan_api, kardan_bot;
