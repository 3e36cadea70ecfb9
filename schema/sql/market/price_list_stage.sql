-- Guarantees: rows of the file (at most 1000 objects in ascending order of row, their number, with
-- the cells as they were written; a cell that is not there says nothing) are judged against the
-- shop's goods as they are now: what each means, what would change, and what is wrong with it.
-- Nothing of the shop is changed. p_defaults gives new goods what their row leaves empty. Locks
-- what price_list_begin locks. Idempotent: a row that is there already is passed over.
create or replace function market.price_list_stage(
    p_actor bigint,
    p_shop bigint,
    p_rows jsonb,
    p_defaults jsonb,
    p_submit boolean
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first integer;
    v_last integer;
begin
    perform market.price_list_lock(p_actor, p_shop);
    if jsonb_typeof(p_rows) is distinct from 'array'
        or jsonb_array_length(p_rows) > 1000
        or jsonb_path_exists(p_rows, '$[*] ? (!(@.row > 0 && @.row < 1000000000))')
        or jsonb_path_exists(p_rows, '$[*] ? ((@.row > 0) is unknown)')
    then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'price_list_batch_malformed',
            message = 'a batch is at most 1000 numbered rows';
    end if;

    select min((w.cells ->> 'row')::integer), max((w.cells ->> 'row')::integer)
    into v_first, v_last
    from jsonb_array_elements(p_rows) as w (cells);

    perform market.price_list_read(
        p_shop, p_rows,
        case when jsonb_typeof(p_defaults) = 'object' then p_defaults else '{}' end);
    perform market.price_list_judge_cells(p_shop, v_first, v_last);
    perform market.price_list_aim(p_shop, v_first, v_last);
    perform market.price_list_judge_goods(p_shop, v_first, v_last);
    perform market.price_list_compare(p_shop, v_first, v_last, coalesce(p_submit, false));
    perform market.price_list_judge_change(p_shop, v_first, v_last);
    perform market.price_list_judge_ready(p_shop, v_first, v_last);
end
$$;

comment on function market.price_list_stage(bigint, bigint, jsonb, jsonb, boolean) is
    'A member hands over rows of a price list, [{row, code, title, …}]; p_submit: what is a draft '
    'is to be checked and published. Raises: actor_unknown, actor_blocked, shop_unknown, '
    'shop_role_required, price_list_running, price_list_batch_malformed.';

grant execute on function market.price_list_stage(bigint, bigint, jsonb, jsonb, boolean)
    to kardan_api;
