-- Guarantees: what is wrong with rows of the upload, in the order of the file: those that were
-- refused, and those that stay drafts although they were to be submitted. Locks nothing.
create or replace function market.price_list_problem_list(
    p_actor bigint,
    p_shop bigint,
    p_limit integer
)
returns table (
    row_number integer,
    code text,
    is_refused boolean,
    field text,
    reason text,
    detail text,
    problem_count integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    perform market.shop_member_require(p_actor, p_shop, 'seller');

    return query
    select
        r.row_number, r.code, r.outcome = 'refused', r.field, r.reason, r.detail,
        (count(*) over ())::integer
    from market_data.price_list_rows as r
    where r.shop_id = p_shop
        and r.reason is not null
    order by r.row_number
    limit least(greatest(coalesce(p_limit, 1000), 1), 1000);
end
$$;

comment on function market.price_list_problem_list(bigint, bigint, integer) is
    'The first rows of an upload with which something is wrong, at most 1000 (1000), each with '
    'their whole number; detail is null where there is nothing more to say. Raises: '
    'actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.price_list_problem_list(bigint, bigint, integer) to kardan_api;
