-- A job: forgets used proofs when they are too old to be used again, and links whose time is over,
-- some thousands a run. Runs again safely.
create or replace function people.sign_ins_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    delete from people_data.sign_ins as s
    where s.ctid = any (array(
        select o.ctid
        from people_data.sign_ins as o
        where o.used_at <= v_now - interval '48 hours'
        order by o.used_at
        limit 50000
        for update skip locked));

    delete from people_data.sign_in_links as l
    where l.ctid = any (array(
        select o.ctid
        from people_data.sign_in_links as o
        where o.expires_at <= v_now
        order by o.expires_at
        limit 50000
        for update skip locked));
end
$$;

comment on function people.sign_ins_purge() is
    'Forgets signed proofs after 48 hours, when they are too old to be used again, and links whose '
    'time is over. Raises: nothing.';

grant execute on function people.sign_ins_purge() to kardan_maintenance;
