-- Guarantees: what the person found wrong with listings. Who decided is not told.
create or replace function market.export_flags(
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
            'listing_id', f.listing_id, 'reason', f.reason, 'note', f.note,
            'created_at', f.created_at, 'closed_at', f.closed_at, 'outcome', f.outcome)
    from market_data.listing_flags as f
    where f.user_id = p_user
        and f.id > coalesce(p_after::bigint, 0)
    order by f.id
    limit p_limit;
end;

comment on function market.export_flags(bigint, text, integer) is
    'Helper: what a person flagged, for the export. Raises: nothing.';
