-- A step: the shops and the listings of a person are locked, in the order in which everybody locks
-- them, so that nobody orders or changes what is about to go.
create or replace function market.person_lock(p_user bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform s.id
    from market_data.shops as s
    where s.id in (select m.shop_id from market_data.shop_members as m where m.user_id = p_user)
    order by s.id
    for no key update;
    perform l.id
    from market_data.listings as l
    where l.id = any (market.listings_of(p_user))
    order by l.id
    for no key update;
end
$$;

comment on function market.person_lock(bigint) is
    'Step: locks the shops and listings of a person. Raises: nothing.';
