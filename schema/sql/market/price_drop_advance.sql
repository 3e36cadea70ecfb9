-- A step: tells the next thousand people who had the listing among their favourites when it became
-- cheaper and still have, and marks how far it has come; never the people of the listing. Nobody is
-- told when the price has risen since, or when nobody sees the listing: nothing is told that is
-- not true any more. Gives how many people it went through: fewer than a thousand, and the drop is
-- finished. The caller has locked the drop. A batch told again tells nobody twice.
create or replace function market.price_drop_advance(p_drop bigint)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_drop record;
    v_people bigint[];
    v_told integer;
begin
    select
        d.listing_id, d.at, d.told_until,
        jsonb_build_object(
            'listing_id', d.listing_id, 'shop_id', p.seller_shop_id, 'user_id', p.seller_user_id,
            'title', p.title, 'currency', d.currency, 'price_minor', d.price_minor,
            'old_price_minor', d.old_price_minor) as data,
        p.price_minor <= d.price_minor as is_true
    into v_drop
    from market_data.price_drops as d
    left join market.listing_public as p on p.listing_id = d.listing_id
    where d.id = p_drop;

    v_people := array(
        select f.user_id
        from market_data.favourites as f
        where v_drop.is_true
            and f.listing_id = v_drop.listing_id
            and f.user_id > v_drop.told_until
            and f.added_at <= v_drop.at
            and f.user_id <> all (market.listing_insiders(v_drop.listing_id))
        order by f.user_id
        limit 1000);
    v_told := notify.tell(
        v_people, 'favourite.cheaper', 'price_drop:' || p_drop, v_drop.at, v_drop.data);

    update market_data.price_drops as d
    set told = d.told + v_told,
        told_until = coalesce(v_people[cardinality(v_people)], d.told_until),
        finished_at = case when cardinality(v_people) < 1000 then ops.clock_now() end
    where d.id = p_drop;
    return cardinality(v_people);
end
$$;

comment on function market.price_drop_advance(bigint) is
    'Step: tells the next batch of people that a favourite costs less. Raises: nothing.';
