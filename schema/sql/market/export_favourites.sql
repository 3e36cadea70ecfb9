-- Guarantees: the favourites of the person: numbers and times, for their titles are somebody
-- else's words.
create or replace function market.export_favourites(
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
        f.listing_id::text,
        jsonb_build_object('listing_id', f.listing_id, 'added_at', f.added_at)
    from market_data.favourites as f
    where f.user_id = p_user
        and f.listing_id > coalesce(p_after::bigint, 0)
    order by f.listing_id
    limit p_limit;
end;

comment on function market.export_favourites(bigint, text, integer) is
    'Helper: the favourites of a person, for the export. Raises: nothing.';
