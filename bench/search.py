"""Measures searches of every kind, one at a time, at several sizes of the market; `./dev bench search` runs it.

Each search is a prepared call of the same function as the API's, by one session as kardan_api. Beside the time on the
clock stands the CPU time of the session's backend: on a machine that does other things too it is the figure to trust.
The references run in the same session's server, in turns with the searches: a listing read by its number, and the
query of the textbooks on the same index, which ranks whatever matches.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from measure import load, markets, mix, report, searches, servers
from measure.progress import say
from measure.session import Session

TYPES = {
    "query": "text", "kind": "text", "category": "bigint", "subcategory": "bigint", "brand": "bigint",
    "place": "bigint", "condition": "text", "price_min": "bigint", "price_max": "bigint", "currency": "text",
    "in_stock": "boolean", "generation": "bigint", "year": "integer", "attributes": "jsonb", "sort": "text",
    "limit": "integer", "after_key": "bigint", "after_id": "bigint", "min_rating": "integer",
}
OF_FACETS = [*searches.PARAMETERS[: searches.PARAMETERS.index("sort")], "min_rating"]
TEXTBOOK = """
    select e.listing_id, ts_rank(e.terms, q.query) as rank
    from websearch_to_tsquery('pg_catalog.russian', $1) as q (query)
    join market_data.search_entries as e on e.terms @@ q.query
    order by rank desc, e.listing_id desc limit 20"""
REFERENCES = ("by number", "textbook")


def main():
    arguments = parse()
    with markets.cluster(arguments) as cluster:
        sizes = [measure(arguments, cluster, size) for size in arguments.sizes]
        result = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "cores": os.cpu_count(), "postgres": cluster.psql("-c", "show server_version")[0][0],
            "count": arguments.count, "sizes": sizes,
        }
    out = servers.BENCH / "results" / "search.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    for size in sizes:
        print(table(size))
    if arguments.picture:
        from picture import curve
        curve.draw(sizes, servers.BENCH.parent / "docs" / "src")
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench search", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--data", help="the data folder of a running `kardan up`, whose server is used and keeps the markets")
    parser.add_argument("--count", type=int, default=200, help="searches of each kind [200]")
    parser.add_argument(
        "--kinds", default=mix.KINDS, type=lambda text: text.split(","), help=f"what is measured [{','.join(mix.KINDS)}]",
    )
    parser.add_argument("--picture", action="store_true", help="draw docs/src/search-curve.svg and .png")
    parser.add_argument(
        "--sizes", default="10000,100000,1000000", help="listings of each market [10000,100000,1000000]",
        type=lambda text: [int(part) for part in text.split(",")],
    )
    return parser.parse_args()


def measure(arguments, cluster, size):
    markets.market(cluster, arguments.kardan, size, say)
    rows = cluster.psql("-c", """
        select l.title, l.part_number, l.category_id, l.subcategory_id, l.brand_id, l.place_id, l.condition,
            l.price_minor
        from market_data.listings as l
        where l.status = 'published' and l.kind = 'part' and l.brand_id is not null
        order by md5(l.id::text)
        limit 4000""")
    numbers = [row[0] for row in cluster.psql("-c", f"""
        select l.id from market_data.listings as l where l.status = 'published'
        order by md5(l.id::text) limit {arguments.count}""")]
    drawn = mix.draw(rows, arguments.count)
    found = {}
    with Session(cluster.bin_dir, cluster.environment("kardan_api")) as api, \
            Session(cluster.bin_dir, cluster.environment("postgres")) as owner:
        prepare(api, owner)
        for kind in arguments.kinds:
            say(f"{size} listings: {kind}")
            found[kind] = figures(api, [call(kind, search) for search in drawn[kind]])
        found["by number"] = figures(api, [f"execute number ({number});" for number in numbers])
        found["textbook"] = figures(owner, [f"execute textbook ({literal(one['query'])});" for one in drawn["text"]])
    return {"listings": size, "kinds": found}


def prepare(api, owner):
    def statement(name, function, parameters):
        types = ", ".join(TYPES[one] for one in parameters)
        given = ", ".join(f"p_{one} => ${at}" for at, one in enumerate(parameters, 1))
        api.run(f"prepare {name} ({types}) as select r from market.{function}({given}) as r;")

    statement("search", "listing_search", searches.PARAMETERS)
    statement("facets", "listing_facets", OF_FACETS)
    api.run("prepare suggest (text) as select r from market.search_suggest(p_query => $1) as r;")
    api.run("prepare complete (text) as select r from market.search_complete(p_query => $1, p_limit => 10) as r;")
    api.run("prepare number (bigint) as select r from market.listing_get(p_listing => $1) as r;")
    owner.run(f"prepare textbook (text) as {TEXTBOOK};")


def call(kind, search):
    name, parameters = ("search", searches.PARAMETERS)
    if kind in mix.FACETS:
        name, parameters = ("facets", OF_FACETS)
    elif kind in ("suggest", "complete"):
        name, parameters = (kind, ["query"])
    return f"execute {name} ({', '.join(literal(search.get(one)) for one in parameters)});"


def literal(value):
    if value is None:
        return "null"
    if isinstance(value, (bool, int)):
        return str(value).lower()
    return "'" + value.replace("'", "''") + "'"


def figures(session, statements):
    """Percentiles in milliseconds; what a session does once (plans, caches) is done before."""
    for statement in statements[:: max(1, len(statements) // 20)]:
        session.run(statement)
    clock, cpu, rows = [], [], 0
    for statement in statements:
        lines, took, used = session.timed(statement)
        clock.append(took)
        cpu.append(used)
        rows += len(lines)

    def parts(values):
        ordered = sorted(values)
        return {"p50": load.percentile(ordered, 0.5), "p95": load.percentile(ordered, 0.95),
                "p99": load.percentile(ordered, 0.99), "max": ordered[-1]}

    return {"clock": parts(clock), "cpu": parts(cpu), "rows": rows / len(statements)}


def table(size):
    rows = [[f"{size['listings']:,} listings, ms", "p50", "p95", "p99", "max", "CPU p50", "CPU p95", "CPU p99", "rows"]]
    for kind, one in size["kinds"].items():
        rows.append([
            kind, *(f"{one['clock'][part]:.1f}" for part in ("p50", "p95", "p99", "max")),
            *(f"{one['cpu'][part]:.1f}" for part in ("p50", "p95", "p99")), f"{one['rows']:.1f}",
        ])
    return "\n".join([*report.lines(rows), ""])


if __name__ == "__main__":
    sys.exit(main())
