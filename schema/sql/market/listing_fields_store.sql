-- A step: writes the given fields of a listing, which the caller has locked, and tells whether
-- anything became different. Null leaves a field as it is; the brand 0 takes the brand away. An
-- unknown brand is refused by its foreign key.
create or replace function market.listing_fields_store(
    p_actor bigint,
    p_listing bigint,
    p_title text,
    p_description text,
    p_category bigint,
    p_subcategory bigint,
    p_brand bigint,
    p_part_number text,
    p_condition text,
    p_place bigint,
    p_attributes jsonb,
    p_contact_name text,
    p_contact_phone text,
    p_contact_telegram text
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update market_data.listings as l
    set (title, description, category_id, subcategory_id, brand_id, brand_label) =
            row(w.title, w.description, w.category_id, w.subcategory_id, w.brand_id, w.brand_label),
        (part_number, condition, place_id, attributes) =
            row(w.part_number, w.condition, w.place_id, w.attributes),
        (contact_name, contact_phone, contact_telegram) =
            row(w.contact_name, w.contact_phone, w.contact_telegram),
        changed_by = p_actor,
        updated_at = ops.clock_now()
    from (
        select
            coalesce(btrim(p_title), o.title) as title,
            coalesce(btrim(p_description), o.description) as description,
            coalesce(p_category, o.category_id) as category_id,
            coalesce(p_subcategory, o.subcategory_id) as subcategory_id,
            nullif(coalesce(p_brand, o.brand_id), 0) as brand_id,
            case when p_brand is null then o.brand_label else coalesce(b.name, '') end
                as brand_label,
            coalesce(btrim(p_part_number), o.part_number) as part_number,
            coalesce(p_condition, o.condition) as condition,
            coalesce(p_place, o.place_id) as place_id,
            coalesce(p_attributes, o.attributes) as attributes,
            coalesce(btrim(p_contact_name), o.contact_name) as contact_name,
            coalesce(btrim(p_contact_phone), o.contact_phone) as contact_phone,
            coalesce(btrim(p_contact_telegram), o.contact_telegram) as contact_telegram
        from market_data.listings as o
        left join lateral catalog.brand_get(p_brand) as b on true
        where o.id = p_listing
    ) as w
    where l.id = p_listing
        and (
            l.title, l.description, l.category_id, l.subcategory_id, l.brand_id, l.part_number,
            l.condition, l.place_id, l.attributes, l.contact_name, l.contact_phone,
            l.contact_telegram)
        is distinct from (
            w.title, w.description, w.category_id, w.subcategory_id, w.brand_id, w.part_number,
            w.condition, w.place_id, w.attributes, w.contact_name, w.contact_phone,
            w.contact_telegram);
    return found;
end
$$;

comment on function market.listing_fields_store(
    bigint, bigint, text, text, bigint, bigint, bigint, text, text, bigint, jsonb, text, text,
    text) is
    'Step: writes the fields of a locked listing that are not null and tells whether one changed. '
    'Raises: listing_category_of_kind, listing_category_pair, listing_brand_known, '
    'listing_place_known, listing_title_length, listing_description_length, '
    'listing_part_number_length, listing_condition_known, listing_contact_length, '
    'listing_attributes_are_object, listing_attributes_size.';
