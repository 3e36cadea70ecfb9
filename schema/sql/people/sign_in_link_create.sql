-- A browser that waits to be confirmed in the bot, for five minutes. The page shows the number; the
-- bot shows it among two others, so whoever was sent somebody else's link cannot confirm it
-- without looking at that page. Locks nothing. The same hash a second time is refused.
create or replace function people.sign_in_link_create(
    p_link_hash bytea,
    p_secret_hash bytea,
    p_device text
)
returns table (
    code integer,
    expires_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_codes integer[];
begin
    -- Three different numbers of two digits; the first is the one that is shown.
    select array_agg(n.code) into v_codes
    from (
        select g.code
        from generate_series(10, 99) as g (code)
        order by random()
        limit 3
    ) as n;

    return query
    insert into people_data.sign_in_links as l (
        link_hash, secret_hash, device, code, decoys, created_at, expires_at)
    values (
        p_link_hash, p_secret_hash, people.device_clean(p_device, 'Browser'), v_codes[1],
        v_codes[2:3], v_now, v_now + interval '5 minutes')
    returning l.code, l.expires_at;
end
$$;

comment on function people.sign_in_link_create(bytea, bytea, text) is
    'A browser that waits for its person to confirm it in the bot, and the number that it shows. '
    'Raises: sign_in_link_unique, sign_in_secret_unique, sign_in_link_hash_size.';

grant execute on function people.sign_in_link_create(bytea, bytea, text) to kardan_api;
