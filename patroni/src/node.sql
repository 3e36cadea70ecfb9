-- One node in one question, so that its figures belong together.
with here as (
    select
        case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn
)
select jsonb_build_object(
    'version', split_part(current_setting('server_version'), ' ', 1),
    'lsn', here.lsn::text,
    'wal_bytes', (select coalesce(sum(w.size), 0) from pg_ls_waldir() as w),
    'watchdog', (pg_stat_file('/dev/watchdog', true)).modification is not null,
    'followers', coalesce((
        select jsonb_agg(jsonb_build_object(
            'name', r.application_name,
            'state', r.state,
            'sync_state', r.sync_state,
            'lag_bytes', greatest(coalesce(pg_wal_lsn_diff(here.lsn, r.replay_lsn), 0), 0)::bigint,
            'lag_seconds', extract(epoch from r.replay_lag)) order by r.application_name)
        from pg_stat_replication as r), '[]'),
    'slots', coalesce((
        select jsonb_agg(jsonb_build_object(
            'name', s.slot_name,
            'active', s.active,
            'wal_status', s.wal_status,
            'retained_bytes', pg_wal_lsn_diff(here.lsn, s.restart_lsn)::bigint) order by s.slot_name)
        from pg_replication_slots as s), '[]'))
from here
