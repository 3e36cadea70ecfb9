-- Guarantees: when a row that may not be sent now is looked at again; null for one that is not
-- postponed. The rows of one recipient are spaced as they may be sent. What a broadcast that pauses
-- has in the queue is looked at every five minutes, or when it is resumed.
create or replace function notify.row_not_before(
    p_fate text,
    p_place bigint,
    p_gap interval,
    p_held_until timestamptz,
    p_now timestamptz
)
returns timestamptz
language sql
immutable
parallel safe
return case
    when p_fate = 'paused' then p_now + interval '5 minutes'
    when p_fate = 'held'
    then p_held_until + (p_place - 1) * p_gap
    when p_fate in ('free', 'behind')
    then greatest(p_now, p_held_until)
        + greatest(1, p_place - 1) * greatest(p_gap, interval '100 milliseconds')
end;

comment on function notify.row_not_before(text, bigint, interval, timestamptz, timestamptz) is
    'Helper: the time before which a row is not sent. Raises: nothing.';
