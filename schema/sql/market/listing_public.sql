-- What anybody may see of every listing that anybody may see: published or reserved, not expired,
-- whether or not the job has come by, and its seller, when that is a person, not blocked now. The
-- one definition of "visible": search, pages and photos read it. Runs with its owner's rights. Not
-- granted: functions that may be called read it. An application role gets the row of one listing
-- through market.listing_page, which is a security barrier; this view is not one, because full-text
-- and trigram conditions cannot pass a barrier to their indexes. Every index of listings for search
-- holds `status = 'published'` only: a query that says so uses them. The joins ask for at most one
-- row each, so a query that takes neither seller_name nor the advertisement does not pay for them.
create or replace view market.listing_public as
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
    l.part_number_norm,
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
    l.search,
    l.expires_at
from market_data.listings as l
left join market_data.shops as s on s.id = l.owner_shop_id
left join people.cards as c on c.user_id = l.owner_user_id
left join market_data.listing_ads as a
    on a.listing_id = l.id
    and a.begins_at <= ops.clock_now()
    and a.ends_at > ops.clock_now()
where l.status in ('published', 'reserved')
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id);

comment on view market.listing_public is
    'Every listing that anybody may see. Not granted; search reads it with status = ''published''.';
