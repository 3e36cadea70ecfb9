-- Guarantees: the whole listing in any state for its people and for moderators, and no row for
-- anybody else. A blocked person still sees what is theirs. Locks nothing.
create or replace function market.listing_view(p_actor bigint, p_listing bigint)
returns table (
    listing_id bigint,
    kind text,
    status text,
    title text,
    description text,
    category_id bigint,
    subcategory_id bigint,
    brand_id bigint,
    brand_label text,
    part_number text,
    condition text,
    place_id bigint,
    attributes jsonb,
    currency text,
    price_minor bigint,
    wholesale_price_minor bigint,
    wholesale_min_quantity integer,
    stock_quantity integer,
    seller_user_id bigint,
    seller_shop_id bigint,
    seller_name text,
    cover_key text,
    published_at timestamptz,
    updated_at timestamptz,
    version integer,
    ad_text text,
    ad_url text,
    contact_name text,
    contact_phone text,
    contact_telegram text,
    rejection_reason text,
    rejection_note text,
    moderator_edits jsonb,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select
        v.listing_id, v.kind, v.status, v.title, v.description, v.category_id, v.subcategory_id,
        v.brand_id, v.brand_label, v.part_number, v.condition, v.place_id, v.attributes, v.currency,
        v.price_minor, v.wholesale_price_minor, v.wholesale_min_quantity, v.stock_quantity,
        v.seller_user_id, v.seller_shop_id, v.seller_name, v.cover_key, v.published_at,
        v.updated_at, v.version, v.ad_text, v.ad_url, v.contact_name, v.contact_phone,
        v.contact_telegram, v.rejection_reason, v.rejection_note, v.moderator_edits, v.created_at
    from market.listing_inside as v
    where v.listing_id = p_listing
        and market.listing_reader(p_actor, p_listing);
end
$$;

comment on function market.listing_view(bigint, bigint) is
    'The whole listing for its owner, members of its shop and moderators; no row for others. Null '
    'besides what market.listing_get leaves out: published_at before the first publication, the '
    'reason and note unless it was rejected, moderator_edits ({field: {from, to}}) unless the last '
    'check changed something. Raises: actor_unknown.';

grant execute on function market.listing_view(bigint, bigint) to kardan_api, kardan_bot;
