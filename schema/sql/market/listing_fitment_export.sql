-- Guarantees: what a listing, or every listing of a shop, says it fits, in any state, in the order
-- of listings, 1 to 1000 at a time (500), after the given statement of the given listing. For the
-- listing's people and moderators, or the shop's members. Locks nothing.

create or replace function market.listing_fitment_export(
    p_actor bigint,
    p_listing bigint,
    p_shop bigint,
    p_limit integer,
    p_after_listing bigint,
    p_after bigint
)
returns table (
    fitment_id bigint,
    listing_id bigint,
    make_name text,
    model_name text,
    generation_name text,
    year_from integer,
    year_to integer,
    note text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit constant integer := least(greatest(coalesce(p_limit, 500), 1), 1000);
begin
    perform people.actor_known(p_actor);
    if p_shop is not null then
        perform market.shop_member_require(p_actor, p_shop, 'seller');
        return query
        select f.id, f.listing_id, g.make_name, g.model_name, g.name, f.year_from, f.year_to, f.note
        from (
            select w.id, w.listing_id, w.generation_id, w.year_from, w.year_to, w.note
            from market_data.listings as l
            join market_data.listing_fitments as w on w.listing_id = l.id
            where l.owner_shop_id = p_shop
                and l.id >= coalesce(p_after_listing, 0)
                and (l.id > coalesce(p_after_listing, 0) or w.id > coalesce(p_after, 0))
            order by l.id, w.id
            limit v_limit
        ) as f
        cross join lateral catalog.generation_get(f.generation_id) as g
        order by f.listing_id, f.id;
        return;
    end if;

    perform market.listing_reader_require(p_actor, p_listing);
    return query
    select f.id, f.listing_id, g.make_name, g.model_name, g.name, f.year_from, f.year_to, f.note
    from market_data.listing_fitments as f
    cross join lateral catalog.generation_get(f.generation_id) as g
    where f.listing_id = p_listing
        and f.id > coalesce(p_after, 0)
    order by f.id
    limit v_limit;
end
$$;

comment on function market.listing_fitment_export(
    bigint, bigint, bigint, integer, bigint, bigint) is
    'Statements of fitment of a shop''s listings (p_shop) or of one listing, for exchange with '
    'other programs; years null: the whole generation. Raises: actor_unknown, shop_unknown, '
    'shop_role_required, listing_unknown, listing_not_yours.';

grant execute on function market.listing_fitment_export(
    bigint, bigint, bigint, integer, bigint, bigint) to kardan_api, kardan_bot;
