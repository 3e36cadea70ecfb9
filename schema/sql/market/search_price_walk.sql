-- Guarantees: of the p_rows entries after a place in the order of prices of a currency (p_is_down:
-- before it), those that match and suit, in order; how many were looked at, and the first and last
-- price of them. Conditions are those of search_rows. Locks nothing.

create or replace function market.search_price_walk(
    p_terms tsquery,
    p_currency text,
    p_price_min bigint,
    p_price_max bigint,
    p_generation bigint,
    p_year integer,
    p_is_down boolean,
    p_after_price bigint,
    p_after_id bigint,
    p_rows integer
)
returns table (
    ids bigint[],
    prices bigint[],
    seen bigint,
    first bigint,
    last bigint
)
language sql
stable
parallel safe
begin atomic
    select
        array_agg(w.listing_id) filter (where w.is_found),
        array_agg(w.price_minor) filter (where w.is_found),
        count(*),
        case when p_is_down then max(w.price_minor) else min(w.price_minor) end,
        case when p_is_down then min(w.price_minor) else max(w.price_minor) end
    from (
        select
            e.listing_id, e.price_minor,
            e.visible_until > ops.clock_now()
            and e.terms @@ p_terms
            and coalesce(e.owner_user_id, 0) not in (select b.user_id from people.blocked as b)
            and (p_year is null or exists (
                select
                from market_data.listing_fitments as f
                where f.listing_id = e.listing_id
                    and f.generation_id = p_generation
                    and p_year between coalesce(f.year_from, 0) and coalesce(f.year_to, 9999)))
            as is_found
        from (
            (select u.listing_id, u.price_minor, u.terms, u.visible_until, u.owner_user_id
            from market_data.search_entries as u
            where not p_is_down
                and u.currency = p_currency
                and (u.price_minor, u.listing_id) > (
                    greatest(coalesce(p_after_price, -1), coalesce(p_price_min, 0) - 1),
                    case
                        when coalesce(p_after_price, -1) >= coalesce(p_price_min, 0)
                            then p_after_id
                        else 9223372036854775807
                    end)
                and u.price_minor <= coalesce(p_price_max, 9223372036854775807)
            order by u.price_minor, u.listing_id
            limit p_rows)
            union all
            (select d.listing_id, d.price_minor, d.terms, d.visible_until, d.owner_user_id
            from market_data.search_entries as d
            where p_is_down
                and d.currency = p_currency
                and (d.price_minor, d.listing_id) < (
                    least(coalesce(p_after_price, 9223372036854775806),
                        coalesce(p_price_max, 9223372036854775805) + 1),
                    case
                        when p_after_price <= p_price_max or p_price_max is null
                            then coalesce(p_after_id, 0)
                        else 0
                    end)
                and d.price_minor >= coalesce(p_price_min, 0)
            order by d.price_minor desc, d.listing_id desc
            limit p_rows)
        ) as e
    ) as w;
end;

comment on function market.search_price_walk(
    tsquery, text, bigint, bigint, bigint, integer, boolean, bigint, bigint, integer) is
    'Helper: what matches among the entries next in the order of prices. Raises: nothing.';
