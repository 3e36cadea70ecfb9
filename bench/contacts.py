"""Measures what a click on contacts costs after so many others; `./dev bench contacts` runs it.

The sizes take turns within each round, so that whatever else the machine does is everybody's. Beside the rate stands the
CPU time of the whole server for a call, which other programs distort least, and how many of the daily partitions the
calls have read: what is pruned is never read, whatever was planned.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.parse
from statistics import median

from measure import load, markets, processes, report, servers
from measure.progress import say
from measure.session import Session

# As many as 50 million make in a year.
DAILY = 140_000
READ = """
    select s.relid, s.idx_scan + s.seq_scan
    from pg_stat_user_tables as s
    join pg_inherits as i on i.inhrelid = s.relid
    where i.inhparent = 'market_data.contact_clicks'::regclass"""

WARM = """
    set enable_seqscan = off;
    set enable_bitmapscan = off;
    select count(*) from market_data.contact_people as k where k.listing_id >= 100000000;
    select count(*) from market_data.listings as l where l.id > 0;
    select count(*) from people_data.users as u where u.id > 0"""


def main():
    arguments = parse()
    with markets.cluster(arguments) as cluster:
        for size in arguments.sizes:
            use(cluster, arguments.kardan, size)
        rounds = [
            measure(arguments, cluster, size) | {"round": number, "clicks": size}
            for number in range(arguments.rounds) for size in arguments.sizes
        ]
        result = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "cores": os.cpu_count(),
            "postgres": cluster.psql("-c", "show server_version")[0][0], "rounds": rounds,
        }
    out = servers.BENCH / "results" / "contacts.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n")
    print(table(rounds, arguments.sizes))
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench contacts", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--data", help="the data folder of a running `kardan up`, whose server is used and keeps the clicks")
    parser.add_argument("--seconds", type=int, default=10, help="seconds of each load [10]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds [3]")
    parser.add_argument(
        "--sizes", default="1000000,5000000,50000000", help="clicks that are there already [1000000,5000000,50000000]",
        type=lambda text: [int(part) for part in text.split(",")],
    )
    return parser.parse_args()


def use(cluster, kardan, size):
    """Points the cluster at the database with so many clicks; makes and fills it when it is not there."""
    name = f"bench_contacts_{size}"
    cluster.database = "postgres"
    if not cluster.psql("-c", f"select 1 from pg_database where datname = '{name}'"):
        say(f"filling a database with {size:,} clicks")
        started = time.monotonic()
        cluster.psql("-c", f"create database {name} template template0")
        url = f"postgresql://postgres@{urllib.parse.quote(cluster.host, safe='')}:{cluster.port}/{name}"
        subprocess.run([kardan, "migrate", "up", "--database-url", url], check=True, capture_output=True)
        cluster.database = name
        cluster.psql("-v", f"n={size}", "-v", f"daily={DAILY}", "-f", servers.BENCH / "fill_contacts.sql")
        cluster.psql("-c", "checkpoint")
        say(f"that took {time.monotonic() - started:.0f} s")
    cluster.database = name


def measure(arguments, cluster, size):
    use(cluster, arguments.kardan, size)
    say(f"{size:,} clicks: {arguments.seconds} s of further ones")
    sessions = cluster.sessions()
    # What is asked for now and then is in memory: the listings of these weeks and who has looked at them.
    cluster.psql("-c", WARM)
    pgbench(cluster, 2)
    before = reads(cluster)
    used, calls, rate = processes.tree_cpu(cluster.postmaster), *pgbench(cluster, arguments.seconds)
    cluster.settle(sessions)
    used = processes.tree_cpu(cluster.postmaster) - used
    after = reads(cluster)
    return {
        "per_second": rate, "cpu_us": used / calls * 1e6, "partitions": len(after),
        "read": sum(after[one] > before.get(one, 0) for one in after), "stats_ms": stats(cluster),
    }


def pgbench(cluster, seconds):
    """Calls and calls a second of four sessions."""
    command = [
        str(cluster.bin_dir / "pgbench"), "-n", "-M", "prepared", "-c", "4", "-j", "1", "-T", str(seconds),
        "-f", str(servers.BENCH / "contacts_show.sql"),
    ]
    output, _ = load.run(command, seconds, os.environ | cluster.environment("kardan_api"))
    values = dict(line.partition(key)[::2] for line in output.splitlines() for key in (": ", " = ") if key in line)
    if values.get("number of failed transactions", "0").split()[0] != "0":
        raise SystemExit(f"bench: error: calls failed:\n{output[-2000:]}")
    return (
        int(values["number of transactions actually processed"].split("/")[0]),
        # Without the time that it took to connect.
        float(values["tps"].split()[0]),
    )


def reads(cluster):
    """How often each partition was read so far."""
    return {relation: int(count) for relation, count in cluster.psql("-c", READ)}


def stats(cluster):
    """Milliseconds of CPU for what a seller asks: the figures of 30 days."""
    with Session(cluster.bin_dir, cluster.environment("kardan_api")) as session:
        call = "select r from market.listing_contact_stats(1, {}, 30) as r;"
        took = [session.timed(call.format(100_000_000 + one * 999))[2] for one in range(45)]
    return median(took[5:])


def table(rounds, sizes):
    rows = [["clicks before", "calls/s", "CPU a call, µs", "to the first", "partitions", "of them read", "30 days, ms"]]
    first = [one["cpu_us"] for one in rounds if one["clicks"] == sizes[0]]
    for size in sizes:
        def of(field):
            return median(one[field] for one in rounds if one["clicks"] == size)
        # Within each round, for whatever else the machine does it does to all of them.
        ratio = median(
            one["cpu_us"] / first[one["round"]] for one in rounds if one["clicks"] == size)
        rows.append([
            f"{size:,}", f"{of('per_second'):,.0f}", f"{of('cpu_us'):.0f}", f"{ratio:.2f}",
            f"{of('partitions'):.0f}", f"{of('read'):.0f}", f"{of('stats_ms'):.1f}",
        ])
    return "\n".join(report.lines(rows))


if __name__ == "__main__":
    sys.exit(main())
