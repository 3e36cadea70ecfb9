-- A step: the hints of a listing's open check are those of the listing as it stands now; without an
-- open check nothing happens. The caller has locked the listing.
create or replace function market.moderation_hints_make(p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_item bigint;
begin
    select i.id into v_item
    from market_data.moderation_items as i
    where i.listing_id = p_listing
        and i.closed_at is null;
    if v_item is null then
        return;
    end if;

    delete from market_data.moderation_hints as h where h.item_id = v_item;
    insert into market_data.moderation_hints (item_id, kind, field, excerpt, details, created_at)
    select v_item, f.kind, f.field, left(f.excerpt, 200), f.details, ops.clock_now()
    from (
        select f.kind, f.field, f.excerpt, f.details, 1 as ordinal
        from market.moderation_flag_hints(p_listing) as f
        union all
        select t.kind, t.field, t.excerpt, t.details, 2
        from market.moderation_text_hints(p_listing) as t
        union all
        select d.kind, d.field, d.excerpt, d.details, 3
        from market.moderation_duplicate_hints(p_listing) as d
        union all
        select c.kind, c.field, c.excerpt, c.details, 4
        from market.moderation_photo_hints(p_listing) as c
        union all
        select p.kind, p.field, p.excerpt, p.details, 5
        from market.moderation_price_hints(p_listing) as p
    ) as f
    order by f.ordinal, f.kind, f.field, f.excerpt
    limit 100;
end
$$;

comment on function market.moderation_hints_make(bigint) is
    'Step: makes the hints of a listing''s open check anew. Raises: nothing.';
