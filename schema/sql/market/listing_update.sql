-- Guarantees: the fields of the listing are as asked; what is null stays as it was, the brand 0
-- takes the brand away. What a moderator checks (title, description, categories, brand, part
-- number, condition, extra fields) sends a published listing back to the queue; town and contacts
-- do not. Locks the membership, the listing, the waiting check. Idempotent by state: asking for
-- what already is changes nothing, whatever version is given.
create or replace function market.listing_update(
    p_actor bigint,
    p_listing bigint,
    p_version integer,
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
returns table (listing_id bigint, status text, version integer, updated_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before record;
    v_content jsonb;
begin
    select e.status, e.version
    into v_before
    from market.listing_editable_require(p_actor, p_listing) as e;
    v_content := market.listing_content(p_listing);

    if market.listing_fields_store(
        p_actor, p_listing, p_title, p_description, p_category, p_subcategory, p_brand,
        p_part_number, p_condition, p_place, p_attributes, p_contact_name, p_contact_phone,
        p_contact_telegram)
    then
        perform market.listing_version_require(p_version, v_before.version);
        if v_before.status in ('pending', 'published') then
            perform market.listing_contact_require(p_listing);
        end if;
        if v_content is distinct from market.listing_content(p_listing) then
            if v_before.status = 'pending' then
                perform market.listing_ready_require(p_listing);
            end if;
            perform market.listing_content_changed(p_actor, p_listing);
        end if;
    end if;

    return query
    select l.id, l.status, l.version, l.updated_at
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_update(
    bigint, bigint, integer, text, text, bigint, bigint, bigint, text, text, bigint, jsonb,
    text, text, text) is
    'The owner or a member of the shop changes what a listing says; null leaves a field as it is. '
    'A published listing goes back to pending when a moderator has to look again. Raises: '
    'actor_unknown, actor_blocked, listing_unknown, listing_not_yours, listing_not_editable, '
    'listing_under_review, version_stale, listing_category_closed, listing_category_of_kind, '
    'listing_category_pair, listing_brand_known, listing_place_known, listing_title_length, '
    'listing_description_length, listing_part_number_length, listing_condition_known, '
    'listing_contact_length, listing_contact_required, listing_attributes_are_object, '
    'listing_attributes_size, attribute_unknown, attribute_required, attribute_type, '
    'attribute_range, attribute_choice.';

grant execute on function market.listing_update(
    bigint, bigint, integer, text, text, bigint, bigint, bigint, text, text, bigint, jsonb, text,
    text, text)
    to kardan_api, kardan_bot;
