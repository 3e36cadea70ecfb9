-- Guarantees: every row of a batch with the shop's listing that it is about, if there is one: by
-- the shop's code, else by the listing's number, by which a shop gives codes to what it has. What a
-- row about something new leaves empty comes from p_defaults.
create or replace function market.price_list_match(
    p_shop bigint,
    p_rows jsonb,
    p_defaults jsonb
)
returns table (row_number integer, code text, cells jsonb, listing_id bigint)
language sql
stable
parallel safe
begin atomic
    select
        (w.cells ->> 'row')::integer,
        btrim(coalesce(w.cells ->> 'code', '')),
        case
            when coalesce(l.id, n.id) is not null then w.cells
            else p_defaults || (
                select coalesce(jsonb_object_agg(c.name, c.cell), '{}')
                from jsonb_each_text(w.cells) as c (name, cell)
                where btrim(c.cell) <> '')
        end,
        coalesce(l.id, n.id)
    from jsonb_array_elements(p_rows) as w (cells)
    left join market_data.listings as l
        on l.owner_shop_id = p_shop
        and l.code = nullif(btrim(w.cells ->> 'code'), '')
    left join market_data.listings as n
        on n.owner_shop_id = p_shop
        and n.id = case
            when btrim(w.cells ->> 'listing_id') ~ '^[0-9]{1,18}$'
            then (w.cells ->> 'listing_id')::bigint
        end;
end;

comment on function market.price_list_match(bigint, jsonb, jsonb) is
    'Helper: rows of a price list and the listings of the shop that they are about; listing_id is '
    'null for something new. Raises: nothing.';
