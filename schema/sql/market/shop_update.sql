-- Guarantees: the shop is as asked; what is null stays as it was. Locks the shop. Idempotent by
-- state: asking for what already is changes nothing, and the version stays.
create or replace function market.shop_update(
    p_actor bigint,
    p_shop bigint,
    p_name text,
    p_description text,
    p_place bigint,
    p_version integer
)
returns table (
    shop_id bigint,
    name text,
    description text,
    place_id bigint,
    created_at timestamptz,
    updated_at timestamptz,
    version integer,
    my_role text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_role text;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.shop_lock(p_shop);
    v_role := market.shop_member_require(p_actor, p_shop, 'manager');

    if exists (
        select from market_data.shops as s where s.id = p_shop and s.version <> p_version
    ) then
        raise exception using
            errcode = 'ZSTAL',
            constraint = 'version_stale',
            message = 'the shop was changed meanwhile';
    end if;

    update market_data.shops as s
    set name = w.name, description = w.description, place_id = w.place_id, updated_at = v_now
    from (
        select
            coalesce(btrim(regexp_replace(p_name, '\s+', ' ', 'g')), o.name) as name,
            coalesce(p_description, o.description) as description,
            nullif(coalesce(p_place, o.place_id), 0) as place_id
        from market_data.shops as o
        where o.id = p_shop
    ) as w
    where s.id = p_shop
        and (s.name, s.description, s.place_id)
            is distinct from (w.name, w.description, w.place_id);

    return query
    select s.id, s.name, s.description, s.place_id, s.created_at, s.updated_at, s.version, v_role
    from market_data.shops as s
    where s.id = p_shop;
end
$$;

comment on function market.shop_update(bigint, bigint, text, text, bigint, integer) is
    'An owner or manager changes the name, the description or the town of a shop; null leaves each '
    'as it is, the town 0 takes it away. Without a version nothing is compared. place_id is null '
    'when the shop names no town. Raises: actor_unknown, actor_blocked, '
    'shop_unknown, shop_role_required, version_stale, shop_name_length, shop_name_taken, '
    'shop_description_length, shop_place_known.';

grant execute on function market.shop_update(bigint, bigint, text, text, bigint, integer)
    to kardan_api, kardan_bot;
