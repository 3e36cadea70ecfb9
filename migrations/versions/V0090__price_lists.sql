-- Price lists of shops, while they are being taken over.

-- Rows of one upload, written, read and deleted in one transaction, so nobody else ever sees one. A
-- crash takes nothing that anybody was told was kept: then the whole upload is undone. Each row is
-- written in three steps; the room on the pages keeps them where they are.
create unlogged table market_data.price_list_rows (
    shop_id bigint not null,
    row_number integer not null,
    code text not null,
    cells jsonb not null,
    listing_id bigint,
    listing_version integer,
    kind text,
    title text,
    description text,
    category_id bigint,
    subcategory_id bigint,
    brand_id bigint,
    part_number text,
    condition text,
    place_id bigint,
    currency text,
    price_minor bigint,
    wholesale_price_minor bigint,
    wholesale_min_quantity integer,
    stock_quantity integer,
    contact_name text,
    contact_phone text,
    contact_telegram text,
    from_status text,
    to_status text,
    outcome text not null default 'new',
    changes text[] not null default '{}',
    needs_check boolean not null default false,
    field text,
    reason text,
    detail text,
    primary key (shop_id, row_number),
    constraint price_list_outcome_known check (
        outcome in ('new', 'changed', 'unchanged', 'left', 'later', 'refused', 'done'))
) with (fillfactor = 35);

-- The first row with a code, however many have it.
create index price_list_rows_shop_id_code_idx
    on market_data.price_list_rows (shop_id, code, row_number);
create index price_list_rows_shop_id_listing_id_idx
    on market_data.price_list_rows (shop_id, listing_id, row_number);

comment on table market_data.price_list_rows is
    'Rows of the price list that a shop is uploading now: cells as they were written, what they '
    'mean, and what becomes of each.';
comment on column market_data.price_list_rows.stock_quantity is
    'On the shelf as it is read, then what can be sold: without the pieces held for buyers.';
