"""Measures streams of events; `./dev bench events` runs it. Standard library only.

Ten thousand clients listen to one server, each as another person. Events are written into the database as the program
writes them, with the time in their data; a client takes the time when it hears one. The reference is a server that does
nothing but broadcast as many bytes to as many clients: no database, no tokens, no queue of one's own. Both take turns.
"""

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measure import processes, report, servers
from measure.progress import say

# Descriptors that a server needs beside its streams.
BESIDE = 500
SENT = "jsonb_build_object('sent_us', floor(extract(epoch from clock_timestamp()) * 1000000)::bigint)"
FILL = """
    insert into people_data.users (display_name, created_at, updated_at)
    select 'Listener', ops.clock_now(), ops.clock_now() from generate_series(1, {clients});
    insert into people_data.tokens (id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
    select gen_random_uuid(), 'personal', u.id, 'bench',
        sha256(convert_to('kdn_p_' || lpad((row_number() over (order by u.id) - 1)::text, 43, '0'), 'UTF8')),
        '{{read}}', ops.clock_now(), ops.clock_now() + interval '1 day'
    from people_data.users as u where u.display_name = 'Listener';
    insert into market_data.listings (
        kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition, place_id,
        price_minor, stock_quantity, created_at, updated_at, published_at)
    select 'part', 'published', u.id, u.id, u.id, 'Brake pads ' || n, c.parent_id, c.id, 'new',
        (select min(p.id) from catalog_data.places as p), 250000, 1, ops.clock_now(), ops.clock_now(), ops.clock_now()
    from (select min(u.id) as id from people_data.users as u where u.display_name = 'Listener') as u
    cross join catalog_data.categories as c cross join generate_series(1, 2) as n
    where c.slug = 'brake-pads';
    vacuum analyze"""
# name: how often, how many events each time, seconds until the next time, what part of the clients hears each.
LOADS = {
    "one event to all, once a second": (20, 1, 1.0, 1),
    "40 events to all at once": (1, 40, 0, 1),
    "one event to one in a thousand, 10 a second": (100, 1, 0.1, 1000),
    "one event to each, its own": (3, 1, 0, 1),
}


def main():
    arguments = parse()
    raise_limit(arguments.clients)
    rounds = []
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as folder:
        # PostgreSQL runs as another user when this is root.
        os.chmod(folder, 0o755)
        for number in range(arguments.rounds):
            for side in (reference, kardan):
                scratch = Path(folder) / f"{side.__name__}-{number}"
                scratch.mkdir(mode=0o755)
                say(f"round {number}: {side.__name__}")
                rounds += [one | {"round": number, "side": side.__name__} for one in side(arguments, scratch)]
    out = servers.BENCH / "results" / "events.json"
    out.parent.mkdir(exist_ok=True)
    result = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "cores": os.cpu_count(), "load": os.getloadavg(),
        "clients": arguments.clients, "rounds": rounds,
    }
    out.write_text(json.dumps(result, indent=2) + "\n")
    print(table(rounds))
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench events", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--streams", required=True, help="the clients and the reference")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--clients", type=int, default=10_000, help="who listen [10000]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds [3]")
    parser.add_argument("--idle", type=int, default=20, help="seconds in which nothing happens [20]")
    return parser.parse_args()


