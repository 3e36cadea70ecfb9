//! The configuration against what this platform wants, each with its reason.

use super::Check;

/// What is as bad as a failure loses data; the rest is slow or blind.
pub(super) const SETTINGS: Check = Check {
    name: "setting",
    needs: None,
    good: "as recommended",
    sql: "with wish (name, is_bad, advice, mends, is_failure, restarts) as (values
              ('fsync', current_setting('fsync') = 'off', 'a power cut destroys the database', 'on', true, false),
              ('full_page_writes', current_setting('full_page_writes') = 'off', 'a power cut tears pages', 'on', true, false),
              ('autovacuum', current_setting('autovacuum') = 'off', 'tables grow without end', 'on', true, false),
              ('track_counts', current_setting('track_counts') = 'off', 'autovacuum is blind', 'on', true, false),
              ('zero_damaged_pages', current_setting('zero_damaged_pages') = 'on', 'damage is thrown away unseen', 'off', true, false),
              ('password_encryption', current_setting('password_encryption') = 'md5', 'passwords can be guessed', 'scram-sha-256', true, false),
              ('synchronous_commit', current_setting('synchronous_commit') = 'off', 'the last commits are lost in a crash', 'on', false, false),
              ('track_io_timing', current_setting('track_io_timing') = 'off', 'nobody sees what waits for the disk', 'on', false, false),
              ('log_lock_waits', current_setting('log_lock_waits') = 'off', 'nobody sees who waited for whom', 'on', false, false),
              ('random_page_cost', current_setting('random_page_cost')::numeric >= 3, 'on solid-state disks plans shun indexes', '1.1', false, false),
              ('jit', current_setting('jit') = 'on', 'compiling short statements costs more than it saves', 'off', false, false),
              ('shared_buffers', pg_size_bytes(current_setting('shared_buffers')) < 268435456, 'a quarter of the memory is usual', '''1GB''', false, true),
              ('work_mem', pg_size_bytes(current_setting('work_mem')) < 8388608, 'sorts go to disk', '''16MB''', false, false),
              ('maintenance_work_mem', pg_size_bytes(current_setting('maintenance_work_mem')) < 134217728, 'vacuum reads indexes again and again', '''128MB''', false, false),
              ('max_wal_size', pg_size_bytes(current_setting('max_wal_size')) < 2147483648, 'checkpoints come before their time', '''2GB''', false, false),
              ('max_locks_per_transaction', current_setting('max_locks_per_transaction')::integer < 128, 'a dump of many partitions does not fit', '256', false, true),
              ('wal_level', current_setting('wal_level') = 'minimal', 'neither a standby nor a backup of a running server', 'replica', false, true),
              ('archive_mode', current_setting('archive_mode') = 'off', 'no point-in-time recovery', 'on', false, true),
              -- Not everybody may read this one; what it loads shows by its settings.
              ('shared_preload_libraries', current_setting('pg_stat_statements.max', true) is null,
                  'nobody sees what statements take', '''pg_stat_statements,pg_cron''', false, true))
          select format('%s = %s: %s', w.name,
                  case when w.name = 'shared_preload_libraries' then 'without pg_stat_statements'
                      else current_setting(w.name) end, w.advice),
              format('alter system set %s = %s; %s', w.name, w.mends,
                  case when w.restarts then 'restart PostgreSQL' else 'select pg_reload_conf()' end),
              w.is_failure
          from wish as w where w.is_bad
          union all
          select format('%s was changed and waits for a restart', s.name), 'restart PostgreSQL', false
          from pg_settings as s where s.pending_restart
          order by 3 desc, 1",
};
