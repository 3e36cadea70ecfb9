-- A step: what visitors of a day are hashed with. The first one of a day makes it, and forgets
-- those of the days before the day before: from then on nobody can tell who a visitor was. Two
-- first ones wait for each other at the key.
create or replace function market.visitor_salt(p_day date)
returns bytea
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_salt bytea;
begin
    select s.salt into v_salt from market_data.visitor_salts as s where s.day = p_day;
    if v_salt is null then
        insert into market_data.visitor_salts (day, salt)
        values (p_day, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
        on conflict (day) do nothing;
        delete from market_data.visitor_salts as s where s.day < p_day - 1;
        select s.salt into v_salt from market_data.visitor_salts as s where s.day = p_day;
    end if;
    return v_salt;
end
$$;

comment on function market.visitor_salt(date) is
    'Step: what visitors without an account are hashed with on a day. Raises: nothing.';
