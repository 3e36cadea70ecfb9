-- Guarantees: the goods of a shop in any state, in the order of their numbers, 1 to 1000 at a time
-- (500), after the given one, as its price lists name them: what is read back changes nothing. The
-- stock is what is on the shelf: with the pieces that are held for buyers, and none of what was put
-- away, or it would come back. For members. Locks nothing.
create or replace function market.shop_goods_export(
    p_actor bigint,
    p_shop bigint,
    p_limit integer,
    p_after_listing bigint
)
returns table (
    listing_id bigint,
    code text,
    title text,
    price text,
    wholesale_price text,
    wholesale_quantity integer,
    stock integer,
    category text,
    brand text,
    part_number text,
    condition text,
    place text,
    currency text,
    description text,
    contact_name text,
    contact_phone text,
    contact_telegram text,
    status text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.shop_member_require(p_actor, p_shop, 'seller');

    return query
    select
        l.id, coalesce(l.code, ''), l.title, market.price_list_amount(l.price_minor),
        market.price_list_amount(l.wholesale_price_minor), l.wholesale_min_quantity,
        case when l.status <> 'archived' then
            l.stock_quantity + market.listing_held_count(l.id)
        else 0 end,
        c.slug, coalesce(b.name, ''),
        l.part_number, l.condition, p.slug, l.currency, l.description, l.contact_name,
        l.contact_phone, l.contact_telegram, l.status
    from market_data.listings as l
    left join lateral catalog.category_get(l.subcategory_id) as c on true
    left join lateral catalog.brand_get(l.brand_id) as b on true
    left join lateral catalog.place_get(l.place_id) as p on true
    where l.owner_shop_id = p_shop
        and l.id > coalesce(p_after_listing, 0)
    order by l.id
    limit least(greatest(coalesce(p_limit, 500), 1), 1000);
end
$$;

comment on function market.shop_goods_export(bigint, bigint, integer, bigint) is
    'Members see the goods of their shop as a price list names them. wholesale_price and '
    'wholesale_quantity are null without a wholesale price; code is empty without one. Raises: '
    'actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.shop_goods_export(bigint, bigint, integer, bigint) to kardan_api;
