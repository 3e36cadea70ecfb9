//! Replication: lag, slots, the receiver of a standby.

use std::borrow::Cow;

use super::{Dialect, Query, counter, gauge};

pub(super) const REPLICATION: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select
                 case when not pg_is_in_recovery() or pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
                     else greatest(0, extract(epoch from now() - pg_last_xact_replay_timestamp())) end::float8,
                 pg_is_in_recovery()::int::float8,
                 greatest(0, extract(epoch from now() - pg_last_xact_replay_timestamp()))::float8",
        ))
    },
    &[],
    &[
        gauge(
            "pg_replication_lag_seconds",
            "Replication lag behind master in seconds",
        ),
        gauge(
            "pg_replication_is_replica",
            "Indicates if the server is a replica",
        ),
        gauge(
            "pg_replication_last_replay_seconds",
            "Age of last replay in seconds",
        ),
    ],
)];

const SLOT_LABELS: &[&str] = &["slot_name", "slot_type"];

fn slots(_: &super::Context<'_>) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(
        "select s.slot_name::text, s.slot_type,
             coalesce(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end
                 - '0/0', 0)::float8,
             case when s.active then coalesce(s.confirmed_flush_lsn - '0/0', 0) end::float8,
             s.active::int::float8, s.safe_wal_size::float8
         from pg_replication_slots as s",
    ))
}

fn slot_status(_: &super::Context<'_>) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(
        "select s.slot_name::text, s.slot_type, s.wal_status, 1::float8
         from pg_replication_slots as s where s.wal_status is not null",
    ))
}

const CURRENT: &str = "current wal lsn value";
const FLUSHED: &str = "last lsn confirmed flushed to the replication slot";
const ACTIVE: &str = "whether the replication slot is active or not";
const SAFE: &str = "number of bytes that can be written to WAL such that this slot is not in danger of getting in state lost";
const STATUS: &str = "availability of WAL files claimed by this slot";
const STATUS_LABELS: &[&str] = &["slot_name", "slot_type", "wal_status"];

pub(super) const SLOT: &[Query] = &[
    Query::new(
        slots,
        SLOT_LABELS,
        &[
            gauge("pg_replication_slot_slot_current_wal_lsn", CURRENT),
            gauge("pg_replication_slot_slot_confirmed_flush_lsn", FLUSHED),
            gauge("pg_replication_slot_slot_is_active", ACTIVE),
            gauge("pg_replication_slot_safe_wal_size_bytes", SAFE),
        ],
    )
    .only(Dialect::V0_17),
    Query::new(
        slot_status,
        STATUS_LABELS,
        &[gauge("pg_replication_slot_wal_status", STATUS)],
    )
    .only(Dialect::V0_17),
    Query::new(
        slots,
        SLOT_LABELS,
        &[
            gauge("pg_replication_slots_slot_current_wal_lsn", CURRENT),
            gauge("pg_replication_slots_slot_confirmed_flush_lsn", FLUSHED),
            gauge("pg_replication_slots_slot_is_active", ACTIVE),
            gauge("pg_replication_slots_safe_wal_size_bytes", SAFE),
        ],
    )
    .only(Dialect::V0_20),
    Query::new(
        slot_status,
        STATUS_LABELS,
        &[gauge("pg_replication_slots_wal_status", STATUS)],
    )
    .only(Dialect::V0_20),
];

pub(super) const WAL_RECEIVER: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select r.upstream_host, r.slot_name, r.status, r.start_lsn, r.start_tli, r.flushed, r.tli, r.sent, r.received,
                 r.end_lsn, r.end_time, r.node
             from (
                 select coalesce(w.sender_host, '') as upstream_host, coalesce(w.slot_name, '') as slot_name, w.status,
                     mod(w.receive_start_lsn - '0/0', (2 ^ 52)::numeric)::float8 as start_lsn,
                     w.receive_start_tli::float8 as start_tli,
                     mod(w.flushed_lsn - '0/0', (2 ^ 52)::numeric)::float8 as flushed,
                     w.received_tli::float8 as tli,
                     extract(epoch from w.last_msg_send_time)::float8 as sent,
                     extract(epoch from w.last_msg_receipt_time)::float8 as received,
                     mod(w.latest_end_lsn - '0/0', (2 ^ 52)::numeric)::float8 as end_lsn,
                     extract(epoch from w.latest_end_time)::float8 as end_time,
                     substring(w.slot_name from 'repmgr_slot_([0-9]+)')::float8 as node
                 from pg_stat_wal_receiver as w where w.status is not null) as r",
        ))
    },
    &["upstream_host", "slot_name", "status"],
    &[
        counter(
            "pg_stat_wal_receiver_receive_start_lsn",
            "First write-ahead log location used when WAL receiver is started represented as a decimal",
        ),
        gauge(
            "pg_stat_wal_receiver_receive_start_tli",
            "First timeline number used when WAL receiver is started",
        ),
        counter(
            "pg_stat_wal_receiver_flushed_lsn",
            "Last write-ahead log location already received and flushed to disk, the initial value of this field being the first log location used when WAL receiver is started represented as a decimal",
        ),
        gauge(
            "pg_stat_wal_receiver_received_tli",
            "Timeline number of last write-ahead log location received and flushed to disk",
        ),
        counter(
            "pg_stat_wal_receiver_last_msg_send_time",
            "Send time of last message received from origin WAL sender",
        ),
        counter(
            "pg_stat_wal_receiver_last_msg_receipt_time",
            "Send time of last message received from origin WAL sender",
        ),
        counter(
            "pg_stat_wal_receiver_latest_end_lsn",
            "Last write-ahead log location reported to origin WAL sender as integer",
        ),
        counter(
            "pg_stat_wal_receiver_latest_end_time",
            "Time of last write-ahead log location reported to origin WAL sender",
        ),
        gauge(
            "pg_stat_wal_receiver_upstream_node",
            "Node ID of the upstream node",
        ),
    ],
)];
