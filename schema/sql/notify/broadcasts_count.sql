-- A step: adds outcomes to the counts of their broadcasts: sent, failed (a dead letter), or
-- anything else, which is closed. Locks the broadcasts in ascending order.
create or replace function notify.broadcasts_count(p_broadcasts bigint[], p_outcomes text[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_broadcasts is null then
        return;
    end if;

    with counted as materialized (
        select b.id
        from notify_data.broadcasts as b
        where b.id = any (p_broadcasts)
        order by b.id
        for no key update
    )
    update notify_data.broadcasts as b
    set sent_count = b.sent_count + n.sent,
        failed_count = b.failed_count + n.failed,
        closed_count = b.closed_count + n.closed
    from counted as c
    join (
        select t.id,
            count(*) filter (where t.outcome = 'sent') as sent,
            count(*) filter (where t.outcome = 'failed') as failed,
            count(*) filter (where t.outcome not in ('sent', 'failed')) as closed
        from unnest(p_broadcasts, p_outcomes) as t (id, outcome)
        group by t.id
    ) as n on n.id = c.id
    where b.id = c.id;
end
$$;

comment on function notify.broadcasts_count(bigint[], text[]) is
    'Step: adds outcomes to the counts of broadcasts. Raises: nothing.';
