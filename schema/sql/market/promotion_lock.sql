-- A step: an order is locked, for the person who may change it: somebody of its listing, or with
-- p_is_office a moderator. Whoever may not, hears that there is no such order.
create or replace function market.promotion_lock(
    p_actor bigint,
    p_promotion bigint,
    p_is_office boolean
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing bigint;
begin
    select p.listing_id into v_listing
    from market_data.promotions as p
    where p.id = p_promotion
    for no key update;
    if v_listing is null
        or not (p_is_office or market.listing_insider(p_actor, v_listing))
    then
        raise exception using
            errcode = 'ZNFND', constraint = 'promotion_unknown',
            message = 'there is no such order';
    end if;
end
$$;

comment on function market.promotion_lock(bigint, bigint, boolean) is
    'Step: locks an order. Raises: promotion_unknown.';
