"""Measures the seeder; `./dev bench seeder` runs it.

The same bytes go in by `kardan seed` and by sessions of the server that COPY files which it wrote itself (`measure/copies.py`),
in turns: into tables without secondary indexes and foreign keys (two sessions), the same and then indexes (one session), and
into a copy of the seeded market with all indexes, what it grows by (two sessions). The whole database goes out and in again by
pg_dump and pg_restore with two jobs. And Python's Faker writes listings for COPY.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measure import servers
from measure.copies import Copies
from measure.progress import say

TO = "2026-01-01"


def main():
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: terminated"))
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as folder:
        # PostgreSQL runs as another user when this is root.
        os.chmod(folder, 0o777)
        result = measure(arguments, Path(folder))
    out = servers.BENCH / "results" / "seeder.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n")
    show(result)
    print(f"Every figure is in {out.relative_to(servers.BENCH.parent)}.")


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench seeder", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--python", required=True, help="Python with Faker")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each side [3]")
    parser.add_argument("--scale", type=float, default=0.1, help="size of the market [0.1]")
    return parser.parse_args()


class Bench:
    def __init__(self, arguments, cluster, scratch):
        self.arguments, self.cluster, self.scratch, self.count = arguments, cluster, scratch, 0

    def url(self, database):
        return f"host={self.cluster.host} port={self.cluster.port} user=postgres dbname={database}"

    def sql(self, database, statement):
        return self.cluster.psql("-d", database, "-c", statement)

    def database(self):
        """A database with the schema, marked for seeding."""
        self.count += 1
        name = f"seed_{self.count}"
        self.cluster.psql("-d", "postgres", "-c", f"create database {name}")
        run = [self.arguments.kardan, "migrate", "up", "--database-url", self.url(name)]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
        self.seed(name, "--mark", read=False)
        return name

    def drop(self, name):
        self.cluster.psql("-d", "postgres", "-c", f"drop database {name} (force)")
        # What the former round has left to write is not the next one's.
        self.cluster.psql("-d", "postgres", "-c", "checkpoint")

    def seed(self, database, *arguments, read=True):
        """Runs `kardan seed`; gives its report with the memory that it took at most, in MB."""
        command = [self.arguments.kardan, "seed", "--database-url", self.url(database), "--to", TO, *arguments]
        process = subprocess.Popen(command + (["--json"] if read else []), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said, complaint = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        if status != 0:
            raise SystemExit(f"bench: error: {complaint.decode()[-2000:]}")
        if not read:
            return None
        report = json.loads(said)
        return report | {"memory_mb": usage.ru_maxrss / 1024} if isinstance(report, dict) else report

    def faker(self):
        """Rows of listings a second by Faker in one process, with the COPY of them."""
        database, rows, path = self.database(), 4000, self.scratch / "faker.csv"
        self.seed(database, "--scale", "0.0001", read=False)
        since = time.monotonic()
        script = servers.BENCH / "reference" / "faker_listings.py"
        subprocess.run([self.arguments.python, script, str(rows), path], check=True)
        columns = path.read_text().partition("\n")[0]
        self.cluster.psql(
            "-d", database, "-c", "set session_replication_role = replica",
            "-c", f"copy market_data.listings ({columns}) from '{path}' with (format csv, header)")
        seconds = time.monotonic() - since
        self.drop(database)
        return rows / seconds

    def restore(self, database):
        """Seconds that pg_restore takes for the same database, with two jobs."""
        dump, binaries = self.scratch / "dump", Path(self.arguments.postgres_bin)
        environment = os.environ | self.cluster.environment("postgres")
        subprocess.run([binaries / "pg_dump", "-Fd", "-Z0", "-j2", "-f", dump, database], env=environment, check=True)
        target = "restored"
        self.cluster.psql("-d", "postgres", "-c", f"create database {target} template template0")
        since = time.monotonic()
        subprocess.run(
            [binaries / "pg_restore", "-j2", "-d", target, dump], env=environment, check=False, stderr=subprocess.DEVNULL)
        there = self.sql(target, "select count(*) from market_data.listings")[0][0]
        self.sql(target, "analyze")
        seconds = time.monotonic() - since
        self.drop(target)
        if there != self.sql(database, "select count(*) from market_data.listings")[0][0]:
            raise SystemExit("bench: error: pg_restore has not restored everything")
        return seconds


def stage(report, *names):
    return sum(seconds for name, seconds in report["stages"] if name in names)


def measure(arguments, scratch):
    environment = os.environ | {"KARDAN_LOG": "text"}
    with servers.kardan(arguments.kardan, scratch, environment):
        cluster = servers.Cluster(arguments.postgres_bin, scratch / "data")
        bench = Bench(arguments, cluster, scratch)
        copies = Copies(cluster, scratch, TO)
        scale, rounds, first, grown_files = str(arguments.scale), [], None, None
        for number in range(arguments.rounds):
            say(f"round {number + 1} of {arguments.rounds}")
            database = bench.database()
            report = bench.seed(database, "--scale", scale, "--jobs", "2")
            if first is None:
                made = bench.seed(database, "--scale", scale, "--calibrate", "--seed", "1")
                size = int(bench.sql(database, f"select pg_database_size('{database}')")[0][0])
                first = copies.write(database)
                restore = bench.restore(database)
            cluster.psql("-d", "postgres", "-c", f"create database before template {database}")
            begun = bench.sql(database, "select pg_current_xact_id()")[0][0]
            grown = bench.seed(database, "--append", "--scale", str(2 * arguments.scale), "--jobs", "2")
            if grown_files is None:
                grown_files = copies.write(database, since=begun)
            bench.drop(database)
            live = copies.load("before", grown_files, sessions=2)
            bench.drop("before")
            bare = bench.database()
            copies.prepare(bare, first)
            two = copies.load(bare, first, sessions=2)
            bench.drop(bare)
            one = bench.database()
            indexes = copies.prepare(one, first)
            alone = copies.load(one, first, sessions=1) + copies.rebuild(one, indexes)
            bench.drop(one)
            rounds.append({
                "rows": report["rows"], "bytes": report["bytes"], "seconds": report["seconds"],
                "rows_seconds": stage(report, "rows"), "stages": report["stages"],
                # Of the indexes the first stage alone: the second is that of tables which the files do not hold.
                "ready_seconds": stage(report, "rows") + first_stage(report, "indexes"),
                "listings_per_second": report["rows_per_second"]["market_data.listings"],
                "memory_mb": max(report["memory_mb"], grown["memory_mb"]),
                "copy_seconds": two, "one_copy_and_index_seconds": alone,
                "growth_rows": grown["rows"], "growth_seconds": stage(grown, "rows"), "growth_copy_seconds": live,
                "faker_per_second": bench.faker(),
            })
        small = bench.database()
        tenth = bench.seed(small, "--scale", str(arguments.scale / 10), "--jobs", "2")
        bench.drop(small)
    return {
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f}",
        "scale": arguments.scale, "database_bytes": size, "rounds": rounds, "made": made,
        "restore_seconds": restore, "tenth": {"rows": tenth["rows"], "rows_seconds": stage(tenth, "rows")},
    }


def first_stage(report, wanted):
    return next(seconds for name, seconds in report["stages"] if name == wanted)


def show(result):
    rounds = result["rounds"]
    of = lambda function: median(function(one) for one in rounds)
    speed = of(lambda one: one["rows"] / one["rows_seconds"])
    made = result["made"]
    alone = sum(one["rows"] for one in made) / sum(one["seconds"] for one in made)
    tenth = result["tenth"]["rows"] / result["tenth"]["rows_seconds"]
    print(f"scale {result['scale']}, {result['machine']}")
    for name, figure, form in [
        ("rows/s in the stage of rows", speed, ".0f"),
        ("÷ two server-side COPYs, bare tables", of(lambda one: one["copy_seconds"] / one["rows_seconds"]), ".2f"),
        ("growth into live indexes, rows/s", of(lambda one: one["growth_rows"] / one["growth_seconds"]), ".0f"),
        ("÷ two server-side COPYs, live indexes", of(lambda one: one["growth_copy_seconds"] / one["growth_seconds"]), ".2f"),
        ("÷ one COPY, then indexes", of(lambda one: one["one_copy_and_index_seconds"] / one["ready_seconds"]), ".2f"),
        ("listings/s of a connection ÷ Faker and COPY",
         of(lambda one: one["listings_per_second"] / one["faker_per_second"]), ".0f"),
        ("whole, seconds", of(lambda one: one["seconds"]), ".1f"),
        ("÷ pg_restore -j2 and analyze", result["restore_seconds"] / of(lambda one: one["seconds"]), ".2f"),
        ("rows, millions", rounds[0]["rows"] / 1e6, ".2f"),
        ("database, GB", result["database_bytes"] / 1e9, ".2f"),
        ("memory at most, MB", of(lambda one: one["memory_mb"]), ".0f"),
        ("rows/s of generation alone, one core", alone, ".0f"),
        ("÷ rows/s of two server-side COPYs", of(lambda one: alone * one["copy_seconds"] / one["rows"]), ".2f"),
        ("rows/s at a tenth of the scale", tenth, ".0f"),
    ]:
        print(f"  {name:<46}{figure:>10{form}}")


if __name__ == "__main__":
    main()
