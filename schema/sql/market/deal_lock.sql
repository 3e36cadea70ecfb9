-- A step: the guard at the head of every step that a person takes with a deal. Locks the membership
-- in the shop, the listing, then the deal: a member who is being removed either is done first or is
-- out, and two steps come one after the other. Of a deal of others one does not learn that it
-- exists.
create or replace function market.deal_lock(p_actor bigint, p_deal uuid)
returns table (
    state text,
    sides text[],
    buyer_id bigint,
    due_at timestamptz
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    -- Listing and seller of a deal never change, so they may be read before anything is locked.
    perform
    from market_data.deals as d
    join market_data.shop_members as m
        on m.shop_id = d.seller_shop_id
        and m.user_id = p_actor
    where d.id = p_deal
    for key share of m;
    sides := market.deal_sides(p_actor, p_deal);
    if sides = '{}' then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'deal_unknown',
            message = 'there is no such deal';
    end if;

    perform
    from market_data.listings as l
    where l.id = (select d.listing_id from market_data.deals as d where d.id = p_deal)
    for no key update;

    select d.state, d.buyer_id, d.due_at
    into state, buyer_id, due_at
    from market_data.deals as d
    where d.id = p_deal
    for no key update;
    return next;
end
$$;

comment on function market.deal_lock(bigint, uuid) is
    'Step: locks a deal for one of its sides and tells its state. Raises: actor_unknown, '
    'actor_blocked, deal_unknown.';
