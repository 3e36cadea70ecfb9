"""Patroni, etcd, replication, HAProxy, PgBouncer."""

from panels import NODE, THIRD, graph, number, table

TITLE = "Cluster"
ABOUT = "Who leads, who follows, and the doors to them"
VARIABLES = [NODE]
ROWS = [
    ("Now", [
        number("Leaders", "There must be one", "sum(patroni_primary)", "none", steps=[(0, "red"), (1, "green"), (2, "red")]),
        number("Standbys that follow", "Streaming from the primary", "sum(patroni_postgres_streaming)", "none", steps=[(0, "red"), (1, "orange"), (2, "green")]),
        number("Timeline", "One more with each change of the leader", "max(patroni_postgres_timeline)", "none"),
        number("Automatic failover", "Off while somebody has paused it", "max(patroni_is_paused)", "none", mappings=[("0", "on", "green"), ("1", "off", "red")]),
        number("Members of etcd", "That see a leader", "sum(etcd_server_has_leader)", "none", steps=[(0, "red"), (2, "orange"), (3, "green")]),
        number("Without etcd", "A primary that goes on in failsafe mode", "max(patroni_failsafe_mode_is_active)", "none", mappings=[("0", "no", "green"), ("1", "yes", "red")]),
    ]),
    ("Who leads", [
        graph("Primary", "1 for the node that leads", [('max by (name) (patroni_primary{node=~"$node"})', "{{name}}")], "none", top=1),
        graph("Etcd last seen", "Seconds since Patroni saw it", [('time() - max by (name) (patroni_dcs_last_seen{node=~"$node"})', "{{name}}")], "s", steps=[(30, "red")]),
    ]),
    ("Replication", [
        table("Members", "What Patroni calls each, whether anybody reads the slot that the leader keeps for it, and how much WAL it has not replayed; one that does not stream is infinitely far behind", "max by (name, role, slot) (name:kardan_member_lag_bytes:joined)", "bytes", names={"name": "Member", "role": "Role", "slot": "Slot", "Value": "Behind"}, steps=[(16777216, "red")], size=(24, 6)),
        graph("Lag in bytes", "WAL that a standby has not replayed", [('pg_stat_replication_pg_wal_lsn_diff{node=~"$node"}', "{{application_name}}")], "bytes", steps=[(16777216, "red")]),
        graph("Lag in time", "How old what a standby shows is", [('max by (node) (pg_replication_lag_seconds{node=~"$node"})', "{{node}}")], "s", steps=[(30, "red")]),
        graph("WAL kept by slots", "On the primary and on standbys", [('pg_replication_slots_pg_wal_lsn_diff{node=~"$node"}', "{{node}} {{slot_name}}")], "bytes", steps=[(2 * 1024**3, "red")]),
        graph("WAL written", "Bytes a second, by the node that leads", [('sum by (name) (rate(patroni_xlog_location{node=~"$node"}[5m]))', "{{name}}")], "Bps"),
        graph("WAL on disk", "pg_wal of each node", [('pg_wal_size_bytes{node=~"$node"}', "{{node}}")], "bytes"),
        graph("Failures of archiving", "And files archived, a second", [('sum by (node) (rate(pg_stat_archiver_failed_count{node=~"$node"}[5m]))', "{{node}} failed"), ('sum by (node) (rate(pg_stat_archiver_archived_count{node=~"$node"}[5m]))', "{{node}} archived")], "ops"),
    ]),
    ("Agents", [
        graph("Stood still", "Freezes of nodes", [('sum by (node) (increase(kardan_agent_freezes_total{node=~"$node"}[5m]))', "{{node}}")], "none", size=THIRD),
        graph("Starts of Patroni", "By the agent", [('sum by (node) (increase(kardan_agent_patroni_starts_total{node=~"$node"}[5m]))', "{{node}}")], "none", size=THIRD),
        graph("Switchovers for room, moves of etcd", "Asked for by agents", [('sum by (node) (increase(kardan_agent_switchovers_total{node=~"$node"}[5m]))', "{{node}} switchover"), ('sum by (node) (increase(kardan_agent_etcd_moves_total{node=~"$node"}[5m]))', "{{node}} etcd")], "none", size=THIRD),
    ]),
    ("Etcd", [
        graph("Writes to its log", "99 of 100 take less", [("histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])))", "{{instance}}")], "s", size=THIRD, steps=[(0.5, "red")]),
        graph("Changes of its leader", "Seen by each member", [("increase(etcd_server_leader_changes_seen_total[5m])", "{{instance}}")], "none", size=THIRD),
        graph("Size of its data", "Two gigabytes are its limit", [("etcd_mvcc_db_total_size_in_bytes", "{{instance}}")], "bytes", size=THIRD),
    ]),
    ("Doors", [
        graph("Servers behind HAProxy", "That it sends clients to", [("haproxy_backend_active_servers", "{{proxy}}")], "none", size=THIRD),
        graph("Sessions at HAProxy", "By door and node", [("haproxy_server_current_sessions", "{{proxy}} {{server}}")], "none", size=THIRD, stacked=True),
        graph("Connections that failed", "HAProxy to nodes, a second", [("sum by (proxy) (rate(haproxy_backend_connection_errors_total[5m]))", "{{proxy}}")], "ops", size=THIRD),
        graph("Clients at PgBouncer", "By role: at work, and waiting", [("sum by (user) (pgbouncer_pools_client_active_connections)", "{{user}}"), ("sum by (user) (pgbouncer_pools_client_waiting_connections)", "{{user}} waiting")], "none", size=THIRD),
        graph("Longest wait at PgBouncer", "For a connection of the pool", [("max by (database, user) (pgbouncer_pools_client_maxwait_seconds)", "{{user}} {{database}}")], "s", size=THIRD, steps=[(1, "red")]),
        graph("Transactions through PgBouncer", "A second", [("sum by (database) (rate(pgbouncer_stats_sql_transactions_pooled_total[5m]))", "{{database}}")], "ops", size=THIRD),
    ]),
]
