-- Guarantees: where the person was let delete messages of others. Who decided is not told.
create or replace function market.export_chat_rights(
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
            'listing_id', f.listing_id, 'until', f.until, 'granted_at', f.granted_at,
            'revoked_at', f.revoked_at)
    from market_data.chat_rights as f
    where f.user_id = p_user
        and f.id > coalesce(p_after::bigint, 0)
    order by f.id
    limit p_limit;
end;

comment on function market.export_chat_rights(bigint, text, integer) is
    'Helper: where a person could delete messages of others, for the export. Raises: nothing.';
