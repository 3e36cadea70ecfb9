-- A step: all but the first p_checks rows that somebody would have to look at wait for the next
-- upload; tells how many.
create or replace function market.price_list_postpone(p_shop bigint, p_checks integer)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    update market_data.price_list_rows as r
    set needs_check = false,
        to_status = case
            when r.from_status in ('pending', 'published', 'rejected') then r.from_status
            else 'draft'
        end,
        outcome = case
            when r.from_status in ('pending', 'published', 'rejected') then 'later'
            when r.from_status = 'draft' and r.changes = '{}' then 'unchanged'
            else r.outcome
        end
    where r.shop_id = p_shop
        and r.row_number in (
            select o.row_number
            from market_data.price_list_rows as o
            where o.shop_id = p_shop
                and o.needs_check
                and o.outcome in ('new', 'changed')
            order by o.row_number
            offset p_checks);
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

comment on function market.price_list_postpone(bigint, integer) is
    'Step: bounds what one upload gives to the moderators. Raises: nothing.';
