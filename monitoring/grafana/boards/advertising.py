"""Orders of advertising: what waits, what runs, what each came to."""

from panels import THIRD, WIDE, graph, number, table, variable

TITLE = "Advertising"
ABOUT = "Orders of advertising as an operator watches them, by advertiser and order; advertisers see their own figures in the product"
ADVERTISER = variable("advertiser", "Advertiser", "label_values(kardan_promotion_impressions_total, advertiser)")
PROMOTION = variable("promotion", "Order", "label_values(kardan_promotion_impressions_total, promotion)")
VARIABLES = [ADVERTISER, PROMOTION]

CHOSEN = 'advertiser=~"$advertiser",promotion=~"$promotion"'
# Every exporter tells the same: one of them is enough.
EACH = "max by (promotion, advertiser, kind)"


def state(name):
    return f'sum(max by (kind) (kardan_promotions{{state="{name}"}}))'


def lately(family, window):
    return f"{EACH} (increase({family}{{{CHOSEN}}}[{window}]))"


ROWS = [
    ("Now", [
        number("Run", "Orders that are shown, or posted, in their time", state("running"), "none"),
        number("Wait for a moderator", "Nobody has decided about them yet", state("requested"), "none", steps=[(10, "orange"), (50, "red")]),
        number("Wait for payment", "Approved and not paid", state("unpaid"), "none"),
        number("Held", "A moderator has stopped them", state("held"), "none", steps=[(1, "orange")]),
        number("Shown", "Impressions of all orders in an hour", "max(increase(kardan_promotions_impressions_total[1h]))", "short"),
        number("Followed", "Share of the impressions of an hour", "max(increase(kardan_promotions_clicks_total[1h])) / clamp_min(max(increase(kardan_promotions_impressions_total[1h])), 1)", "percentunit"),
    ]),
    ("All orders", [
        graph("Shown", "Impressions in an hour at each moment", [("max(increase(kardan_promotions_impressions_total[1h]))", "impressions")], "short", size=THIRD),
        graph("Followed", "Clicks in an hour at each moment", [("max(increase(kardan_promotions_clicks_total[1h]))", "clicks")], "short", size=THIRD),
        graph("By state", "Orders that are not over", [("sum by (state) (max by (kind, state) (kardan_promotions))", "{{state}}")], "none", size=THIRD, stacked=True),
    ]),
    ("By advertiser", [
        graph("Shown", "Impressions in an hour, of the orders that were shown most", [(f"sum by (advertiser) ({lately('kardan_promotion_impressions_total', '1h')})", "{{advertiser}}")], "short", stacked=True),
        graph("Followed", "Clicks in an hour, of the same", [(f"sum by (advertiser) ({lately('kardan_promotion_clicks_total', '1h')})", "{{advertiser}}")], "short", stacked=True),
    ]),
    ("By order", [
        graph("Shown", "Impressions in an hour", [(lately("kardan_promotion_impressions_total", "1h"), "{{promotion}}")], "short"),
        graph("Followed", "Share of the impressions, since an order began", [(f"{EACH} (kardan_promotion_clicks_total{{{CHOSEN}}}) / clamp_min({EACH} (kardan_promotion_impressions_total{{{CHOSEN}}}), 1)", "{{promotion}}")], "percentunit"),
        graph("Used up", "Share of the impressions that were ordered; an order without a ceiling has no line", [(f"{EACH} (kardan_promotion_impressions_total{{{CHOSEN}}}) / {EACH} (kardan_promotion_impressions_wanted{{{CHOSEN}}})", "{{promotion}}")], "percentunit", steps=[(0.95, "orange")], top=1),
        graph("Until the end", "Of the time of an order", [(f"{EACH} (kardan_promotion_ends_timestamp_seconds{{{CHOSEN}}}) - time()", "{{promotion}}")], "s"),
        table("Orders that run", "Impressions since each began", f"{EACH} (kardan_promotion_impressions_total{{{CHOSEN}}})", "short", names={"promotion": "Order", "advertiser": "Advertiser", "kind": "Kind", "Value": "Shown"}, size=WIDE),
    ]),
]
