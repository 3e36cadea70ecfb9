-- Guarantees: when a match that was found now is told: at once, at the full hour, or at nine in the
-- morning in Moscow.
create or replace function market.search_alert_due(p_frequency text, p_now timestamptz)
returns timestamptz
language sql
immutable
parallel safe
return case p_frequency
    when 'hourly' then date_trunc('hour', p_now, 'UTC') + interval '1 hour'
    when 'daily' then date_trunc('day', p_now + interval '18 hours', 'UTC') + interval '6 hours'
    else p_now
end;

comment on function market.search_alert_due(text, timestamptz) is
    'Helper: when a match of a saved search is told. Raises: nothing.';
