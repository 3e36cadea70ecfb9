-- Counts up to 100, because a badge says no more. Reads the acting person's part of the outbox by
-- the index that begins with the recipient, 90 days of it at most. Locks nothing.
create or replace function notify.notice_unread_count(p_actor bigint)
returns table (
    unread_count integer,
    is_more boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_found integer;
begin
    perform people.actor_known(p_actor);

    select count(*) into v_found
    from (
        select
        from notify_data.outbox as o
        left join notify_data.feeds as f on f.user_id = p_actor
        where o.recipient = p_actor
            and o.event_at > v_now - interval '90 days'
            and o.event_at <= v_now + interval '1 day'
            and o.lane in ('notice', 'broadcast')
            and not notify.notice_is_read(
                o.event_at, o.created_at, o.read_at, f.read_until, f.marked_at)
        limit 101
    ) as n;
    return query select least(v_found, 100), v_found > 100;
end
$$;

comment on function notify.notice_unread_count(bigint) is
    'How many notices a person has not read, 100 at most; is_more: there are more. Raises: '
    'actor_unknown.';

grant execute on function notify.notice_unread_count(bigint) to kardan_api, kardan_bot;
