-- Guarantees: vehicles that listings of other sellers with the same brand and number (or a number
-- that surely is the same part) say they fit, the most often said first, at most 50; not what the
-- listing says already. A suggestion changes nothing: it is confirmed by listing_fitment_add. For
-- each number the 200 newest listings are asked. Locks nothing.

create or replace function market.listing_fitment_suggest(
    p_actor bigint,
    p_listing bigint
)
returns table (
    generation_id bigint,
    make_name text,
    model_name text,
    generation_name text,
    year_from integer,
    year_to integer,
    seller_count integer,
    listing_count integer,
    confidence double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select
        t.generation_id, g.make_name, g.model_name, g.name, t.year_from, t.year_to,
        t.seller_count, t.listing_count, t.confidence
    from (
        select
            f.generation_id, f.year_from, f.year_to,
            count(distinct (s.seller_user_id, s.seller_shop_id))::integer as seller_count,
            count(distinct s.listing_id)::integer as listing_count,
            round(max(n.confidence)::numeric, 3)::double precision as confidence
        from market_data.listings as o
        cross join lateral catalog.part_sure(o.brand_id, o.part_number_norm) as n
        cross join lateral (
            select p.listing_id, p.seller_user_id, p.seller_shop_id
            from market.listing_public as p
            where p.part_number_norm = n.number_norm
                and p.part_number_norm <> ''
                and p.status = 'published'
                and p.brand_id = n.brand_id
                and (p.seller_user_id, p.seller_shop_id)
                    is distinct from (o.owner_user_id, o.owner_shop_id)
            order by p.listing_id desc
            limit 200
        ) as s
        join market_data.listing_fitments as f on f.listing_id = s.listing_id
        where o.id = p_listing
            and not exists (
                select
                from market_data.listing_fitments as w
                where w.listing_id = p_listing
                    and w.generation_id = f.generation_id
                    and coalesce(w.year_from, 0) <= coalesce(f.year_from, 0)
                    and coalesce(w.year_to, 9999) >= coalesce(f.year_to, 9999))
        group by f.generation_id, f.year_from, f.year_to
        order by 4 desc, 6 desc, f.generation_id, f.year_from nulls first, f.year_to
        limit 50
    ) as t
    cross join lateral catalog.generation_get(t.generation_id) as g
    order by
        t.seller_count desc, t.confidence desc, t.generation_id, t.year_from nulls first,
        t.year_to;
end
$$;

comment on function market.listing_fitment_suggest(bigint, bigint) is
    'Vehicles that a listing may fit, by what other sellers of the same part say, for its people '
    'and moderators; years null: the whole generation. A listing without a brand or part number '
    'gets none. Raises: actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_fitment_suggest(bigint, bigint) to kardan_api, kardan_bot;
