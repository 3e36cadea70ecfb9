-- A step: what was sold or put away and is in the file again is a draft: what is sold goes through
-- the archive, as it would by hand. The caller has locked the listings.
create or replace function market.price_list_wake(
    p_actor bigint,
    p_shop bigint,
    p_rows integer[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    v_step record;
begin
    for v_step in
        select w.was, w.becomes
        from (values (1, 'sold', 'archived'), (2, 'archived', 'draft')) as w (place, was, becomes)
        order by w.place
    loop
        update market_data.listings as l
        set status = v_step.becomes, changed_by = p_actor, updated_at = ops.clock_now(),
            expires_at = 'infinity', rejection_reason = null, rejection_note = null
        from market_data.price_list_rows as r
        where r.shop_id = p_shop
            and r.row_number = any (p_rows)
            and r.outcome = 'changed'
            and r.from_status in ('sold', 'archived')
            and l.id = r.listing_id
            and l.status = v_step.was;
    end loop;
end
$$;

comment on function market.price_list_wake(bigint, bigint, integer[]) is
    'Step: goods of a price list that were sold or archived are drafts again. Raises: nothing.';
