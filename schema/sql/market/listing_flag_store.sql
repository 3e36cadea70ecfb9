-- A step: the person's open flag of the listing is as given; tells whether that is news. The caller
-- has locked the listing, so there is nobody else who flags it now.
create or replace function market.listing_flag_store(
    p_actor bigint,
    p_listing bigint,
    p_reason text,
    p_note text
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_weight constant smallint := market.listing_flag_weight(p_actor, p_listing);
    v_former record;
begin
    select f.id, f.reason, f.note, f.weight into v_former
    from market_data.listing_flags as f
    where f.listing_id = p_listing
        and f.user_id = p_actor
        and f.closed_at is null;

    if not found then
        insert into market_data.listing_flags (
            listing_id, user_id, reason, note, weight, created_at)
        values (p_listing, p_actor, p_reason, p_note, v_weight, ops.clock_now());
        return true;
    end if;
    if (v_former.reason, v_former.note, v_former.weight) = (p_reason, p_note, v_weight) then
        return false;
    end if;
    update market_data.listing_flags as f
    set reason = p_reason, note = p_note, weight = v_weight
    where f.id = v_former.id;
    return true;
end
$$;

comment on function market.listing_flag_store(bigint, bigint, text, text) is
    'Step: stores the flag of a person on a locked listing and tells whether anything is new. '
    'Raises: listing_flag_reason_known, listing_flag_note_length.';
