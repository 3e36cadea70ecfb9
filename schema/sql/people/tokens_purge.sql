-- A job: deletes sessions and tokens that ended, by time or by hand, more than 30 days ago. Bounded
-- and never waiting; what is left over goes in the next run. Runs again safely. Rows are gone to by
-- their place, which the lock holds still: by their number the whole table would be read.
create or replace function people.tokens_purge()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    delete from people_data.tokens as t
    where t.ctid = any (array(
        select o.ctid
        from people_data.tokens as o
        where least(o.expires_at, o.revoked_at) <= v_now - interval '30 days'
        order by least(o.expires_at, o.revoked_at)
        limit 200000
        for update skip locked));
end
$$;

comment on function people.tokens_purge() is
    'Deletes sessions and tokens that ended more than 30 days ago. Raises: nothing.';

grant execute on function people.tokens_purge() to kardan_maintenance;
