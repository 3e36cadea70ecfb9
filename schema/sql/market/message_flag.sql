-- Guarantees: one open flag a person and message: a repeat with another reason or note changes it.
-- When people whose flags count are enough, the message is hidden until a moderator decides. Locks
-- the message, so that of two flags at one time the second sees what the first did. Idempotent by
-- state.
create or replace function market.message_flag(
    p_actor bigint,
    p_message uuid,
    p_reason text,
    p_note text
)
returns table (
    message_id uuid,
    reason text,
    note text,
    flagged_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
-- Where an arbiter of a conflict is named, no variable is meant.
#variable_conflict use_column
declare
    v_row record;
begin
    perform people.actor_require(p_actor, 'user');
    select k.listing_id, k.author_id, k.state into v_row
    from market.message_lock(p_message) as k;
    perform market.chat_flag_require(
        p_actor, p_message, v_row.listing_id, v_row.author_id, v_row.state);

    insert into market_data.chat_flags as f (
        message_id, listing_id, user_id, reason, note, weight, created_at)
    values (
        p_message, v_row.listing_id, p_actor, p_reason, coalesce(btrim(p_note), ''),
        market.chat_flag_weight(p_actor, p_message), ops.clock_now())
    on conflict (message_id, user_id) where closed_at is null do update
    set reason = excluded.reason, note = excluded.note, weight = excluded.weight;
    perform market.chat_flags_weigh(p_message);

    return query
    select f.message_id, f.reason, f.note, f.created_at
    from market_data.chat_flags as f
    where f.message_id = p_message
        and f.user_id = p_actor
        and f.closed_at is null;
end
$$;

comment on function market.message_flag(bigint, uuid, text, text) is
    'A person says what is wrong with somebody else''s message: spam, prohibited, rude or fraud, '
    'with a note or null. Raises: actor_unknown, actor_blocked, message_unknown, chat_flag_own, '
    'chat_flag_limit, chat_flag_reason_known, chat_flag_note_length.';

grant execute on function market.message_flag(bigint, uuid, text, text) to kardan_api, kardan_bot;
