-- Guarantees: what a moderator needs to decide, in one row: the item, the listing from the
-- inside, its photos and vehicles, and how the seller's former listings fared. Any moderator may
-- look, without a claim. Reads only.
create or replace function market.moderation_card(p_actor bigint, p_item bigint)
returns table (
    item_id bigint,
    listing_id bigint,
    version integer,
    status text,
    kind text,
    submitted_at timestamptz,
    submitted_by bigint,
    claimed_by bigint,
    claimed_until timestamptz,
    closed_at timestamptz,
    decision text,
    decided_by bigint,
    reason text,
    note text,
    edits jsonb,
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
    contact_name text,
    contact_phone text,
    contact_telegram text,
    created_at timestamptz,
    published_at timestamptz,
    former_rejection_reason text,
    former_rejection_note text,
    photo_keys text[],
    fitments text[],
    seller_user_id bigint,
    seller_shop_id bigint,
    seller_name text,
    seller_is_blocked boolean,
    seller_listing_count bigint,
    seller_published_count bigint,
    seller_rejection_count bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select
        i.id, l.id, l.version, l.status, l.kind, i.submitted_at, i.submitted_by,
        case when i.claimed_until > v_now then i.claimed_by end,
        case when i.claimed_until > v_now then i.claimed_until end,
        i.closed_at, i.decision, i.decided_by, i.reason, i.note, i.edits, l.title, l.description,
        l.category_id, l.subcategory_id, l.brand_id, l.brand_label, l.part_number, l.condition,
        l.place_id, l.attributes, l.currency, l.price_minor, l.wholesale_price_minor,
        l.wholesale_min_quantity, l.stock_quantity, l.contact_name, l.contact_phone,
        l.contact_telegram, l.created_at, l.published_at, f.reason, f.note,
        array(
            select p.storage_key from market_data.listing_photos as p
            where p.listing_id = l.id
            order by p.position),
        market.moderation_fitment_names(l.id), l.owner_user_id, l.owner_shop_id,
        s.name, s.is_blocked, s.listing_count, s.published_count, s.rejection_count
    from market_data.moderation_items as i
    join market_data.listings as l on l.id = i.listing_id
    left join lateral (
        select r.reason, r.note
        from market_data.moderation_items as r
        where r.listing_id = i.listing_id
            and r.id < i.id
            and r.decision = 'rejected'
        order by r.id desc
        limit 1
    ) as f on true
    cross join lateral market.moderation_seller(l.owner_user_id, l.owner_shop_id) as s
    where i.id = p_item;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'moderation_item_unknown',
            message = 'there is no such item in moderation';
    end if;
end
$$;

comment on function market.moderation_card(bigint, bigint) is
    'One item with everything that a moderator decides by. Null where it is not so: claim, '
    'decision with its reason and note, brand_id, wholesale fields, published_at, the former '
    'rejection, one of the two seller ids. Raises: actor_unknown, actor_blocked, role_required, '
    'moderation_item_unknown.';

grant execute on function market.moderation_card(bigint, bigint) to kardan_api, kardan_bot;
