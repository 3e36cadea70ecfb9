-- Guarantees: what saved searches of the person have found.
create or replace function market.export_search_alerts(
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
        a.id::text,
        jsonb_build_object(
            'saved_search_id', a.saved_search_id, 'listing_id', a.listing_id,
            'found_at', a.found_at, 'told_at', a.told_at)
    from market_data.search_alerts as a
    where a.user_id = p_user
        and a.id > coalesce(p_after::bigint, 0)
    order by a.id
    limit p_limit;
end;

comment on function market.export_search_alerts(bigint, text, integer) is
    'Helper: what the saved searches of a person have found, for the export. Raises: nothing.';
