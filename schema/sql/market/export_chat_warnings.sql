-- Guarantees: what the person was warned about in chats. Who did is not told.
create or replace function market.export_chat_warnings(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        f.id::text,
        jsonb_build_object(
            'listing_id', f.listing_id, 'message_id', f.message_id, 'reason', f.reason,
            'warned_at', f.warned_at)
    from market_data.chat_warnings as f
    where f.user_id = p_user
        and f.id > coalesce(p_after::bigint, 0)
    order by f.id
    limit p_limit;
end;

comment on function market.export_chat_warnings(bigint, text, integer) is
    'Helper: the warnings of a person, for the export. Raises: nothing.';
