-- A step: nobody sends to these recipients before these times; zero stands for everybody. Locks the
-- row of everybody first, then the others in ascending order.
create or replace function notify.outbox_hold(p_recipients bigint[], p_untils timestamptz[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into notify_data.holds as h (recipient, until)
    select t.recipient, max(t.until)
    from unnest(p_recipients, p_untils) as t (recipient, until)
    group by t.recipient
    order by t.recipient <> 0, t.recipient
    on conflict (recipient) do update
    set until = excluded.until
    where h.until < excluded.until;
end
$$;

comment on function notify.outbox_hold(bigint[], timestamptz[]) is
    'Step: nothing is sent to these recipients before these times. Raises: nothing.';
