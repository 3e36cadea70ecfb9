"""The bot, the outbox, the worker."""

from panels import THIRD, graph, number

TITLE = "Bot and outbox"
ABOUT = "What people write to the bot, what the outbox brings them, what the worker does"
VARIABLES = []
ROWS = [
    ("Now", [
        number("Telegram heard", "Seconds since it last answered the bot", "time() - max(kardan_bot_heard_seconds)", "s", steps=[(90, "orange"), (180, "red")]),
        number("Oldest message", "Broadcasts left out", 'max(kardan_outbox_oldest_seconds{lane!="broadcast"})', "s", steps=[(60, "orange"), (300, "red")]),
        number("Waiting", "Messages of all lanes", "sum(max by (lane) (kardan_outbox_waiting))", "short"),
        number("Dead letters", "Given up", "sum(max by (lane) (kardan_outbox_dead))", "short", steps=[(10, "orange"), (100, "red")]),
        number("Sent", "Messages a second", 'sum(rate(kardan_bot_sent_total{outcome="sent"}[5m])) or vector(0)', "ops"),
        number("Heard", "Updates a second", "sum(rate(kardan_bot_updates_total[5m])) or vector(0)", "ops"),
    ]),
    ("Outbox", [
        graph("Waiting", "By lane, the most urgent first", [("max by (lane) (kardan_outbox_waiting)", "{{lane}}")], "short", stacked=True),
        graph("Age of the oldest", "By lane", [("max by (lane) (kardan_outbox_oldest_seconds)", "{{lane}}")], "s", steps=[(300, "red")]),
        graph("Being delivered", "By lane", [("max by (lane) (kardan_outbox_leased)", "{{lane}}")], "none"),
        graph("Dead letters", "By lane", [("max by (lane) (kardan_outbox_dead)", "{{lane}}")], "none"),
    ]),
    ("Bot", [
        graph("Sent", "By what Telegram answered", [("sum by (outcome) (rate(kardan_bot_sent_total[5m]))", "{{outcome}}")], "ops", stacked=True),
        graph("Sent by lane", "Whatever the answer", [("sum by (lane) (rate(kardan_bot_sent_total[5m]))", "{{lane}}")], "ops", stacked=True),
        graph("Told to wait", "Seconds that Telegram asks for, a second", [("sum(rate(kardan_bot_postponed_seconds_total[5m]))", "postponed")], "none", size=THIRD),
        graph("Updates", "By kind and outcome", [("sum by (kind, outcome) (rate(kardan_bot_updates_total[5m]))", "{{kind}} {{outcome}}")], "ops", size=THIRD),
        graph("Time of an update", "Nineteen of twenty take less", [("histogram_quantile(0.95, sum by (kind, le) (rate(kardan_bot_update_seconds_bucket[5m])))", "{{kind}}")], "s", size=THIRD),
    ]),
    ("Worker", [
        graph("Done", "By task", [("sum by (task) (rate(kardan_worker_done_total[5m]))", "{{task}}")], "ops", size=THIRD),
        graph("Failed", "Things that are tried again, and turns that ended early", [("sum by (task) (rate(kardan_worker_failed_total[5m]))", "{{task}}"), ("sum by (task) (rate(kardan_worker_turns_failed_total[5m]))", "{{task}} turns")], "ops", size=THIRD),
        graph("Time of a turn", "Mean", [("sum by (task) (rate(kardan_worker_turn_seconds_sum[5m])) / (sum by (task) (rate(kardan_worker_turn_seconds_count[5m])) > 0)", "{{task}}")], "s", size=THIRD),
    ]),
]
