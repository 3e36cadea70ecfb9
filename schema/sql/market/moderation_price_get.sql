-- Guarantees: the price of the listing of an item beside what such things cost, for any moderator,
-- without a claim. Reads only.
create or replace function market.moderation_price_get(p_actor bigint, p_item bigint)
returns table (
    currency text,
    price_minor bigint,
    usual_low_minor bigint,
    usual_high_minor bigint,
    listing_count integer,
    same_brand boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing bigint;
begin
    perform people.actor_require(p_actor, 'moderator');
    select i.listing_id into v_listing
    from market_data.moderation_items as i
    where i.id = p_item;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'moderation_item_unknown',
            message = 'there is no such item in moderation';
    end if;

    return query
    select
        r.currency, r.price_minor, r.usual_low_minor, r.usual_high_minor, r.listing_count,
        r.same_brand
    from market.listing_price_range(v_listing) as r;
end
$$;

comment on function market.moderation_price_get(bigint, bigint) is
    'What things like a listing that waits, or waited, cost: a quarter of listing_count of them '
    'less than usual_low_minor, a quarter more than usual_high_minor; same_brand: all of its '
    'brand. No row when too few are for sale. Raises: actor_unknown, actor_blocked, '
    'role_required, moderation_item_unknown.';

grant execute on function market.moderation_price_get(bigint, bigint) to kardan_bot;
