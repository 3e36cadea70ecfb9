-- A step: hides a listing that people see and enough of them flagged: it goes back to the
-- moderators, in nobody's name, and waits for them. Flags of people who are blocked by now do not
-- count. A listing that waits already gets its hints anew. Buyers keep the pieces that they hold:
-- what was reserved is reserved again when it is approved. The caller has locked the listing.
create or replace function market.listing_flags_weigh(p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text;
    v_weight integer;
begin
    select l.status into v_status from market_data.listings as l where l.id = p_listing;
    select coalesce(sum(f.weight), 0) into v_weight
    from market_data.listing_flags as f
    where f.listing_id = p_listing
        and f.closed_at is null
        and not exists (select from people.blocked as b where b.user_id = f.user_id);

    if v_status = 'pending' then
        perform market.moderation_hints_make(p_listing);
    elsif v_status in ('published', 'reserved')
        and v_weight >= greatest(1, ops.setting_integer('flags.hide_count', 3))
    then
        perform market.listing_move(null, p_listing, 'resubmitted');
        perform market.listing_queue(null, p_listing);
    end if;
end
$$;

comment on function market.listing_flags_weigh(bigint) is
    'Step: sends a listing that enough people flagged back to the moderators. Raises: nothing.';
