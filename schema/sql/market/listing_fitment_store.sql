-- A step of an import: writes a statement of fitment; its own people's note sends a published
-- listing back to the moderators. The caller has locked the listing.
create or replace function market.listing_fitment_store(
    p_actor bigint,
    p_listing bigint,
    p_generation bigint,
    p_year_from integer,
    p_year_to integer,
    p_note text,
    p_is_own boolean
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.listing_fitments (
        listing_id, generation_id, year_from, year_to, note, added_by, created_at)
    values (
        p_listing, p_generation, p_year_from, p_year_to, p_note, p_actor, ops.clock_now());
    if p_is_own and p_note <> '' then
        perform market.listing_content_changed(p_actor, p_listing);
    end if;
end
$$;

comment on function market.listing_fitment_store(
    bigint, bigint, bigint, integer, integer, text, boolean) is
    'Step: writes a statement of fitment. Raises: listing_contact_required, '
    'listing_stock_required, listing_category_closed, attribute_unknown, attribute_required, '
    'attribute_type, attribute_range, attribute_choice.';
