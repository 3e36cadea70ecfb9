-- Guarantees: how much of the sending a lane gets while every lane has something. What a lane does
-- not need, the others have. Answers to taps come before everything and have no weight.
create or replace function notify.lane_weight(p_lane notify_data.lane)
returns integer
language sql
immutable
parallel safe
return case p_lane when 'reply' then 8 when 'notice' then 4 when 'channel' then 4 else 1 end;

comment on function notify.lane_weight(notify_data.lane) is
    'Helper: the share of a lane in what is sent. Raises: nothing.';
