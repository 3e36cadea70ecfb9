-- Guarantees: the states that a list of deals asks for: this one, or all. A list takes its first
-- rows of each from one index and merges them, whether it asks for one state or all. Locks nothing.
create or replace function market.deal_states(p_state text)
returns setof text
language sql
immutable
parallel safe
rows 3
begin atomic
    select s.state
    from unnest(array[
        'requested', 'confirmed', 'handed_over', 'completed', 'cancelled', 'expired']
    ) as s (state)
    where p_state is null
        or s.state = p_state;
end;

comment on function market.deal_states(text) is
    'Helper: the states of deals, or the given one of them. Raises: nothing.';
