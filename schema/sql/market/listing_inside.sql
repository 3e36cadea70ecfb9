-- Every listing in every state with what its people and moderators see of it. Not granted: the
-- functions that read it decide for whom. The joins ask for at most one row each, so whoever takes
-- less pays for less.
create or replace view market.listing_inside as
select
    l.id as listing_id,
    l.kind,
    l.status,
    l.title,
    l.description,
    l.category_id,
    l.subcategory_id,
    l.brand_id,
    l.brand_label,
    l.part_number,
    l.condition,
    l.place_id,
    l.attributes,
    l.currency,
    l.price_minor,
    l.wholesale_price_minor,
    l.wholesale_min_quantity,
    l.stock_quantity,
    l.owner_user_id as seller_user_id,
    l.owner_shop_id as seller_shop_id,
    coalesce(s.name, c.display_name) as seller_name,
    l.cover_key,
    l.published_at,
    l.updated_at,
    l.version,
    a.text as ad_text,
    a.url as ad_url,
    l.contact_name,
    l.contact_phone,
    l.contact_telegram,
    l.rejection_reason,
    l.rejection_note,
    (
        select nullif(i.edits, '{}')
        from market_data.moderation_items as i
        where i.listing_id = l.id
        order by i.id desc
        limit 1
    ) as moderator_edits,
    l.created_at
from market_data.listings as l
left join market_data.shops as s on s.id = l.owner_shop_id
left join people.cards as c on c.user_id = l.owner_user_id
left join market_data.listing_ads as a
    on a.listing_id = l.id
    and a.begins_at <= ops.clock_now()
    and a.ends_at > ops.clock_now();

comment on view market.listing_inside is 'The inside of every listing. Not granted.';
