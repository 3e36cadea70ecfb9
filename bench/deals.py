"""Measures deals beside bare updates; `./dev bench deals` runs it. Standard library only.

A deal is asked for and confirmed: two transactions that lock the listing, write the deal, its reservation, its history,
the stock and the notices. The reference is two bare updates of one row, with as many clients and rows. All take turns
within each round, so that whatever else the machine does is everybody's.
"""

import argparse
import json
import os
import sys
import time
from statistics import median

from measure import load, markets, processes, report, servers
from measure.progress import say

LISTINGS = 2_000
BUYERS = 20_000
FILL = f"""
    insert into people_data.users (display_name, created_at, updated_at)
    select 'Somebody', ops.clock_now(), ops.clock_now() from generate_series(0, {BUYERS});
    insert into market_data.listings (
        kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition, place_id,
        price_minor, stock_quantity, created_at, updated_at, published_at)
    select 'part', 'published', u.id, u.id, u.id, 'Brake pads ' || n, c.parent_id, c.id, 'new',
        (select min(p.id) from catalog_data.places as p), 250000, 1000000, ops.clock_now(), ops.clock_now(),
        ops.clock_now()
    from (select min(u.id) as id from people_data.users as u where u.display_name = 'Somebody') as u
    cross join catalog_data.categories as c
    cross join generate_series(1, {LISTINGS}) as n
    where c.slug = 'brake-pads'
    order by n;
    create table bench_bare (id bigint primary key, n bigint not null);
    insert into bench_bare select n, 0 from generate_series(1, {LISTINGS}) as n;
    vacuum analyze"""
SIDES = ("one row", "one listing", "many rows", "many listings")


def main():
    arguments = parse()
    with markets.cluster(arguments) as cluster:
        values = fill(cluster)
        loads = {name: script(cluster, values, name) for name in SIDES}
        rounds = [
            measure(arguments, cluster, *loads[side]) | {"round": number, "side": side}
            for number in range(arguments.rounds) for side in SIDES
        ]
        left = cluster.psql(
            "-c", "select count(*), count(*) filter (where l.stock_quantity < 0) from market_data.deals as d"
            " join market_data.listings as l on l.id = d.listing_id where d.state = 'confirmed'")
        result = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "cores": os.cpu_count(),
            "postgres": cluster.psql("-c", "show server_version")[0][0], "clients": arguments.clients,
            "deals": left[0][0], "rounds": rounds,
        }
    out = servers.BENCH / "results" / "deals.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n")
    print(table(rounds))
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench deals", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--data", help="the data folder of a running `kardan up`, whose database gets the deals")
    parser.add_argument("--seconds", type=int, default=10, help="seconds of each load [10]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds [3]")
    parser.add_argument("--clients", type=int, default=8, help="connections [8]")
    return parser.parse_args()


def fill(cluster):
    """Listings of one seller, buyers, and rows for the reference; their numbers."""
    say(f"making {LISTINGS:,} listings and {BUYERS:,} buyers")
    cluster.psql("-c", "drop table if exists bench_bare")
    for order in FILL.split(";"):
        cluster.psql("-c", order)
    listing = cluster.psql("-c", "select max(l.id) from market_data.listings as l")[0][0]
    seller, buyer = cluster.psql(
        "-c", f"select l.owner_user_id, max(u.id) from market_data.listings as l, people_data.users as u"
        f" where l.id = {listing} group by 1")[0]
    return {"listing": int(listing), "seller": int(seller), "buyer": int(buyer)}


def script(cluster, values, side):
    """The script of a load, its variables and its role."""
    many = "many" in side
    if "row" in side:
        return "deals_bare.sql", {"first": 1, "last": LISTINGS if many else 1}, "postgres"
    last = values["listing"]
    named = {
        "first": last - LISTINGS + 1 if many else last, "last": last, "seller": values["seller"],
        "first_buyer": values["buyer"] - BUYERS + 1, "last_buyer": values["buyer"],
    }
    return "deals_close.sql", named, "kardan_api"


def measure(arguments, cluster, name, variables, role):
    """One load: how much a second, and the CPU time of the server for each."""
    command = [
        str(cluster.bin_dir / "pgbench"), "-n", "-M", "prepared", "-c", str(arguments.clients), "-j", "2",
        "-T", str(arguments.seconds), "-f", str(servers.BENCH / name),
    ]
    command += [f"-D{key}={value}" for key, value in variables.items()]
    before = processes.tree_cpu(cluster.postmaster)
    output, _ = load.run(command, arguments.seconds, os.environ | cluster.environment(role))
    cpu = processes.tree_cpu(cluster.postmaster) - before
    values = dict(
        line.partition(key)[::2] for line in output.splitlines() for key in (": ", " = ") if key in line)
    if values.get("number of failed transactions", "0").split()[0] != "0":
        raise SystemExit(f"bench: error: statements failed:\n{output[-2000:]}")
    done = int(values["number of transactions actually processed"].split("/")[0])
    cluster.settle(cluster.sessions())
    return {
        "per_second": float(values["tps"].split()[0]), "mean_ms": float(values["latency average"].split()[0]),
        "cpu_us": cpu / done * 1e6,
    }


def table(rounds):
    """Medians, and the ratio of deals to bare updates within each round."""
    rows = [("", "a second", "mean ms", "server CPU µs each")]
    for side in SIDES:
        of = [one for one in rounds if one["side"] == side]
        rows.append((
            side, f"{median(one['per_second'] for one in of):,.0f}", f"{median(one['mean_ms'] for one in of):.2f}",
            f"{median(one['cpu_us'] for one in of):,.0f}"))
    lines = report.lines(rows)
    for above, below in (("one listing", "one row"), ("many listings", "many rows")):
        each = [
            a["per_second"] / b["per_second"] for a in rounds for b in rounds
            if (a["side"], b["side"], a["round"]) == (above, below, b["round"])]
        lines.append(f"{above} / {below}: {median(each):.3f}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
