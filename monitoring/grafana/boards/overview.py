"""What one looks at first."""

from panels import NODE, THIRD, graph, number, table

TITLE = "Overview"
ABOUT = "Whether all is well, and where to look when it is not"
VARIABLES = [NODE]
ROWS = [
    ("Now", [
        number("Alerts that ring", "Firing alerts; the table below names them", 'count(ALERTS{alertstate="firing"}) or vector(0)', "none", steps=[(1, "red")]),
        number("Targets that answer", "Share of what Prometheus asks", "avg(up)", "percentunit", steps=[(0, "red"), (1, "green")]),
        number("Servers seen", "PostgreSQL servers that answer their exporter", "sum(pg_up)", "none"),
        number("API errors", "Share of answers with status 500 and above, over five minutes", "job:kardan_api_errors:ratio5m", "percentunit", steps=[(0.005, "orange"), (0.02, "red")]),
        number("Oldest message", "In the outbox, broadcasts left out", 'max(kardan_outbox_oldest_seconds{lane!="broadcast"})', "s", steps=[(60, "orange"), (300, "red")]),
        number("Last proved backup", "Age of the last backup that a drill found good", "time() - max(kardan_backup_last_proved_end_seconds)", "s", steps=[(2 * 86400, "orange"), (8 * 86400, "red")]),
    ]),
    ("Alerts", [
        table("Alerts", "Firing, and pending until their time is over; docs/src/runbooks has a section for each", "sum by (alertname, severity, alertstate, node, instance) (ALERTS)", "none", hide=["Value"], names={"alertname": "Alert", "severity": "Severity", "alertstate": "State", "node": "Node"}),
    ]),
    ("Traffic", [
        graph("Requests to the API", "By status", ["sum by (status) (rate(kardan_api_request_seconds_count[5m]))"], "reqps", stacked=True),
        graph("Time of the API", "Half, and nineteen of twenty, are answered within", [
            ("histogram_quantile(0.5, sum by (le) (rate(kardan_api_request_seconds_bucket[5m])))", "half"),
            ("histogram_quantile(0.95, sum by (le) (rate(kardan_api_request_seconds_bucket[5m])))", "19 of 20"),
        ], "s", steps=[(1, "red")]),
        graph("Transactions", "Of all databases, by node", ['sum by (node) (instance_datname:pg_transactions:rate5m{node=~"$node"})'], "ops"),
        graph("Connections", "Share of max_connections", ['instance:kardan_connections:ratio{node=~"$node"}'], "percentunit", steps=[(0.85, "red")], top=1),
    ]),
    ("Nodes", [
        graph("Replication lag", "How old what a standby shows is; 0 for the primary", [('max by (node) (pg_replication_lag_seconds{node=~"$node"})', "{{node}}")], "s", size=THIRD, steps=[(30, "red")]),
        graph("Free on disks", "What PostgreSQL may still write", [('kardan_agent_disk_available_bytes{node=~"$node"}', "{{node}} {{volume}}")], "bytes", size=THIRD),
        graph("Cache hits", "Share of blocks that were in shared_buffers", [('avg by (node) (instance_datname:pg_cache_hits:ratio5m{node=~"$node"})', "{{node}}")], "percentunit", size=THIRD, low=None, top=1),
    ]),
]
