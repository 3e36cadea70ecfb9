-- A step: locks a message and tells what it is; no row when there is none. The id carries the time,
-- so one partition is read.
create or replace function market.message_lock(p_message uuid)
returns table (
    listing_id bigint,
    sent_at timestamptz,
    author_id bigint,
    author_telegram_id bigint,
    state text,
    why text
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant timestamptz := ops_data.uuid_v7_time(p_message);
begin
    return query
    select m.listing_id, m.sent_at, m.author_id, m.author_telegram_id, m.state, m.why
    from market_data.chat_messages as m
    where m.id = p_message
        and m.sent_at >= v_from
        and m.sent_at < v_from + interval '1 millisecond'
    for no key update;
end
$$;

comment on function market.message_lock(uuid) is
    'Step: locks a message; no row when there is none. Raises: nothing.';
