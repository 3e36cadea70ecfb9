"""The HTTP API."""

from panels import THIRD, graph, number, table, variable

TITLE = "API"
ABOUT = "Requests, the functions of the database behind them, pools, streams of events"
VARIABLES = [variable("route", "Route", "label_values(kardan_api_request_seconds_count, route)")]
R = 'route=~"$route"'
ROWS = [
    ("Now", [
        number("Requests", "A second", f"sum(rate(kardan_api_request_seconds_count{{{R}}}[5m]))", "reqps"),
        number("Errors", "Share of answers with status 500 and above", "job:kardan_api_errors:ratio5m", "percentunit", steps=[(0.005, "orange"), (0.02, "red")]),
        number("Half", "Of the requests are answered within", f"histogram_quantile(0.5, sum by (le) (rate(kardan_api_request_seconds_bucket{{{R}}}[5m])))", "s", steps=[(0.2, "orange"), (1, "red")]),
        number("19 of 20", "Requests are answered within", f"histogram_quantile(0.95, sum by (le) (rate(kardan_api_request_seconds_bucket{{{R}}}[5m])))", "s", steps=[(0.5, "orange"), (1, "red")]),
        number("Streams", "Of events, that are open", "sum(kardan_api_event_streams)", "none"),
        number("Waiting", "Requests that wait for a connection of a pool", 'sum(kardan_api_pool_connections{state="waited_for"})', "none", steps=[(1, "red")]),
    ]),
    ("Requests", [
        graph("By status", "A second", [(f"sum by (status) (rate(kardan_api_request_seconds_count{{{R}}}[5m]))", "{{status}}")], "reqps", stacked=True),
        graph("By instance", "A second", [(f"sum by (instance) (rate(kardan_api_request_seconds_count{{{R}}}[5m]))", "{{instance}}")], "reqps", stacked=True),
        graph("Time by route", "Nineteen of twenty take less; the ten slowest", [("topk(10, route:kardan_api_request_seconds:p95_5m{" + R + "})", "{{route}}")], "s", steps=[(1, "red")]),
        graph("Requests by route", "The ten with most", [("topk(10, route:kardan_api_requests:rate5m{" + R + "})", "{{route}}")], "reqps"),
    ]),
    ("Functions of the database", [
        graph("Time by function", "Seconds a second: who takes the database's time", [("topk(10, sum by (function) (rate(kardan_api_function_seconds_sum[5m])))", "{{function}}")], "s", stacked=True),
        graph("Mean time by function", "The ten slowest", [("topk(10, sum by (function) (rate(kardan_api_function_seconds_sum[5m])) / (sum by (function) (rate(kardan_api_function_seconds_count[5m])) > 0))", "{{function}}")], "s"),
        table("Calls by function", "A second", "topk(30, sum by (function) (rate(kardan_api_function_seconds_count[5m])))", "ops", names={"function": "Function", "Value": "Calls"}, size=(24, 8)),
    ]),
    ("Pools and streams", [
        graph("Connections", "Of the API's own pools", [('sum by (pool, state) (kardan_api_pool_connections{state!="most"})', "{{pool}} {{state}}")], "none", size=THIRD),
        graph("Events sent", "To streams, a second", [("sum(rate(kardan_api_events_sent_total[5m]))", "events")], "ops", size=THIRD),
        graph("Slow readers", "Streams that were ended because nobody read them, and the age of the last look for events", [("sum(increase(kardan_api_event_streams_slow_total[5m]))", "ended"), ("max(kardan_api_event_read_age_seconds)", "age")], "s", size=THIRD),
    ]),
]
