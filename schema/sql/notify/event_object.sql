-- Guarantees: what an event is about, so that what is about one thing is told in order. Reads
-- nothing.
create or replace function notify.event_object(p_type text, p_data jsonb)
returns text
language sql
immutable
parallel safe
return coalesce(
    'deal ' || (p_data ->> 'deal_id'),
    'listing ' || (p_data ->> 'listing_id'),
    split_part(p_type, '.', 1));

comment on function notify.event_object(text, jsonb) is
    'Helper: the thing that an event is about. Raises: nothing.';
