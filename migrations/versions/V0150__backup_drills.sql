-- What drills of backups have found, beside what the repository of the backups keeps, so that
-- whoever watches the database sees when a backup was proved last.

create table ops_data.backup_drills (
    backup_id text not null,
    started_at timestamptz not null,
    backup_at timestamptz not null,
    verdict text not null,
    restored_bytes bigint not null,
    ready_seconds double precision not null,
    seconds double precision not null,
    primary key (started_at, backup_id),
    constraint backup_drill_id_shape check (char_length(backup_id) between 1 and 100),
    constraint backup_drill_verdict_known check (verdict in ('good', 'bad', 'unproven')),
    constraint backup_drill_figures_sensible
        check (restored_bytes >= 0 and ready_seconds >= 0 and seconds >= 0)
);

comment on table ops_data.backup_drills is
    'What drills have found. `backup_at` is when the backup was whole, `ready_seconds` how long '
    'it took from stored files to a server that answers.';
