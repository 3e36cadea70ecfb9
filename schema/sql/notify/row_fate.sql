-- Guarantees: what is to become of a row that is due, in the words of notify.outbox_look. One
-- expression, so that it inlines, and nothing is looked up that an earlier line has decided.
create or replace function notify.row_fate(
    p_recipient bigint,
    p_is_cancelled boolean,
    p_is_spent boolean,
    p_is_late boolean,
    p_telegram_id bigint,
    p_unreachable_at timestamptz,
    p_is_paused boolean,
    p_is_behind boolean,
    p_is_held boolean
)
returns text
language sql
immutable
parallel safe
return case
    when p_is_cancelled then 'cancelled'
    when p_is_spent then 'spent'
    when p_is_late then 'late'
    when p_recipient > 0 and p_telegram_id is null then 'no_telegram'
    when p_recipient > 0 and p_unreachable_at is not null then 'unreachable'
    when p_is_paused then 'paused'
    when p_is_behind then 'behind'
    when p_is_held then 'held'
    else 'free'
end;

comment on function notify.row_fate(
    bigint, boolean, boolean, boolean, bigint, timestamptz, boolean, boolean, boolean) is
    'Helper: what is to become of a row of the queue. Raises: nothing.';
