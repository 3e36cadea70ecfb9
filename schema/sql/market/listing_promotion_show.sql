-- What the slot of a listing shows now: what a moderator put there; otherwise one of the orders
-- that run, each as likely as another: paid, in its time, with impressions left, its listing in
-- sight, not of the same seller, and not where it is not wanted. The number in p_seed decides
-- which, so that the answer can be had again. What is paused or held does not run. Counts nothing:
-- who shows it tells so. Reads what runs, however much has ended.
create or replace function market.listing_promotion_show(p_listing bigint, p_seed bigint)
returns table (
    promotion_id bigint,
    text text,
    url text,
    listing_id bigint,
    title text,
    currency text,
    price_minor bigint,
    cover_key text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with slot as (
        select l.listing_id, l.category_id, l.subcategory_id, l.seller_user_id, l.seller_shop_id,
            l.ad_text, l.ad_url
        from market.listing_public as l
        where l.listing_id = p_listing
    ),
    running as (
        select p.id, p.text, p.listing_id
        from market_data.promotions as p
        cross join slot as s
        left join market_data.promotion_totals as t on t.promotion_id = p.id
        where s.ad_text is null
            and p.state = 'approved'
            and p.payment = 'paid'
            and p.ends_at > ops.clock_now()
            and p.begins_at <= ops.clock_now()
            and p.kind = 'insertion'
            and coalesce(t.shown, 0) < coalesce(p.impressions_wanted, 9223372036854775807)
            and p.paused_at is null
            and p.held_at is null
            and (p.wanted_categories = '{}'
                or p.wanted_categories && array[s.category_id, s.subcategory_id])
            and not p.excluded_categories && array[s.category_id, s.subcategory_id]
            and exists (
                select
                from market.listing_public as o
                where o.listing_id = p.listing_id
                    and not market.sellers_related(
                        s.seller_user_id, s.seller_shop_id, o.seller_user_id, o.seller_shop_id))
        order by hashint8extended(p.id, p_seed)
        limit 1
    )
    select null::bigint, s.ad_text, s.ad_url, null::bigint, null::text, null::text, null::bigint,
        null::text
    from slot as s
    where s.ad_text is not null
    union all
    select r.id, r.text, null::text, o.listing_id, o.title, o.currency, o.price_minor, o.cover_key
    from running as r
    join market.listing_public as o on o.listing_id = r.listing_id;
end
$$;

comment on function market.listing_promotion_show(bigint, bigint) is
    'The advertisement in the slot of a listing, by a random number; no row when there is none. A '
    'moderator''s has an address and no promotion_id, a seller''s a listing. Raises: nothing.';

grant execute on function market.listing_promotion_show(bigint, bigint) to kardan_api, kardan_bot;
