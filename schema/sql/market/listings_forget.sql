-- A step of erasure: the words and pictures of these listings, wherever they were written down.
-- The caller has archived and locked them, and says that it erases. The files of the photos are
-- taken away by the sweep, for no listing shows them. Idempotent.
create or replace function market.listings_forget(p_listings bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_words constant text[] := array(
        select distinct w.word
        from market_data.listings as l
        cross join unnest(market_data.title_words(l.title || ' ' || l.brand_label)) as w (word)
        where l.id = any (p_listings));
begin
    delete from market_data.listing_photos as p where p.listing_id = any (p_listings);
    update market_data.listing_fitments as f
    set note = ''
    where f.listing_id = any (p_listings) and f.note <> '';
    update market_data.listing_flags as f
    set note = ''
    where f.listing_id = any (p_listings) and f.note <> '';
    delete from market_data.moderation_hints as h
    where h.item_id in (
        select i.id from market_data.moderation_items as i where i.listing_id = any (p_listings));
    update market_data.moderation_items as i
    set note = null, edits = '{}'
    where i.listing_id = any (p_listings) and (i.note is not null or i.edits <> '{}');
    update market_data.channel_posts as p
    set shown_value = '{}', sent_value = case when p.sent_value is not null then '{}'::jsonb end
    where p.listing_id = any (p_listings) and p.shown_value <> '{}';
    update market_data.favourites as f
    set title = '...'
    where f.listing_id = any (p_listings) and f.title <> '...';
    update market_data.contact_notices as n
    set title = '...', text = '...', finished_at = coalesce(n.finished_at, ops.clock_now())
    where n.listing_id = any (p_listings) and n.text <> '...';
    update market_data.promotions as p
    set text = '...', reason = case when p.reason is not null then '...' end,
        hold_reason = case when p.hold_reason is not null then '...' end
    where p.listing_id = any (p_listings) and p.text <> '...';
    update market_data.deals as d
    set title = '...'
    where d.listing_id = any (p_listings) and d.title <> '...';
    update market_data.listings as l
    set title = '...', description = '', brand_label = '', part_number = '', attributes = '{}',
        contact_name = '', contact_phone = '', contact_telegram = '', cover_key = null,
        rejection_note = null
    where l.id = any (p_listings) and l.title <> '...';
    perform market.words_forget(v_words);
end
$$;

comment on function market.listings_forget(bigint[]) is
    'Step: takes the words and photos out of archived listings. Raises: nothing.';
