-- Guarantees: which of our messages stands in a group under this number, with the time that
-- Telegram says: so that what a moderator says in the group reaches the message that it answers. A
-- copy may be some days younger than its message. Reads the partitions of these days.
create or replace function market.message_find(
    p_chat bigint,
    p_message bigint,
    p_at timestamptz
)
returns table (message_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_at constant timestamptz := greatest(p_at, '2020-01-01 00:00:00+00');
    v_message constant uuid := market.copy_find(
        p_chat, p_message, v_at - interval '15 days', v_at + interval '1 minute');
begin
    return query select v_message where v_message is not null;
end
$$;

comment on function market.message_find(bigint, bigint, timestamptz) is
    'Which message stands in a group of Telegram under a number; no row when it is none of ours. '
    'Raises: nothing.';

grant execute on function market.message_find(bigint, bigint, timestamptz)
    to kardan_bot, kardan_worker;
