-- Guarantees: the moderator who holds the item changed what they asked, and the author can see
-- every change, from what to what. Prices, stock, contacts and photos stay the author's. Locks
-- the listing, then the item. Idempotent by state: asking for what is so already changes
-- nothing, whatever version is given.
create or replace function market.moderation_edit(
    p_actor bigint,
    p_item bigint,
    p_version integer,
    p_title text,
    p_description text,
    p_category bigint,
    p_subcategory bigint,
    p_brand bigint,
    p_part_number text,
    p_condition text,
    p_attributes jsonb
)
returns table (
    item_id bigint,
    listing_id bigint,
    version integer,
    edits jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing bigint;
    v_before jsonb;
    v_after jsonb;
begin
    select k.listing_id into v_listing from market.moderation_item_lock(p_actor, p_item) as k;
    perform market.moderation_claim_require(p_actor, p_item, null);

    v_before := market.moderation_snapshot(v_listing);
    select v_before || coalesce(jsonb_object_agg(c.field, c.value), '{}')
    into v_after
    from (
        values
            ('title', to_jsonb(p_title)),
            ('description', to_jsonb(p_description)),
            ('category_id', to_jsonb(p_category)),
            ('subcategory_id', to_jsonb(p_subcategory)),
            ('brand_id', case when p_brand = 0 then 'null' else to_jsonb(p_brand) end),
            ('part_number', to_jsonb(p_part_number)),
            ('condition', to_jsonb(p_condition)),
            ('attributes', p_attributes)
    ) as c (field, value)
    where c.value is not null;

    if v_after <> v_before then
        perform market.moderation_claim_require(p_actor, p_item, p_version);
        perform market.moderation_edit_store(p_actor, p_item, v_listing, v_before, v_after);
    end if;

    return query
    select i.id, l.id, l.version, i.edits
    from market_data.moderation_items as i
    join market_data.listings as l on l.id = i.listing_id
    where i.id = p_item;
end
$$;

comment on function market.moderation_edit(
    bigint, bigint, integer, text, text, bigint, bigint, bigint, text, text, jsonb) is
    'A moderator edits a claimed listing; a null argument leaves the field, brand 0 clears the '
    'brand, version null is not looked at. edits tells all changes of this check: {field: {from, '
    'to}}. Raises: actor_unknown, actor_blocked, role_required, moderation_item_unknown, '
    'moderation_own_listing, moderation_decided, claim_required, version_stale, '
    'listing_category_closed, listing_category_of_kind, listing_category_pair, '
    'listing_brand_known, listing_title_length, listing_description_length, '
    'listing_part_number_length, listing_condition_known, listing_attributes_size, '
    'attributes_not_object, attribute_unknown, attribute_required, attribute_type, '
    'attribute_range, attribute_choice.';

grant execute on function market.moderation_edit(
    bigint, bigint, integer, text, text, bigint, bigint, bigint, text, text, jsonb)
    to kardan_api, kardan_bot;
