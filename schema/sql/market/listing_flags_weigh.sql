-- A step: hides a listing that people see and enough of them flagged: it goes back to the
-- moderators, in nobody's name, and waits for them. A listing that waits already gets its hints
-- anew. Buyers keep the pieces that they hold: what was reserved is reserved again when it is
-- approved. The caller has locked the listing.
create or replace function market.listing_flags_weigh(p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text;
begin
    select l.status into v_status from market_data.listings as l where l.id = p_listing;

    if v_status = 'pending' then
        perform market.moderation_hints_make(p_listing);
    elsif v_status in ('published', 'reserved') and market.listing_flagged(p_listing) then
        perform market.listing_move(null, p_listing, 'resubmitted');
        perform market.listing_queue(null, p_listing);
        perform market.listing_tell(
            p_listing, 'listing.hidden', p_listing::text, ops.clock_now(), '{}');
    end if;
end
$$;

comment on function market.listing_flags_weigh(bigint) is
    'Step: sends a listing that enough people flagged back to the moderators. Raises: nothing.';
