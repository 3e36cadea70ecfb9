"""Disks, databases, tables, partitions, sequences, vacuum."""

from panels import DATABASE, NODE, THIRD, graph, number, table

TITLE = "Partitions and storage"
ABOUT = "What takes room, what grows, what comes to an end"
VARIABLES = [NODE, DATABASE]
HERE = 'node=~"$node",datname=~"$datname"'
ROWS = [
    ("Now", [
        number("Least room ahead", "Of all partitioned tables: until rows of now have no partition", "min(kardan_partition_headroom_seconds)", "s", steps=[(0, "red"), (2 * 86400, "orange"), (3 * 86400, "green")]),
        number("Default partitions with rows", "There should be none", "sum(max by (table) (kardan_partition_default_has_rows))", "none", steps=[(1, "red")]),
        number("Fullest sequence", "Share of its numbers that are gone", "max(kardan_sequence_used_ratio)", "percentunit", steps=[(0.5, "orange"), (0.75, "red")]),
        number("Oldest transaction number", "Vacuum begins at 200 million; the end is at two billion", "max(pg_database_wraparound_age_datfrozenxid_seconds)", "short", steps=[(4e8, "orange"), (6e8, "red")]),
        number("Oldest multixact", "The same for rows that several lock", "max(pg_database_wraparound_age_datminmxid_seconds)", "short", steps=[(4e8, "orange"), (6e8, "red")]),
        number("Broken pages", "Checksums that were wrong", "sum(kardan_checksum_failures_total)", "none", steps=[(1, "red")]),
    ]),
    ("Disks", [
        graph("Used", "Share of each volume", [('1 - kardan_agent_disk_available_bytes{node=~"$node"} / kardan_agent_disk_bytes{node=~"$node"}', "{{node}} {{volume}}")], "percentunit", size=THIRD, steps=[(0.9, "red")], top=1),
        graph("Full in four hours?", "What is left then at the pace of the last hour; below nothing is full", [('predict_linear(kardan_agent_disk_available_bytes{node=~"$node"}[1h], 4 * 3600)', "{{node}} {{volume}}")], "bytes", size=THIRD, low=None),
        graph("Databases", "Size", [(f"max by (datname) (pg_database_size_bytes{{{HERE}}})", "{{datname}}")], "bytes", size=THIRD, stacked=True),
    ]),
    ("Partitions", [
        table("Room ahead", "Until rows of now have no partition", "min by (table) (kardan_partition_headroom_seconds)", "s", names={"table": "Table", "Value": "Room"}, steps=[(0, "red"), (2 * 86400, "orange"), (3 * 86400, "green")], size=(12, 9)),
        graph("Partitions", "Without the default one", [("max by (table) (kardan_partitions)", "{{table}}")], "none", size=(12, 9)),
        graph("Partitions of the future", "That begin later than now", [("min by (table) (kardan_partitions_future)", "{{table}}")], "none", steps=[(0, "red"), (3, "green")]),
        graph("Fullest sequences", "Share of numbers that are gone", [("topk(10, max by (schema, sequence) (kardan_sequence_used_ratio))", "{{schema}}.{{sequence}}")], "percentunit", steps=[(0.75, "red")], top=1),
    ]),
    ("Tables", [
        graph("Biggest tables", "Partitions under their parent", [(f"topk(15, max by (schemaname, relname) (pg_stat_user_tables_size_bytes{{{HERE}}}))", "{{schemaname}}.{{relname}}")], "bytes"),
        graph("Growing tables", "Bytes a second over an hour", [(f"topk(10, max by (schemaname, relname) (deriv(pg_stat_user_tables_size_bytes{{{HERE}}}[1h])))", "{{schemaname}}.{{relname}}")], "Bps", low=None),
        graph("Dead rows", "Share of all rows of the tables with most, of a thousand at least", [(f"topk(10, max by (schemaname, relname) (pg_stat_user_tables_n_dead_tup{{{HERE}}} / clamp_min(pg_stat_user_tables_n_live_tup{{{HERE}}} + pg_stat_user_tables_n_dead_tup{{{HERE}}}, 1000)))", "{{schemaname}}.{{relname}}")], "percentunit", steps=[(0.3, "red")], top=1),
        graph("Rows written", "Inserted, changed and deleted a second", [(f"topk(10, sum by (schemaname, relname) (rate(pg_stat_user_tables_n_tup_ins{{{HERE}}}[5m]) + rate(pg_stat_user_tables_n_tup_upd{{{HERE}}}[5m]) + rate(pg_stat_user_tables_n_tup_del{{{HERE}}}[5m])))", "{{schemaname}}.{{relname}}")], "rowsps"),
        graph("Read whole", "Rows read by sequential scans a second", [(f"topk(10, sum by (schemaname, relname) (rate(pg_stat_user_tables_seq_tup_read{{{HERE}}}[5m])))", "{{schemaname}}.{{relname}}")], "rowsps"),
        graph("Vacuum", "Runs of autovacuum an hour", [(f"topk(10, sum by (schemaname, relname) (increase(pg_stat_user_tables_autovacuum_count{{{HERE}}}[1h])))", "{{schemaname}}.{{relname}}")], "none"),
    ]),
    ("What holds vacuum, what checkpoints do", [
        graph("Horizon", "Transactions since the oldest one that is held", [('kardan_xmin_horizon_age_transactions{node=~"$node"}', "{{node}} {{holder}}")], "short", size=THIRD),
        graph("Longest transaction", "Of sessions and prepared ones", [('kardan_xmin_horizon_age_seconds{node=~"$node"}', "{{node}} {{holder}}")], "s", size=THIRD, steps=[(3600, "red")]),
        graph("Checkpoints", "An hour: by the clock, and forced by WAL", [('sum by (node) (increase(pg_stat_bgwriter_checkpoints_timed_total{node=~"$node"}[1h]))', "{{node}} clock"), ('sum by (node) (increase(pg_stat_bgwriter_checkpoints_req_total{node=~"$node"}[1h]))', "{{node}} forced")], "none", size=THIRD),
    ]),
]