def raise_limit(clients):
    """As many descriptors for every process of the run as the clients need."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < clients + BESIDE:
        raise SystemExit(f"bench: error: {clients + BESIDE} descriptors are needed, and the limit is {hard} (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Listeners:
    """The clients: one process that opens them and tells what they heard."""

    def __init__(self, arguments, server, path, rare_path):
        self.command = [
            arguments.streams, "listen", "--server", f"127.0.0.1:{server.port}", "--clients", str(arguments.clients),
            "--path", path, "--rare-path", rare_path,
        ]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.opened = self.read()
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("bench: error: the clients ended")
        return json.loads(line)

    def heard(self, count, seconds):
        """How long so many events took; it is an error when one was lost or came twice."""
        self.process.stdin.write(f"{count} {seconds}\n")
        self.process.stdin.flush()
        answer = self.read()
        told = answer["told"]
        if told["count"] != count or answer["lost"]:
            raise SystemExit(f"bench: error: {count} events were to be heard: {answer}")
        return told


def kardan(arguments, scratch):
    """One round of the server: yields a record for each load."""
    with contextlib.ExitStack() as stack:
        environment = os.environ | {"KARDAN_API_EVENT_STREAMS": str(arguments.clients + 10)}
        server = stack.enter_context(servers.kardan(arguments.kardan, scratch, environment))
        cluster = servers.Cluster(arguments.postgres_bin, scratch / "data")
        for order in FILL.format(clients=arguments.clients).split(";"):
            cluster.psql("-c", order)
        listings = cluster.psql("-c", "select min(l.id), max(l.id) from market_data.listings as l")[0]
        people = "array(select u.id from people_data.users as u where u.display_name = 'Listener')"

        def write(name, count, part):
            if name == "one event to each, its own":
                order = f"select notify.announce('bench.event', {people}, null, ops.clock_now(), {SENT})"
            else:
                listing = listings[0] if part == 1 else listings[1]
                order = (
                    f"select notify.announce_listing('bench.event', {listing}, ops.clock_now(), {SENT})"
                    f" from generate_series(1, {count})")
            cluster.psql("-c", order)

        paths = [f"/v1/events?listings={listings[0]}", f"/v1/events?listings={listings[0]},{listings[1]}"]
        yield from measure(arguments, stack, server, paths, write, cluster.postmaster)


def reference(arguments, scratch):
    """One round of the reference."""
    port = servers.free_port()
    command = [arguments.streams, "broadcast", "--listen", f"127.0.0.1:{port}"]
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(
            servers.Server("the reference", command, port, "/health/ready", scratch / "reference.log", os.environ))

        def write(_, count, __):
            # As many bytes as an event of the other side has.
            subprocess.run(
                ["curl", "-sS", "-o", os.devnull, "-X", "POST", f"{server.url}/say?count={count}&bytes=290"], check=True)

        yield from measure(arguments, stack, server, ["/v1/events", "/v1/events"], write, None)


def measure(arguments, stack, server, paths, write, postmaster):
    """What the streams cost when they open, when nothing happens, and under each load."""
    empty = processes.memory(server.pid)[0]
    listeners = stack.enter_context(Listeners(arguments, server, *paths))
    time.sleep(2)
    opened, before = processes.memory(server.pid)[0], processes.cpu(server.pid)
    database = processes.tree_cpu(postmaster) if postmaster else 0
    time.sleep(arguments.idle)
    yield {
        "load": "nothing happens", "open_s": listeners.opened["seconds"], "rss": opened,
        "bytes_each": (opened - empty) / arguments.clients,
        "cpu_percent": (processes.cpu(server.pid) - before) / arguments.idle * 100,
        "database_percent": (processes.tree_cpu(postmaster) - database) / arguments.idle * 100 if postmaster else 0,
    }
    for name, (times, events, pause, part) in LOADS.items():
        if not postmaster and (part != 1 or "its own" in name):
            continue
        before, database = processes.cpu(server.pid), processes.tree_cpu(postmaster) if postmaster else 0
        for _ in range(times):
            write(name, events, part)
            time.sleep(pause)
        # Whoever has a number without a rest hears it, number 0 too.
        count = times * events * -(-arguments.clients // part)
        told = listeners.heard(count, 60)
        after = processes.tree_cpu(postmaster) if postmaster else 0
        yield {
            "load": name, "rss": processes.memory(server.pid)[1], "cpu_us": (processes.cpu(server.pid) - before) / count * 1e6,
            "database_us": (after - database) / count * 1e6, **told,
        }


def table(rounds):
    """Medians of the rounds, and the ratio of both sides within each."""
    def of(side, load, field):
        values = [one[field] for one in rounds if (one["side"], one["load"]) == (side, load)]
        return median(values) if values else None

    rows = [("", "reference", "kardan")]
    for load, field, title, form in [
        ("nothing happens", "open_s", "all connected, s", "{:.1f}"),
        ("nothing happens", "bytes_each", "memory of the server a client, KB", "kb"),
        ("nothing happens", "rss", "resident memory of the server, MB", "mb"),
        ("nothing happens", "cpu_percent", "nothing happens: server CPU, % of a core", "{:.1f}"),
        ("nothing happens", "database_percent", "nothing happens: database CPU, % of a core", "{:.1f}"),
        *((load, field, f"{load}: {title}", form) for load in LOADS for field, title, form in [
            ("p50_ms", "p50, ms", "{:,.1f}"), ("p95_ms", "p95, ms", "{:,.1f}"), ("p99_ms", "p99, ms", "{:,.1f}"),
            ("max_ms", "slowest, ms", "{:,.1f}"), ("cpu_us", "server CPU a delivery, µs", "{:.1f}"),
        ]),
    ]:
        forms = {"kb": lambda value: f"{value / 1e3:.1f}", "mb": lambda value: f"{value / 1e6:.0f}"}
        show = forms.get(form, form.format)
        cells = [of(side, load, field) for side in ("reference", "kardan")]
        rows.append((title, *("" if cell is None else show(cell) for cell in cells)))
    lines = report.lines(rows)
    burst = "40 events to all at once"
    lines.append("")
    for title, value in [
        ("deliveries a second, in a burst", lambda one: one["count"] / one["whole_ms"] * 1000),
        ("server CPU a delivery, in a burst, µs", lambda one: one["cpu_us"]),
    ]:
        by = {(one["round"], one["side"]): value(one) for one in rounds if one["load"] == burst}
        numbers = sorted({number for number, _ in by})
        each = [by[number, "kardan"] / by[number, "reference"] for number in numbers]
        sides = [median(by[number, side] for number in numbers) for side in ("reference", "kardan")]
        lines.append(
            f"{title}: reference {sides[0]:,.1f}, kardan {sides[1]:,.1f}, kardan ÷ reference {median(each):.2f}"
            f" ({', '.join(f'{one:.2f}' for one in each)})")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
