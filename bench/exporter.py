"""The exporter beside postgres_exporter: what a scrape costs, what faults do to it, whether the values are the same."""

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from measure import processes
from measure.exporters import Exporter, compare, families
from measure.report import lines
from measure.servers import free_port

SIDES = ("upstream", "kardan", "kardan, sizes kept")
ALL = [
    "database_wraparound", "long_running_transactions", "postmaster", "process_idle", "stat_activity_autovacuum",
    "stat_checkpointer", "stat_statements", "stat_wal_receiver", "statio_user_indexes", "xlog_location",
]


class Postgres:
    """A server of this run."""

    def __init__(self, bin_dir, folder):
        self.bin, self.folder, self.port = Path(bin_dir), Path(folder), free_port()
        self.data = self.folder / "data"

    def run(self, *command):
        # PostgreSQL does not run as root.
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.run(self.bin / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--locale", "C.UTF-8")
        settings = {
            "port": self.port, "listen_addresses": "'127.0.0.1'", "unix_socket_directories": f"'{self.folder}'",
            "shared_preload_libraries": "'pg_stat_statements'", "shared_buffers": "'256MB'", "track_io_timing": "on",
            "max_connections": 40, "max_locks_per_transaction": 1024, "autovacuum": "off", "wal_level": "logical",
        }
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        self.run(self.bin / "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")
        self.postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        return self

    def __exit__(self, *_):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run(self.bin / "pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def psql(self, sql):
        """What a statement says, as text."""
        command = [self.bin / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
                   "-p", self.port, "-U", "postgres", "postgres"]
        return subprocess.run(list(map(str, command)), input=sql, check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()

    @contextlib.contextmanager
    def holding(self, sql):
        """A session that has done this in a transaction and stays in it."""
        command = [self.bin / "psql", "-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres",
                   "postgres"]
        with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
            one.stdin.write(f"begin; {sql}; select 'held';\n")
            one.stdin.flush()
            while "held" not in one.stdout.readline():
                pass
            yield
            one.stdin.close()
            one.wait()

    def source(self, role):
        return f"host=127.0.0.1 port={self.port} user={role} dbname=postgres sslmode=disable"

    def tables(self, first, last):
        for start in range(first, last + 1, 200):
            self.psql("".join(
                f"create table t{n} (id bigint generated always as identity primary key, v text, w int);"
                f"create index on t{n} (v); insert into t{n} (v, w) select md5(i::text), i from generate_series(1, 200) as i;"
                for n in range(start, min(start + 199, last) + 1)
            ))
        self.psql("analyze")


def side(name, args, server, folder, extra=()):
    """The exporter of a side, not started yet."""
    role = {"upstream": "monitor_upstream", "kardan": "monitor_kardan"}.get(name, "monitor_kept")
    flags = [*extra]
    if name == "kardan, sizes kept":
        flags += ["--size-cache", "3600"]
    command = [args.upstream] if name == "upstream" else [args.kardan, "exporter"]
    return Exporter(name, command, flags, server.source(role), role, folder)


def counters(server, exporter):
    """Statements and sessions that the exporter's role has had."""
    calls = server.psql(
        "select coalesce(sum(calls), 0) from pg_stat_statements where userid = "
        f"(select oid from pg_roles where rolname = '{exporter.role}')"
    )
    sessions = server.psql("select sum(sessions) from pg_stat_database")
    return int(calls), int(sessions)


def scrapes(server, exporters, count):
    """Blocks of scrapes, side after side, so that all of them have the same machine."""
    block, results = 20, {one.name: [] for one in exporters}
    cost = {one.name: {"exporter": 0.0, "server": 0.0, "statements": 0, "sessions": 0, "n": 0} for one in exporters}
    for one in exporters:
        one.scrape()
        one.scrape()
    for _ in range(max(1, count // block)):
        for one in exporters:
            calls, sessions = counters(server, one)
            own, theirs = processes.cpu(one.pid), processes.tree_cpu(server.postmaster)
            for _ in range(block):
                results[one.name].append(one.scrape()[0])
            total = cost[one.name]
            total["exporter"] += processes.cpu(one.pid) - own
            total["server"] += processes.tree_cpu(server.postmaster) - theirs
            after = counters(server, one)
            total["statements"] += after[0] - calls
            # Psql itself is two sessions between the two looks.
            total["sessions"] += after[1] - sessions - 2
            total["n"] += block
    figures = {}
    for one in exporters:
        total, times = cost[one.name], sorted(results[one.name])
        now, most = processes.memory(one.pid)
        figures[one.name] = {
            "median_ms": median(times) * 1e3, "p95_ms": times[int(len(times) * 0.95)] * 1e3,
            "exporter_cpu_ms": total["exporter"] / total["n"] * 1e3, "server_cpu_ms": total["server"] / total["n"] * 1e3,
            "rss_mb": now / 1e6, "most_mb": most / 1e6, "statements": total["statements"] / total["n"],
            "sessions": total["sessions"] / total["n"], "series": one.series(), "n": total["n"],
        }
    return figures


def locked(server, exporters):
    """A table under ACCESS EXCLUSIVE: how long a scrape takes, and which families are missing."""
    found = {}
    for one in exporters:
        before = set(families(one.scrape()[1]))
        with server.holding("lock table t1 in access exclusive mode"):
            took, text = one.scrape(timeout=20)
            waiting = server.psql("select count(*) from pg_locks where not granted")
        found[one.name] = {
            "seconds": took, "missing": sorted(before - set(families(text or ""))), "left_waiting": int(waiting),
        }
    return found


def hung(server, exporters):
    """Every process of the server is stopped: how long until somebody says that it is down."""
    found = {}
    for one in exporters:
        one.scrape()
        pids = list(processes.tree(server.postmaster))
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            took, text = one.scrape(timeout=12)
        finally:
            for pid in reversed(pids):
                os.kill(pid, signal.SIGCONT)
        found[one.name] = {"seconds": took, "pg_up": up(text)}
        deadline = time.monotonic() + 60
        while up(one.scrape(timeout=20)[1]) != "1" and time.monotonic() < deadline:
            time.sleep(0.2)
    return found


def full(server, args, folder):
    """No connection is left: what an exporter that starts now says."""
    found = {}
    with contextlib.ExitStack() as stack:
        free = int(server.psql(
            "select current_setting('max_connections')::int - count(*) - 2 from pg_stat_activity "
            "where backend_type = 'client backend'"
        ))
        for _ in range(free):
            stack.enter_context(server.holding("select 1"))
        for name in SIDES[:2]:
            with side(name, args, server, folder) as one:
                took, text = one.scrape(timeout=12)
                found[name] = {"seconds": took, "pg_up": up(text)}
    return found


def up(text):
    for line in (text or "").splitlines():
        if line.startswith("pg_up "):
            return line.split()[1]
    return "no answer"


def table(title, figures, columns):
    rows = [[title, *(heading for heading, _, _ in columns)]]
    for name, one in figures.items():
        rows.append([name, *(form.format(one[key]) for _, key, form in columns)])
    return [*lines(rows), ""]


COSTS = (
    ("median ms", "median_ms", "{:.1f}"), ("p95 ms", "p95_ms", "{:.1f}"), ("exporter CPU ms", "exporter_cpu_ms", "{:.2f}"),
    ("server CPU ms", "server_cpu_ms", "{:.2f}"), ("RSS MB", "rss_mb", "{:.1f}"), ("most MB", "most_mb", "{:.1f}"),
    ("statements", "statements", "{:.1f}"), ("new sessions", "sessions", "{:.2f}"), ("series", "series", "{:.0f}"),
    ("n", "n", "{:.0f}"),
)


def ratios(figures):
    base = figures["upstream"]
    both = lambda one: one["exporter_cpu_ms"] + one["server_cpu_ms"]
    return {
        name: {"median": one["median_ms"] / base["median_ms"], "cpu": both(one) / both(base),
               "memory": one["rss_mb"] / base["rss_mb"]}
        for name, one in figures.items()
    }


RATIOS = (("median ÷ upstream", "median", "{:.2f}"), ("CPU ÷ upstream", "cpu", "{:.2f}"),
          ("memory ÷ upstream", "memory", "{:.2f}"))
TIMES = (("seconds", "seconds", "{:.2f}"), ("pg_up", "pg_up", "{}"))


def say(*lists):
    """Prints what is known already: the whole run takes minutes."""
    for each in lists:
        print("\n".join(each), flush=True)


def measure(server, args, folder):
    result = {}
    with contextlib.ExitStack() as stack:
        exporters = [stack.enter_context(side(name, args, server, folder)) for name in SIDES]
        result["fifty"] = scrapes(server, exporters, args.scrapes)
        result["ratios"] = ratios(result["fifty"])
        say(table("50 tables", result["fifty"], COSTS), table("50 tables", result["ratios"], RATIOS))
        result["locked"] = locked(server, exporters[:2])
        say(table("a locked table", {
            name: {**one, "missing": len(one["missing"])} for name, one in result["locked"].items()
        }, (("seconds", "seconds", "{:.2f}"), ("families missing", "missing", "{}"),
            ("left waiting", "left_waiting", "{}"))))
        result["hung"] = hung(server, exporters[:2])
        say(table("a server that hangs", result["hung"], TIMES))
    result["full"] = full(server, args, folder)
    say(table("no connection left", result["full"], TIMES))
    server.tables(51, 2000)
    with contextlib.ExitStack() as stack:
        exporters = [stack.enter_context(side(name, args, server, folder)) for name in SIDES]
        result["many"] = scrapes(server, exporters, min(args.scrapes, 20))
        say(table("2000 tables", result["many"], COSTS), table("2000 tables", ratios(result["many"]), RATIOS))
    return result


def values(server, args, folder):
    """Every series of both, with every collector: what is the same, and what is not."""
    flags = [f"--collector.{name}" for name in ALL]
    with contextlib.ExitStack() as stack:
        exporters = [stack.enter_context(side(name, args, server, folder, flags)) for name in SIDES[:2]]
        for one in exporters:
            one.scrape()
        pages = [one.scrape()[1] for one in exporters]
    return compare(*pages)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kardan", required=True)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--postgres-bin", required=True)
    parser.add_argument("--scrapes", type=int, default=200, help="scrapes of each side at 50 tables")
    parser.add_argument("--compare-only", action="store_true", help="only whether the values are the same")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Postgres(args.postgres_bin, folder / "server") as server:
            server.psql("create extension pg_stat_statements")
            for role in ("monitor_upstream", "monitor_kardan", "monitor_kept"):
                server.psql(f"create role {role} login in role pg_monitor")
            version = server.psql("show server_version")
            server.tables(1, 50)
            # First, while the server is as small as the one that the fixtures were written at.
            same = values(server, args, folder)
            result = {} if args.compare_only else measure(server, args, folder)
    result["values"] = same
    out = [
        f"values: {same['equal']} of {same['both']} series that both tell are equal; of the others "
        f"{same['moving']} are counters, ages and times that move between two scrapes.",
        *(f"  {line}" for line in same["unequal"]),
        f"families of upstream alone: {', '.join(same['upstream_alone']) or 'none'}",
    ]
    result["machine"] = {
        "date": date.today().isoformat(), "cores": os.cpu_count(), "load": os.getloadavg(), "postgres": version,
        "system": platform.platform(),
    }
    print("\n".join(out))
    print(f"\nPostgreSQL {version}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    place = Path(__file__).parent / "results"
    place.mkdir(exist_ok=True)
    (place / "exporter.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
