-- Guarantees: a shop under a name that no other has, with the acting person as its owner.
-- Locks the new rows only. A repeat makes no second shop: it is refused with shop_name_taken.
create or replace function market.shop_create(
    p_actor bigint,
    p_name text,
    p_description text,
    p_place bigint
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
    v_shop bigint;
begin
    perform people.actor_require(p_actor, 'user');

    insert into market_data.shops as s (
        name, description, place_id, created_by, created_at, updated_at)
    values (
        btrim(regexp_replace(p_name, '\s+', ' ', 'g')), coalesce(p_description, ''), p_place,
        p_actor, v_now, v_now)
    returning s.id into v_shop;

    insert into market_data.shop_members (shop_id, user_id, role, joined_at)
    values (v_shop, p_actor, 'owner', v_now);

    return query
    select s.id, s.name, s.description, s.place_id, s.created_at, s.updated_at, s.version, 'owner'
    from market_data.shops as s
    where s.id = v_shop;
end
$$;

comment on function market.shop_create(bigint, text, text, bigint) is
    'Opens a shop; whoever opens it is its owner. Spaces in the name are tidied. place_id is null '
    'when the shop names no town. Raises: actor_unknown, actor_blocked, '
    'shop_name_length, shop_name_taken, shop_description_length, shop_place_known.';

grant execute on function market.shop_create(bigint, text, text, bigint) to kardan_api, kardan_bot;
