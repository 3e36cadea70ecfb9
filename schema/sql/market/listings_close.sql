-- A step of erasure: the listings of a person go to the archive, by the moves that are legal, and
-- leave search, queue and channels; deals that were only asked for are called off. The caller has
-- locked the listings. Idempotent by state.
create or replace function market.listings_close(p_actor bigint, p_user bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_listings constant bigint[] := market.listings_of(p_user);
    v_row record;
begin
    for v_row in
        select d.id
        from market_data.deals as d
        where d.state = 'requested'
            and (d.buyer_id = p_user or d.listing_id = any (v_listings))
        order by d.id
        for no key update
    loop
        perform market.deal_move(p_actor, v_row.id, 'cancelled', '...');
    end loop;

    for v_row in
        select l.id, l.status
        from market_data.listings as l
        where l.id = any (v_listings)
            and l.status <> 'archived'
        order by l.id
    loop
        if v_row.status in ('pending', 'reserved') then
            perform market.listing_move(
                p_actor, v_row.id,
                case v_row.status when 'pending' then 'withdrawn' else 'released' end);
        end if;
        perform market.listing_move(p_actor, v_row.id, 'archived');
    end loop;
    update market_data.promotions as p
    set state = 'cancelled', updated_at = v_now
    where p.listing_id = any (v_listings)
        and p.state in ('requested', 'approved');
    update market_data.moderation_items as i
    set closed_at = v_now, decision = 'withdrawn', claimed_by = null, claimed_until = null
    where i.listing_id = any (v_listings)
        and i.closed_at is null;
end
$$;

comment on function market.listings_close(bigint, bigint) is
    'Step: archives the listings of a person and calls off what was only asked for. Raises: '
    'listing_move_illegal, deal_move_illegal.';
