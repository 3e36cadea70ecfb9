-- Guarantees: a query for everything that was published between about so many days before a time
-- and that time; null when that is all there is. It begins where a bucket does: up to 0.3 of the
-- days late, or early by less than a bucket. At most five lexemes: more would cost more than the
-- listings that they keep out. Locks nothing.

create or replace function market.search_window(p_top timestamptz, p_days float8)
returns tsquery
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant timestamptz := p_top - least(p_days, 3650) * interval '1 day';
    v_size constant integer := case when p_days <= 4 then 1 when p_days <= 32 then 8 else 64 end;
    v_first timestamptz;
    v_window tsquery;
begin
    if p_days > 192 then
        return null;
    end if;
    select e.published_at into v_first
    from market_data.search_entries as e
    order by e.published_at, e.listing_id
    limit 1;
    if v_from <= v_first then
        return null;
    end if;

    select string_agg(market.search_quote('=t' || v_size || ':' || b.bucket), ' | ')::tsquery
    into v_window
    from generate_series(
        market_data.search_time_bucket(v_from + p_days * interval '0.3 day', v_size),
        market_data.search_time_bucket(p_top, v_size)) as b (bucket);
    return v_window;
end
$$;

comment on function market.search_window(timestamptz, float8) is
    'Step: a query for what was published in the days before a time; null: no window is needed. '
    'Raises: nothing.';
