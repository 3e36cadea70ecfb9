-- Notes what a drill has found. The same drill twice is once: a program that was broken off tells
-- it again. Locks: nothing but its row.
create or replace function ops.backup_drill_record(
    p_backup_id text,
    p_backup_at timestamptz,
    p_started_at timestamptz,
    p_verdict text,
    p_restored_bytes bigint,
    p_ready_seconds double precision,
    p_seconds double precision
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into ops_data.backup_drills (
        backup_id, backup_at, started_at, verdict, restored_bytes, ready_seconds, seconds)
    values (
        p_backup_id, p_backup_at, p_started_at, p_verdict, p_restored_bytes, p_ready_seconds,
        p_seconds)
    on conflict do nothing;
end
$$;

comment on function ops.backup_drill_record(
    text, timestamptz, timestamptz, text, bigint, double precision, double precision) is
    'Notes what a drill of a backup has found. Nothing may be null. Raises: '
    'backup_drill_figures_sensible, backup_drill_id_shape, backup_drill_verdict_known.';

grant execute on function ops.backup_drill_record(
    text, timestamptz, timestamptz, text, bigint, double precision, double precision)
to kardan_maintenance;
