-- A step: takes a listing to the state where this event leads from its present one; the events are
-- those of market_data.listing_moves, and the trigger on listings is the last word. The caller has
-- locked the listing. The trigger records the move with its actor. What a moderator once objected
-- to is forgotten when a new round begins.
create or replace function market.listing_move(p_actor bigint, p_listing bigint, p_event text)
returns text
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from text;
    v_to text;
begin
    select l.status, m.to_status
    into v_from, v_to
    from market_data.listings as l
    left join market_data.listing_moves as m
        on m.from_status = l.status
        and m.event = p_event
    where l.id = p_listing;

    if v_to is null then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'listing_move_illegal',
            message = format('a listing that is %s cannot be %s', v_from, p_event),
            detail = v_from;
    end if;

    update market_data.listings as l
    set status = v_to,
        changed_by = p_actor,
        updated_at = ops.clock_now(),
        -- What its people put away or take back begins anew; the end of what expired stays known.
        expires_at = case when v_to in ('draft', 'archived') then 'infinity' else l.expires_at end,
        rejection_reason = case when v_to not in ('draft', 'pending') then l.rejection_reason end,
        rejection_note = case when v_to not in ('draft', 'pending') then l.rejection_note end
    where l.id = p_listing;

    return v_to;
end
$$;

comment on function market.listing_move(bigint, bigint, text) is
    'Step: moves a locked listing by an event of listing_moves and tells its new state. Raises: '
    'listing_move_illegal.';
