-- A step: writes a moderator's edit into the listing, the item and the audit. The caller holds
-- the locks of market.moderation_item_lock and knows that something changes.
create or replace function market.moderation_edit_store(
    p_actor bigint,
    p_item bigint,
    p_listing bigint,
    p_before jsonb,
    p_after jsonb
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_category constant bigint := (p_after ->> 'category_id')::bigint;
    v_subcategory constant bigint := (p_after ->> 'subcategory_id')::bigint;
begin
    -- What the moderator leaves alone was checked when the author submitted it.
    if (v_category, v_subcategory, p_after -> 'attributes') <> (
        (p_before ->> 'category_id')::bigint,
        (p_before ->> 'subcategory_id')::bigint,
        p_before -> 'attributes')
    then
        perform market.listing_category_require(v_category, v_subcategory);
        perform catalog.attributes_check(l.kind, v_subcategory, p_after -> 'attributes')
        from market_data.listings as l
        where l.id = p_listing;
    end if;

    update market_data.listings as l
    set title = p_after ->> 'title',
        description = p_after ->> 'description',
        category_id = v_category,
        subcategory_id = v_subcategory,
        brand_id = (p_after ->> 'brand_id')::bigint,
        brand_label = case
            when p_after -> 'brand_id' = p_before -> 'brand_id' then l.brand_label
            else coalesce(
                (select b.name from catalog.brand_get((p_after ->> 'brand_id')::bigint) as b), '')
        end,
        part_number = p_after ->> 'part_number',
        condition = p_after ->> 'condition',
        attributes = p_after -> 'attributes',
        changed_by = p_actor,
        updated_at = v_now
    where l.id = p_listing;

    update market_data.moderation_items as i
    set edits = market.moderation_edits_merge(i.edits, p_before, p_after)
    where i.id = p_item;

    perform market.moderation_hints_make(p_listing);
    perform ops.audit_write(
        p_actor, 'moderation.edit', 'listing', p_listing::text,
        jsonb_build_object(
            'item_id', p_item,
            'changes', market.moderation_edits_merge('{}', p_before, p_after)));
end
$$;

comment on function market.moderation_edit_store(bigint, bigint, bigint, jsonb, jsonb) is
    'Step: stores what a moderator changed, and records it. Raises: listing_category_closed, '
    'listing_category_of_kind, listing_category_pair, listing_brand_known, listing_title_length, '
    'listing_description_length, listing_part_number_length, listing_condition_known, '
    'listing_attributes_size, attributes_not_object, attribute_unknown, attribute_required, '
    'attribute_type, attribute_range, attribute_choice.';
