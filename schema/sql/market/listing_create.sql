-- Guarantees: a draft of the acting person, or of a shop where they sell; its birth and its price
-- are recorded. Locks the membership, so that nobody who is being removed leaves a listing behind.
-- A draft may be unfinished: the extra fields and the contact are asked for when it is submitted.
-- Not idempotent by itself: two calls are two drafts.
create or replace function market.listing_create(
    p_actor bigint,
    p_shop bigint,
    p_kind text,
    p_title text,
    p_description text,
    p_category bigint,
    p_subcategory bigint,
    p_brand bigint,
    p_part_number text,
    p_condition text,
    p_place bigint,
    p_attributes jsonb,
    p_currency text,
    p_price_minor bigint,
    p_wholesale_price_minor bigint,
    p_wholesale_min_quantity integer,
    p_stock_quantity integer,
    p_contact_name text,
    p_contact_phone text,
    p_contact_telegram text
)
returns table (listing_id bigint, status text, version integer, created_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_brand_label constant text := (select b.name from catalog.brand_get(p_brand) as b);
begin
    perform people.actor_require(p_actor, 'user');
    perform market.listing_shop_require(p_actor, p_shop);
    perform market.listing_category_require(p_category, p_subcategory);

    return query
    insert into market_data.listings as l (
        kind, owner_user_id, owner_shop_id, created_by, changed_by, title, description,
        category_id, subcategory_id, brand_id, brand_label, part_number, condition, place_id,
        attributes, currency, price_minor, wholesale_price_minor, wholesale_min_quantity,
        stock_quantity, contact_name, contact_phone, contact_telegram, created_at, updated_at)
    values (
        p_kind, case when p_shop is null then p_actor end, p_shop, p_actor, p_actor,
        btrim(p_title), btrim(p_description), p_category, p_subcategory, p_brand,
        coalesce(v_brand_label, ''), btrim(p_part_number), p_condition, p_place,
        coalesce(p_attributes, '{}'), p_currency, p_price_minor, p_wholesale_price_minor,
        p_wholesale_min_quantity, p_stock_quantity, btrim(p_contact_name), btrim(p_contact_phone),
        btrim(p_contact_telegram), v_now, v_now)
    returning l.id, l.status, l.version, l.created_at;
end
$$;

comment on function market.listing_create(
    bigint, bigint, text, text, text, bigint, bigint, bigint, text, text, bigint, jsonb, text,
    bigint, bigint, integer, integer, text, text, text) is
    'A person makes a draft of their own, or with p_shop of a shop where they sell. Null: p_brand '
    'without a known brand, the wholesale price together with its quantity. Raises: actor_unknown, '
    'actor_blocked, shop_unknown, shop_role_required, listing_category_closed, '
    'listing_category_of_kind, listing_category_pair, listing_brand_known, listing_place_known, '
    'listing_kind_known, listing_title_length, listing_description_length, '
    'listing_part_number_length, listing_condition_known, listing_currency_known, '
    'listing_price_range, listing_wholesale_whole, listing_wholesale_not_above_price, '
    'listing_wholesale_quantity_range, listing_stock_range, listing_contact_length, '
    'listing_attributes_are_object, listing_attributes_size.';

grant execute on function market.listing_create(
    bigint, bigint, text, text, text, bigint, bigint, bigint, text, text, bigint, jsonb, text,
    bigint, bigint, integer, integer, text, text, text)
    to kardan_api, kardan_bot;
