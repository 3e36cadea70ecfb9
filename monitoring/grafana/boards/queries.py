"""Statements: which cost most, which became slower, what they wait for."""

from panels import DATABASE, NODE, graph, table

TITLE = "Queries"
ABOUT = "Statements of pg_stat_statements by their id; the table has their text"
VARIABLES = [NODE, DATABASE]
HERE = 'node=~"$node",datname=~"$datname"'
TEXT = "* on (queryid) group_left (query) max by (queryid, query) (kardan_query_info)"
ROWS = [
    ("Heaviest", [
        table("Statements by time", "Seconds of statement time a second, over the last quarter of an hour", f"topk(20, sum by (queryid) (rate(kardan_query_seconds_total{{{HERE}}}[15m]))) {TEXT}", "s", names={"queryid": "Id", "query": "Statement", "Value": "s/s"}, widths={"Id": 190, "s/s": 90}),
        graph("Time", "Seconds of statement time a second: 1 is one processor or one wait all the time", [(f"topk(10, sum by (queryid) (rate(kardan_query_seconds_total{{{HERE}}}[5m])))", "{{queryid}}")], "s", stacked=True),
        graph("Calls", "A second", [(f"topk(10, sum by (queryid) (rate(kardan_query_calls_total{{{HERE}}}[5m])))", "{{queryid}}")], "ops"),
        graph("Mean time", "Of those that take most time together", [(f"topk(10, sum by (queryid) (rate(kardan_query_seconds_total{{{HERE}}}[5m]))) / (sum by (queryid) (rate(kardan_query_calls_total{{{HERE}}}[5m])) > 0)", "{{queryid}}")], "s"),
        graph("Rows", "Returned or changed a second", [(f"topk(10, sum by (queryid) (rate(kardan_query_rows_total{{{HERE}}}[5m])))", "{{queryid}}")], "rowsps"),
    ]),
    ("Regressions", [
        table("Slower than a week ago", "Mean time of the last full hour over that of the same hour a week ago; 20 calls in both", "max by (queryid) (kardan_query_regression_ratio)", "none", names={"queryid": "Id", "Value": "times"}, steps=[(3, "red")], size=(12, 8)),
        graph("Mean time of regressions", "Now", [("max by (queryid) (kardan_query_regression_mean_seconds)", "{{queryid}}"), ("max by (queryid) (kardan_query_regression_before_seconds)", "{{queryid}} a week ago")], "s"),
    ]),
    ("Waits and disk", [
        graph("Sessions by what they wait for", "Mean number of active sessions; CPU: for nothing", [('sum by (wait_event_type) (rate(kardan_wait_samples_total{node=~"$node"}[5m])) / on () group_left sum(rate(kardan_wait_sample_rounds_total{node=~"$node"}[5m]))', "{{wait_event_type}}")], "none", stacked=True),
        graph("Waits by event", "Mean number of sessions", [('topk(10, sum by (wait_event) (rate(kardan_wait_samples_total{node=~"$node"}[5m])))', "{{wait_event}}")], "none", stacked=True),
        graph("Blocks read", "Not found in shared_buffers, a second", [(f"topk(10, sum by (queryid) (rate(kardan_query_blocks_read_total{{{HERE}}}[5m])))", "{{queryid}}")], "ops"),
        graph("Temporary files", "Blocks written to temporary files a second", [(f"topk(10, sum by (queryid) (rate(kardan_query_temp_blocks_written_total{{{HERE}}}[5m])))", "{{queryid}}")], "ops"),
    ]),
    ("Locks", [
        graph("Sessions that wait for locks", "And those whom they wait for", [('kardan_lock_waiters{node=~"$node"}', "{{node}} wait"), ('kardan_lock_blockers{node=~"$node"}', "{{node}} block")], "none"),
        graph("Longest wait for a lock", "And the longest chain of those who wait for each other", [('kardan_lock_longest_wait_seconds{node=~"$node"}', "{{node}}")], "s", steps=[(30, "red")]),
        graph("Deadlocks", "Transactions undone by them", [(f"sum by (node, datname) (rate(pg_stat_database_deadlocks{{{HERE}}}[5m]))", "{{node}} {{datname}}")], "ops"),
        graph("Transactions undone", "Share of all", [(f"instance_datname:pg_rollbacks:ratio5m{{{HERE}}}", "{{node}} {{datname}}")], "percentunit", steps=[(0.3, "red")], top=1),
    ]),
]
