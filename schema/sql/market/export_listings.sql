-- Guarantees: the listings that the person owns, each with all that is kept of it but its photos,
-- which are a section of their own.
create or replace function market.export_listings(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        l.id::text,
        jsonb_build_object(
            'listing_id', l.id, 'kind', l.kind, 'status', l.status, 'title', l.title,
            'description', l.description, 'category_id', l.category_id,
            'subcategory_id', l.subcategory_id, 'brand', l.brand_label,
            'part_number', l.part_number, 'condition', l.condition, 'place_id', l.place_id,
            'attributes', l.attributes, 'currency', l.currency, 'price_minor', l.price_minor,
            'wholesale_price_minor', l.wholesale_price_minor,
            'wholesale_min_quantity', l.wholesale_min_quantity,
            'stock_quantity', l.stock_quantity, 'contact_name', l.contact_name,
            'contact_phone', l.contact_phone, 'contact_telegram', l.contact_telegram)
        || jsonb_build_object(
            'rejection_reason', l.rejection_reason, 'rejection_note', l.rejection_note,
            'created_at', l.created_at, 'updated_at', l.updated_at,
            'published_at', l.published_at, 'expires_at', nullif(l.expires_at, 'infinity'),
            'bumped_at', l.bumped_at, 'renewed_at', l.renewed_at)
        || market.export_listing(l.id)
    from market_data.listings as l
    where l.owner_user_id = p_user
        and l.id > coalesce(p_after::bigint, 0)
    order by l.id
    limit p_limit;
end;

comment on function market.export_listings(bigint, text, integer) is
    'Helper: the listings of a person, for the export. Raises: nothing.';
