-- Guarantees: what a sender is to do so that a post that shows the first look and value shows the
-- second ones; null: nothing. What was never posted is posted only while anybody may see it. A mark
-- says sold, withdrawn or reserved and needs nothing else; everything else is an edit.
create or replace function market.channel_post_kind(
    p_shown_look text,
    p_shown_value jsonb,
    p_look text,
    p_value jsonb
)
returns text
language sql
immutable
parallel safe
return case
    when p_shown_look is null then
        case when p_look in ('live', 'reserved') then 'channel.post' end
    when p_look = 'kept' then null
    when p_look in ('sold', 'withdrawn') then
        case when p_look <> p_shown_look then 'channel.mark' end
    when p_value is distinct from p_shown_value then 'channel.edit'
    when p_look = p_shown_look then null
    when p_look = 'live' then 'channel.edit'
    else 'channel.mark'
end;

comment on function market.channel_post_kind(text, jsonb, text, jsonb) is
    'Helper: channel.post, channel.edit, channel.mark or null: what makes a post show something '
    'else. Raises: nothing.';
