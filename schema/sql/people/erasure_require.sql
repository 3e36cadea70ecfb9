-- A step: nothing keeps the person from being erased. The caller has locked everything. Reads only.
create or replace function people.erasure_require(p_user bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason text;
    v_what text;
begin
    select o.reason, string_agg(o.object_type || ' ' || o.object_id, ', ' order by o.object_id)
    into v_reason, v_what
    from people.erasure_obstacles(p_user) as o
    group by o.reason
    order by o.reason
    limit 1;
    if found then
        raise exception using
            errcode = 'ZCONF',
            constraint = v_reason,
            message = 'something of the person has to come to an end first',
            detail = v_what;
    end if;
end
$$;

comment on function people.erasure_require(bigint) is
    'Step: lets a person go whom nothing keeps; the detail names the things. Raises: '
    'erasure_staff, erasure_deal_open, erasure_pieces_held, shop_last_owner.';
