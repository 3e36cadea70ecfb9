-- Guarantees: what the person said of the platform, the former words too.
create or replace function market.export_platform_reviews(
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
        r.id::text,
        jsonb_build_object(
            'stars', r.stars, 'text', r.text, 'created_at', r.created_at,
            'replaced_at', r.replaced_at)
    from market_data.platform_reviews as r
    where r.user_id = p_user
        and r.id > coalesce(p_after::bigint, 0)
    order by r.id
    limit p_limit;
end;

comment on function market.export_platform_reviews(bigint, text, integer) is
    'Helper: what a person said of the platform, for the export. Raises: nothing.';
