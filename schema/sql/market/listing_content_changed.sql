-- A step: what nobody has checked is not shown. A published listing whose people changed what it
-- says or shows goes back to the moderators; of one that waits the hints are made anew; in every
-- other state nothing happens, because the check is still to come. The caller has locked it.
create or replace function market.listing_content_changed(p_actor bigint, p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status constant text := (
        select l.status from market_data.listings as l where l.id = p_listing);
begin
    if v_status = 'pending' then
        perform market.moderation_hints_make(p_listing);
    elsif v_status = 'published' then
        perform market.listing_move(p_actor, p_listing, 'resubmitted');
        perform market.listing_ready_require(p_listing);
        perform market.listing_queue(p_actor, p_listing);
    end if;
end
$$;

comment on function market.listing_content_changed(bigint, bigint) is
    'Step: sends a published listing back to the moderators after a change. Raises: '
    'listing_contact_required, listing_stock_required, listing_category_closed, attribute_unknown, '
    'attribute_required, attribute_type, attribute_range, attribute_choice.';
