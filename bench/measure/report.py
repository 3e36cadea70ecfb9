"""Medians and ratios of what was measured, as a table for people; the JSON holds every round."""

from statistics import median

FUNCTIONS = ("listing_get", "listing_search")
SIDES = ("pgbench", "kardan", "fastapi")

# What the design asks for: the ratio, at least or at most, how much.
GOALS = (
    ("throughput, kardan / pgbench", "kardan", "pgbench", "per_second", ">=", 0.6),
    ("server CPU a request, kardan / pgbench", "kardan", "pgbench", "postgres_us", "<=", 1.15),
    ("throughput, kardan / fastapi", "kardan", "fastapi", "per_second", ">=", 5.0),
)

COLUMNS = (
    ("requests/s", "per_second", "{:,.0f}"), ("p50 ms", "p50", "ms"), ("p99 ms", "p99", "ms"),
    ("postgres µs", "postgres_us", "{:.0f}"), ("server µs", "server_us", "{:.0f}"),
    ("client µs", "client_us", "{:.0f}"), ("others %", "others_percent", "{:.1f}"),
)


def of(rounds, function, side, field):
    """The median of a figure over the rounds."""
    return median(one[field] for one in rounds if one["function"] == function and one["side"] == side)


def ratios(rounds):
    """Every goal for every function: the median of the ratios within each round."""
    found = []
    for function in FUNCTIONS:
        for name, above, below, field, relation, goal in GOALS:
            by = {
                (one["round"], one["side"]): one[field] for one in rounds if one["function"] == function
            }
            each = [by[number, above] / by[number, below] for number in sorted({number for number, _ in by})]
            value = median(each)
            is_met = value >= goal if relation == ">=" else value <= goal
            found.append({
                "function": function, "ratio": name, "value": value, "each": each,
                "goal": f"{relation} {goal:g}", "met": is_met,
            })
    return found


def cell(value, form):
    return f"{value / 1000:.2f}" if form == "ms" else form.format(value)


def lines(rows):
    """Rows as Markdown, padded so that they are a table on a terminal too."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    padded = [
        [value.ljust(width) if at == 0 else value.rjust(width) for at, (value, width) in enumerate(zip(row, widths))]
        for row in rows
    ]
    ruler = ["-" * width if at == 0 else "-" * (width - 1) + ":" for at, width in enumerate(widths)]
    return ["| " + " | ".join(row) + " |" for row in [padded[0], ruler, *padded[1:]]]


def table(result):
    """The whole report."""
    rounds, out = result["rounds"], []
    for function in FUNCTIONS:
        rows = [["", *(title for title, _, _ in COLUMNS)]]
        for side in SIDES:
            for one in rounds:
                if one["function"] == function and one["side"] == side:
                    name = f"{side}, round {one['round']}"
                    rows.append([name, *(cell(one[field], form) for _, field, form in COLUMNS)])
            rows.append([
                f"{side}, median",
                *(cell(of(rounds, function, side, field), form) for _, field, form in COLUMNS),
            ])
        out += [f"### `{function}`", "", *lines(rows), ""]
    rows = [["ratio", "function", "value", "goal", "met"]]
    for one in result["ratios"]:
        rows.append([one["ratio"], one["function"], f"{one['value']:.2f}", one["goal"], "yes" if one["met"] else "no"])
    out += ["### Ratios", "", *lines(rows), ""]
    rows = [["one at a time", "requests", "p50 ms", "p95 ms", "p99 ms"]]
    for name, one in result["latency"].items():
        rows.append([name, str(one["requests"]), *(f"{one[part] / 1000:.2f}" for part in ("p50", "p95", "p99"))])
    out += ["### Search through the API", "", *lines(rows), ""]
    rows = [["resident memory", "MiB"]]
    rows += [[name, f"{size / 2**20:.0f}"] for name, size in result["memory"].items()]
    out += ["### Memory", "", *lines(rows), ""]
    return "\n".join(out)
