-- A step: takes a batch in, with what its cells mean: null where a cell says nothing, and where it
-- says what nobody understands. Names are looked up once a batch, however often they stand there.
create or replace function market.price_list_read(
    p_shop bigint,
    p_rows jsonb,
    p_defaults jsonb
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
begin
    with given as materialized (
        select m.row_number, m.code, m.cells, m.listing_id
        from market.price_list_match(p_shop, p_rows, p_defaults) as m
    ),
    categories as materialized (
        select w.name, catalog.category_resolve(w.name) as id
        from (select distinct g.cells ->> 'category' as name from given as g) as w
    ),
    brands as materialized (
        select w.name, catalog.brand_resolve(w.name) as id
        from (select distinct g.cells ->> 'brand' as name from given as g) as w
    ),
    places as materialized (
        select w.name, catalog.place_resolve(w.name) as id
        from (select distinct g.cells ->> 'place' as name from given as g) as w
    )
    insert into market_data.price_list_rows (
        shop_id, row_number, code, cells, listing_id, title, description, subcategory_id, brand_id,
        part_number, condition, place_id, currency, price_minor, wholesale_price_minor,
        wholesale_min_quantity, stock_quantity, contact_name, contact_phone, contact_telegram)
    select
        p_shop, g.row_number, g.code, g.cells, g.listing_id, nullif(btrim(c.title), ''),
        btrim(c.description), k.id, b.id, btrim(c.part_number),
        market.price_list_condition(c.condition), p.id, nullif(upper(btrim(c.currency)), ''),
        market.price_list_money(c.price), market.price_list_money(c.wholesale_price),
        market.price_list_pieces(c.wholesale_quantity), market.price_list_pieces(c.stock),
        btrim(c.contact_name), btrim(c.contact_phone), btrim(c.contact_telegram)
    from given as g
    cross join lateral jsonb_to_record(g.cells) as c (
        title text, description text, category text, brand text, part_number text, condition text,
        place text, currency text, price text, wholesale_price text, wholesale_quantity text,
        stock text, contact_name text, contact_phone text, contact_telegram text)
    left join categories as k on k.name = c.category
    left join brands as b on b.name = c.brand
    left join places as p on p.name = c.place
    on conflict do nothing;
end
$$;

comment on function market.price_list_read(bigint, jsonb, jsonb) is
    'Step: keeps rows of a price list with what they mean. Raises: nothing.';
