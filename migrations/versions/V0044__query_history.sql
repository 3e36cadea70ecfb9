-- What statements took, hour by hour, so that today can be held against the same hour a week ago.

create table ops_data.query_totals (
    queryid bigint primary key,
    calls bigint not null,
    total_ms double precision not null,
    row_count bigint not null,
    blocks_read bigint not null
);

comment on table ops_data.query_totals is
    'The counters of pg_stat_statements as they stood when they were last looked at.';

create table ops_data.query_history (
    at timestamptz not null,
    queryid bigint not null,
    calls bigint not null,
    total_ms double precision not null,
    row_count bigint not null,
    blocks_read bigint not null,
    primary key (at, queryid)
) partition by range (at);

comment on table ops_data.query_history is
    'What each statement took within an hour. `at` is the beginning of the hour.';
comment on column ops_data.query_history.total_ms is
    'Milliseconds, as pg_stat_statements has them.';

select ops_data.partition_set_create('ops_data.query_history', 'at', '1 month', 4, '2 months');
