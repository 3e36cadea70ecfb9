-- Sums a table that has a narrow row for each order that was ever shown.
create or replace function market.promotion_sums()
returns table (
    shown bigint,
    clicked bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select coalesce(sum(t.shown), 0)::bigint, coalesce(sum(t.clicked), 0)::bigint
    from market_data.promotion_totals as t;
end
$$;

comment on function market.promotion_sums() is
    'How often advertisements were ever shown and followed. Raises: nothing.';

grant execute on function market.promotion_sums() to kardan_monitor, kardan_admin;
