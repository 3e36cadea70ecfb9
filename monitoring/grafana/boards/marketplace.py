"""Listings, moderation, searches, jobs."""

from panels import graph, number, table

TITLE = "Marketplace"
ABOUT = "The market as an operator watches it; figures for sellers are in the product itself"
VARIABLES = []
ROWS = [
    ("Now", [
        number("Published", "Listings that anybody sees; from 200 000 on an estimate", 'max(kardan_listings{status="published"})', "short"),
        number("Wait for a moderator", "Listings that nobody has claimed", "sum(max by (kind) (kardan_moderation_waiting))", "none", steps=[(50, "orange"), (500, "red")]),
        number("Longest wait", "For a moderator", "max(kardan_moderation_oldest_seconds)", "s", steps=[(3600, "orange"), (4 * 3600, "red")]),
        number("Decisions", "Of the last 24 hours", "sum(max by (kind) (kardan_moderation_decided_day))", "none"),
        number("Searches in vain", "Of the last hour", "max(kardan_search_misses_hour)", "none"),
        number("Jobs that failed", "In their last run", "sum(max by (exported_job) (kardan_job_failed))", "none", steps=[(1, "red")]),
    ]),
    ("Listings", [
        graph("By state", "From 200 000 on an estimate", [("max by (status) (kardan_listings)", "{{status}}")], "short", stacked=True),
        graph("Change of published ones", "In an hour", [('max(delta(kardan_listings{status="published"}[1h]))', "published")], "none", low=None),
    ]),
    ("Moderation", [
        graph("Queue", "Waiting, and claimed by somebody", [("max by (kind) (kardan_moderation_waiting)", "{{kind}} waiting"), ("max by (kind) (kardan_moderation_claimed)", "{{kind}} claimed")], "none"),
        graph("Longest wait", "Of what waits", [("max by (kind) (kardan_moderation_oldest_seconds)", "{{kind}}")], "s", steps=[(4 * 3600, "red")]),
        graph("Decisions", "Of the last 24 hours at each moment", [("max by (kind) (kardan_moderation_decided_day)", "{{kind}}")], "none"),
        graph("Time to a decision", "Mean of the last 24 hours, from submission on", [("max by (kind) (kardan_moderation_decision_mean_seconds)", "{{kind}}")], "s"),
    ]),
    ("Deals", [
        graph("Waiting", "For the seller (requested), or for the buyer (handed_over)", [('max by (state) (kardan_deals_waiting{state=~"requested|handed_over"})', "{{state}}")], "none"),
        graph("What became of them", "Deals that came into a state within 24 hours, at each moment", [("max by (state) (kardan_deals_reached_day)", "{{state}}")], "none"),
    ]),
    ("Searches and jobs", [
        graph("Searches in vain", "Of the last hour at each moment, and how many different texts", [("max(kardan_search_misses_hour)", "searches"), ("max(kardan_search_missed_queries_hour)", "different texts")], "none"),
        table("Jobs", "Seconds since each began last", "time() - max by (exported_job) (kardan_job_last_run_timestamp_seconds)", "s", names={"exported_job": "Job", "Value": "Began ago"}, size=(12, 8)),
    ]),
]
