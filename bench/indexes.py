"""Shows what each index and each partition choice is worth; `./dev bench indexes` runs it. Standard library only.

Each query runs twice as it is and twice without its index, which is dropped in a transaction that is rolled back; the
second run of each counts. One process works at a query, so that plans are compared and not the number of cores.
"""

import argparse
import re
import sys

from measure import beside, choices, markets, servers
from measure.progress import say

MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")
SAVED = """
    insert into market_data.saved_searches (
        user_id, name, query, filters, frequency, terms, anchors, since_at, created_at, updated_at)
    select u.id, 'x', '', '{}', 'daily', t.terms, t.anchors, now(), now(), now()
    from (select l.title, row_number() over () as place from market_data.listings as l
        where l.status = 'published' order by md5(l.id::text) limit 100000) as d
    join (select u.id, row_number() over (order by u.id) as place from people_data.users as u) as u
        on u.place = 1 + d.place % 500
    cross join lateral market.saved_search_terms(
        array_to_string((regexp_split_to_array(d.title, '\\s+'))[1:3], ' '), '{}') as t"""

ALERTS = """
    insert into market_data.search_alerts (saved_search_id, listing_id, user_id, found_at, due_at, told_at)
    select s.id, l.id, s.user_id, now(), now(), case when l.id % 50 > 0 then now() end
    from market_data.saved_searches as s
    join market_data.listings as l on l.id = 1 + (s.id * 7919) % (select max(k.id) from market_data.listings as k)
    on conflict do nothing"""


def main():
    arguments = parse()
    with markets.cluster(arguments) as cluster:
        markets.market(cluster, arguments.kardan, arguments.size, say)
        if cluster.psql("-c", "select count(*) from market_data.reservations") == [["0"]]:
            say("filling what grows beside the listings")
            cluster.psql("-v", f"n={arguments.size}", "-f", servers.BENCH / "fill_beside.sql")
        if cluster.psql("-c", "select count(*) from market_data.saved_searches") == [["0"]]:
            say("saving a hundred thousand searches")
            cluster.psql("-c", SAVED, "-c", ALERTS, "-c", "vacuum analyze market_data.saved_searches, market_data.search_alerts")
        values = {
            name: cluster.psql("-c", sql)[0][0] for name, sql in (choices.VALUES | beside.VALUES).items()
        }
        parts = [heading(cluster, arguments.size)]
        parts += ["## Indexes\n"] + [shown(cluster, values, *one) for one in choices.INDEXES]
        parts += [shown(cluster, values, *one) for one in beside.INDEXES]
        parts += ["## Partitions\n"]
        parts += [shown(cluster, values, *one) for one in choices.PARTITIONS + beside.PARTITIONS]
        parts += [retention(cluster)]
    text = "\n".join(parts)
    print(text)
    if arguments.write:
        page = servers.BENCH.parent / "docs" / "src" / "database.md"
        before, _, rest = page.read_text().partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        page.write_text(f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}")
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench indexes", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--data", help="the data folder of a running `kardan up`, whose server is used and keeps the market")
    parser.add_argument("--size", type=int, default=1_000_000, help="listings of the market [1000000]")
    parser.add_argument("--write", action="store_true", help="write docs/src/database.md")
    return parser.parse_args()


def heading(cluster, size):
    version = cluster.psql("-c", "show server_version")[0][0].split()[0]
    buffers = cluster.psql("-c", "show shared_buffers")[0][0]
    return f"PostgreSQL {version}, `shared_buffers` {buffers}, {size:,} listings, one process a query, warm.\n"


def shown(cluster, values, title, why, query, away):
    say(title)
    query = query.format(**values)
    with_it = explained(cluster, query, None)
    out = [f"### {title}\n", f"{why}\n", "```sql", wrapped(query), "```\n"]
    rows = [("as it is", with_it)]
    if away:
        rows.append(("without", explained(cluster, query, away)))
    out += ["| | time, ms | buffers |", "| --- | ---: | ---: |"]
    out += [f"| {name} | {time(plan):,.2f} | {buffers(plan):,} |" for name, plan in rows]
    out.append("")
    for name, plan in rows:
        out += [f"<details><summary>Plan {name}</summary>\n", "```text", trimmed(plan), "```\n", "</details>\n"]
    return "\n".join(out)


def explained(cluster, query, away):
    """The plan of the second of two runs, in a transaction that leaves nothing behind."""
    explain = f"explain (analyze, buffers, costs off, timing off) {query}"
    orders = ["begin", "set local max_parallel_workers_per_gather = 0", "set local jit = off"]
    orders += [away] if away else []
    orders += [explain, "select 'second'", explain, "rollback"]
    arguments = [part for order in orders for part in ("-c", order)]
    lines = ["\t".join(line) for line in cluster.psql(*arguments)]
    return lines[lines.index("second") + 1 :]


def time(plan):
    return float(next(line for line in plan if line.startswith("Execution Time")).split()[2])


def buffers(plan):
    """Pages of the whole statement: hit or read, the line of the topmost node."""
    first = next((line for line in plan if "Buffers:" in line), "")
    return sum(int(count) for count in re.findall(r"(?:hit|read)=(\d+)", first))


def trimmed(plan):
    """The nodes, without what says nothing here."""
    kept = [
        line[:110] for line in plan
        if not re.match(r"\s*(Buffers|Planning|Execution|Sort Method|Heap Blocks|Worker|Batches|I/O|Heap Fetches)", line)
    ]
    return "\n".join(kept[:24] + (["…"] if len(kept) > 24 else []))


def wrapped(query):
    return re.sub(r" (from|where|order by|join|on) ", r"\n\1 ", query)


def retention(cluster):
    """What it costs to forget a month: a partition dropped, or its rows deleted."""
    say("forgetting a month")
    partition = cluster.psql("-c", """
        select c.oid::regclass from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = 'market_data.listing_events'::regclass and c.reltuples > 0 order by c.relname limit 1""")[0][0]
    rows = cluster.psql("-c", f"select count(*) from {partition}")[0][0]
    delete = explained_once(cluster, f"delete from {partition}")
    drop = explained_drop(cluster, partition)
    return "\n".join([
        "### listing_events by month: forgetting a month\n",
        f"A month of {int(rows):,} rows. A partition is a file that is unlinked; rows are visited one by one, leave the log"
        " and the indexes to be cleaned, and the table as large as it was.\n",
        "| | time, ms |", "| --- | ---: |", f"| the partition dropped | {drop:,.1f} |", f"| its rows deleted | {delete:,.1f} |", "",
    ])


def explained_once(cluster, query):
    lines = cluster.psql(
        "-c", "begin", "-c", "set local session_replication_role = replica",
        "-c", f"explain (analyze, costs off) {query}", "-c", "rollback")
    return float(next(line[0] for line in lines if line[0].startswith("Execution Time")).split()[2])


def explained_drop(cluster, partition):
    lines = cluster.psql("-c", "begin", "-c", f"""
        do $$ declare v_start timestamptz := clock_timestamp(); begin
            execute 'drop table {partition}';
            perform set_config('bench.took', extract(epoch from clock_timestamp() - v_start)::text, false);
        end $$""", "-c", "select current_setting('bench.took')", "-c", "rollback")
    return float(lines[-1][0]) * 1000


if __name__ == "__main__":
    sys.exit(main())
