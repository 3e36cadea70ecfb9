-- A step of the job: people are told that an order of theirs runs, and that it is over, by its time
-- or because it was shown as often as wanted; of what was not paid nobody is told. Up to 100 a run;
-- leaves out what another session holds. Whether an order runs does not depend on it.
create or replace function market.promotions_tell(p_now timestamptz)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_order record;
begin
    for v_order in
        select
            p.id, p.payment = 'paid' as is_paid,
            p.ends_at <= p_now
                or p.kind = 'insertion' and coalesce(t.shown >= p.impressions_wanted, false)
                as is_over
        from market_data.promotions as p
        left join market_data.promotion_totals as t on t.promotion_id = p.id
        where p.state = 'approved'
            and p.ended_at is null
            and p.begins_at <= p_now
            and (
                p.ends_at <= p_now
                or p.kind = 'insertion' and t.shown >= p.impressions_wanted
                or p.started_at is null
                    and p.payment = 'paid'
                    and p.paused_at is null
                    and p.held_at is null
                    and (p.kind = 'insertion' or p.posted_at is not null)
                    and exists (
                        select from market.listing_public as l where l.listing_id = p.listing_id))
        order by p.id
        limit 100
        for no key update of p skip locked
    loop
        update market_data.promotions as p
        set started_at = coalesce(p.started_at, case when not v_order.is_over then p_now end),
            ended_at = case when v_order.is_over then p_now end
        where p.id = v_order.id;
        perform market.promotion_tell(
            v_order.id,
            case when v_order.is_over then 'promotion.ended' else 'promotion.started' end, p_now)
        where v_order.is_paid;
    end loop;
end
$$;

comment on function market.promotions_tell(timestamptz) is
    'Step: tells people that their orders begin and end. Raises: nothing.';
