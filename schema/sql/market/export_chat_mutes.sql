-- Guarantees: where and how long the person was to say nothing. Who said so is not told.
create or replace function market.export_chat_mutes(
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
            'listing_id', f.listing_id, 'message_id', f.message_id, 'until', f.until,
            'reason', f.reason, 'muted_at', f.muted_at, 'lifted_at', f.lifted_at)
    from market_data.chat_mutes as f
    where f.user_id = p_user
        and f.id > coalesce(p_after::bigint, 0)
    order by f.id
    limit p_limit;
end;

comment on function market.export_chat_mutes(bigint, text, integer) is
    'Helper: when a person was to say nothing in chats, for the export. Raises: nothing.';
