-- What an order came to, day by day, for its people, of the last 400 days. Reads the marks of the
-- order by their key, in the partitions of its days.
create or replace function market.promotion_figures(p_actor bigint, p_promotion bigint)
returns table (day timestamptz, shown bigint, clicked bigint, people bigint)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_order record;
begin
    perform people.actor_known(p_actor);
    select p.listing_id, (p.begins_at at time zone 'UTC')::date as first,
        (p.ends_at at time zone 'UTC')::date as last
    into v_order
    from market_data.promotions as p
    where p.id = p_promotion;
    if v_order.listing_id is null
        or not market.listing_insider(p_actor, v_order.listing_id)
    then
        raise exception using
            errcode = 'ZNFND', constraint = 'promotion_unknown',
            message = 'there is no such order';
    end if;

    return query
    select m.day::timestamp at time zone 'UTC', count(*) filter (where not m.is_click),
        count(*) filter (where m.is_click), count(distinct m.viewer)
    from market_data.promotion_marks as m
    where m.promotion_id = p_promotion
        and m.day between v_order.first and v_order.last
    group by m.day
    order by m.day;
end
$$;

comment on function market.promotion_figures(bigint, bigint) is
    'How often an advertisement was shown and followed on each day (UTC), and to how many. Raises: '
    'actor_unknown, promotion_unknown.';

grant execute on function market.promotion_figures(bigint, bigint) to kardan_api, kardan_bot;
