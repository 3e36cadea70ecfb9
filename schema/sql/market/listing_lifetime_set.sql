-- Guarantees: listings of the category that are published or renewed from now on expire after so
-- many days; null: as the category above it or the setting says. What is published keeps its end.
-- Idempotent by state: what is so already is neither written nor audited.
create or replace function market.listing_lifetime_set(
    p_actor bigint,
    p_category bigint,
    p_days integer
)
returns table (
    category_id bigint,
    days integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');
    if not exists (select from catalog.category_get(p_category) as c) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'category_unknown',
            message = 'there is no such category';
    end if;

    if p_days is null then
        delete from market_data.listing_lifetimes as t where t.category_id = p_category;
    else
        insert into market_data.listing_lifetimes as t (category_id, days)
        values (p_category, p_days)
        on conflict on constraint listing_lifetimes_pkey do update
        set days = excluded.days
        where t.days <> excluded.days;
    end if;
    if found then
        perform ops.audit_write(
            p_actor, 'listing_lifetime.set', 'category', p_category::text,
            jsonb_build_object('days', p_days));
    end if;

    return query select p_category, p_days;
end
$$;

comment on function market.listing_lifetime_set(bigint, bigint, integer) is
    'An administrator says after how many days listings of a category or subcategory expire, 1 to '
    '3650; null takes its own number away. Raises: actor_unknown, actor_blocked, role_required, '
    'category_unknown, listing_lifetime_days.';

grant execute on function market.listing_lifetime_set(bigint, bigint, integer)
    to kardan_api, kardan_bot;
