-- Guarantees: the outcome of something that is told now and never sent, null when it is to be sent.
-- It is in the feed of its person all the same.
create or replace function notify.undeliverable(
    p_telegram_id bigint,
    p_unreachable_at timestamptz,
    p_event_at timestamptz,
    p_since timestamptz
)
returns text
language sql
immutable
parallel safe
return case
    when p_telegram_id is null then 'no_telegram'
    when p_unreachable_at is not null then 'unreachable'
    when p_event_at <= p_since then 'too_old'
end;

comment on function notify.undeliverable(bigint, timestamptz, timestamptz, timestamptz) is
    'Helper: why nothing can be sent: no_telegram, unreachable, too_old. Raises: nothing.';
