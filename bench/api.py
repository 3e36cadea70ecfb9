"""Measures the API beside pgbench and FastAPI; `./dev bench api` runs it. Standard library only.

A PostgreSQL and an API are started for the run, filled, measured and thrown away. The three sides
take turns, several rounds of the same length each, so that what else the machine does meets all of
them. Every side calls the same functions as kardan_api through the same unix socket.
"""

import argparse
import json
import os
import platform
import re
import signal
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from measure import load, processes, report, searches, servers
from measure.progress import say


def main():
    arguments = parse()
    # Terminated is stopped: the servers end on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: terminated"))
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as folder:
        # PostgreSQL runs as another user when this is root.
        os.chmod(folder, 0o755)
        result = measure(arguments, Path(folder))
    out = servers.BENCH / "results" / "api.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    print(report.table(result))
    print(f"Every figure is in {out.relative_to(servers.BENCH.parent)}.")
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench api", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql and pgbench")
    parser.add_argument("--reference-python", required=True, help="a Python that has the reference's packages")
    parser.add_argument("--listings", type=int, default=100_000, help="how many listings [100000]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each side [3]")
    parser.add_argument("--seconds", type=int, default=8, help="seconds of a round [8]")
    return parser.parse_args()


def measure(arguments, scratch):
    say("starting PostgreSQL and the API")
    with servers.kardan(arguments.kardan, scratch, os.environ) as kardan:
        cluster = servers.Cluster(arguments.postgres_bin, scratch / "data")
        say(f"filling {arguments.listings} listings")
        cluster.psql("-v", f"n={arguments.listings}", "-f", servers.BENCH / "fill_listings.sql")
        cluster.psql("-c", "checkpoint")
        with servers.reference(arguments.reference_python, scratch, cluster) as reference:
            return compare(arguments, scratch, cluster, kardan, reference)


def compare(arguments, scratch, cluster, kardan, reference):
    first, last = cluster.psql("-c", "select min(id), max(id) from market_data.listings")[0]
    drawn = searches.draw(cluster)
    same_answers(cluster, kardan, reference, drawn)
    file = scratch / "searches.txt"
    file.write_text("".join(searches.path(search) + "\n" for search in drawn))
    loads = {
        ("listing_get", "pgbench"): load.Pgbench.listing_get(cluster, scratch, first, last),
        ("listing_get", "kardan"): load.Wrk(kardan.url, "listing_get", first, last),
        ("listing_get", "fastapi"): load.Wrk(reference.url, "listing_get", first, last),
        ("listing_search", "pgbench"): load.Pgbench.listing_search(cluster, scratch, drawn),
        ("listing_search", "kardan"): load.Wrk(kardan.url, "listing_search", file),
        ("listing_search", "fastapi"): load.Wrk(reference.url, "listing_search", file),
    }
    for one in loads.values():
        one.run(1)
    rounds = []
    for number in range(1, arguments.rounds + 1):
        for (function, side), one in loads.items():
            say(f"round {number}: {function} by {side}")
            figures = costed(one, arguments.seconds, cluster, kardan, reference)
            rounds.append({"round": number, "function": function, "side": side} | figures)
    memory = {
        "kardan": processes.memory(kardan.pid)[0],
        "kardan, at most": processes.memory(kardan.pid)[1],
        "fastapi, all workers": processes.tree_memory(reference.pid),
    }
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": machine(),
        "postgres": cluster.psql("-c", "show server_version")[0][0],
        "listings": arguments.listings,
        "seconds": arguments.seconds,
        "rounds": rounds,
        "ratios": report.ratios(rounds),
        "latency": one_at_a_time(scratch, kardan, drawn),
        "memory": memory,
        "searches": drawn,
    }


def costed(one, seconds, cluster, kardan, reference):
    """Runs a load; adds to its figures what each part of the machine spent on a request."""

    def now():
        return (
            processes.tree_cpu(cluster.postmaster), processes.cpu(kardan.pid),
            processes.tree_cpu(reference.pid), processes.machine_cpu(), time.monotonic(),
        )

    sessions, before = cluster.sessions(), now()
    figures = one.run(seconds)
    cluster.settle(sessions)
    postgres, api, other_api, machine_, took = (after - start for after, start in zip(now(), before))
    requests, client = figures["requests"], figures.pop("client_cpu")
    others = max(0.0, machine_ - postgres - api - other_api - client)
    return figures | {
        "postgres_us": postgres / requests * 1e6,
        "server_us": (api + other_api) / requests * 1e6,
        "client_us": client / requests * 1e6,
        "all_us": (postgres + api + other_api + client) / requests * 1e6,
        # What other programs took of all cores meanwhile: much of it makes a round worthless.
        "others_percent": others / took / os.cpu_count() * 100,
    }


def one_at_a_time(scratch, kardan, drawn):
    """Latencies of each kind of search, one connection that asks when it has its answer."""
    found = {}
    for kind in searches.MIX:
        file = scratch / f"{kind}.txt"
        file.write_text("".join(searches.path(search) + "\n" for search in drawn if search["of"] == kind))
        say(f"one at a time: {kind}")
        found[kind] = load.Wrk(kardan.url, "listing_search", file, threads=1, connections=1).run(4)
    return found


def same_answers(cluster, kardan, reference, drawn):
    """Both servers must say the same: one that says less would be faster."""
    ids = cluster.psql("-c", """
        select l.id from market_data.listings as l
        where l.status = 'published'
            and not exists (select from people_data.bans as b where b.user_id = l.owner_user_id)
        order by md5(l.id::text) limit 20""")
    paths = [f"/v1/listings/{number}" for (number,) in ids] + [searches.path(search) for search in drawn]
    rows = {"number": 0, "text": 0, "filter": 0, "newest": 0, "typo": 0}
    for at, path in enumerate(paths):
        ours, theirs = (json.loads(server.get(path)) for server in (kardan, reference))
        if plain(ours) != plain(theirs):
            raise SystemExit(f"bench: error: the servers disagree about {path}: {str(ours)[:500]}, {str(theirs)[:500]}")
        if at >= len(ids):
            rows[drawn[at - len(ids)]["of"]] += len(ours["items"])
    for kind, count in rows.items():
        say(f"a {kind} search finds {count / searches.MIX[kind]:.1f} of 20 listings")


def plain(answer):
    """An answer without what each server writes in its own way: the cursor, and the form of a time."""
    if isinstance(answer, dict):
        return {key: plain(value) for key, value in answer.items() if key not in ("next", "page_key")}
    if isinstance(answer, list):
        return [plain(value) for value in answer]
    if isinstance(answer, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", answer):
        return datetime.fromisoformat(answer)
    return answer


def machine():
    """What the figures depend on."""
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        names = [line.partition(": ")[2].strip() for line in cpuinfo if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": os.cpu_count(), "cpu": names[0] if names else platform.machine(),
        "memory_gib": round(pages / 2**30), "kernel": platform.release(),
    }


if __name__ == "__main__":
    sys.exit(main())
