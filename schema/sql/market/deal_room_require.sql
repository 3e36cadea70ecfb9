-- A step: a buyer waits for fewer answers than the setting allows. The caller holds the buyer's
-- advisory lock. Locks nothing.
create or replace function market.deal_room_require(p_actor bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_most constant integer := greatest(1, ops.setting_integer('deals.open_requests', 20));
    v_next timestamptz;
begin
    select min(r.due_at) into v_next
    from (
        select d.due_at
        from market_data.deals as d
        where d.buyer_id = p_actor
            and d.state = 'requested'
        order by d.id desc
        limit v_most
    ) as r
    having count(*) >= v_most;
    if found then
        raise exception using
            errcode = 'ZLIMT',
            constraint = 'deal_request_limit',
            message = 'too many requests wait for an answer',
            hint = greatest(1, ceil(extract(epoch from v_next - ops.clock_now())))::bigint::text;
    end if;
end
$$;

comment on function market.deal_room_require(bigint) is
    'Step: there is room for one more request of a buyer. The hint of deal_request_limit is the '
    'seconds until one of them ends by itself. Raises: deal_request_limit.';
