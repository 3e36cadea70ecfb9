//! The ground that every domain stands on: settings, audit, the applied contract, repeated requests, jobs, partitions.

mod audit_list;
mod audit_write;
mod backup_drill;
mod contract_get;
mod idempotency_begin;
mod idempotency_finish;
mod idempotency_purge;
mod job_list;
mod job_run;
mod job_runs_purge;
mod log_position;
mod log_reached;
mod partition_list;
mod partitions_cover;
mod partitions_maintain;
mod query_history;
mod sequence_list;
mod setting_integer;
mod setting_list;
mod setting_set;
