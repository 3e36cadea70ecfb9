"""Measures the seeder; `./dev bench seeder` runs it.

The same bytes go in twice, in turns, each time into a database that was just migrated: by `kardan seed`, and by two sessions of
the server that COPY files which it wrote itself, into the same tables without secondary indexes and foreign keys. The files hold
the columns that the seeder writes, so both sides pay for generated columns. Then the whole database goes out and in again by
pg_dump and pg_restore with two jobs, and grows by --append.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from measure import servers
from measure.progress import say

TO = "2026-01-01"
# What `kardan seed` takes away before its first load, in the same words.
TAKE_AWAY = """
do $$
declare
    v_drop text;
begin
    for v_drop in
        select k.drops from (
            select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as drops,
                n.nspname || '.' || r.relname as name, 1 as place
            from pg_constraint as c
            join pg_class as r on r.oid = c.conrelid
            join pg_namespace as n on n.oid = r.relnamespace
            where c.contype = 'f' and c.conparentid = 0
            union all
            select format('drop index %s', i.indexrelid::regclass), n.nspname || '.' || r.relname, 2
            from pg_index as i
            join pg_class as r on r.oid = i.indrelid
            join pg_namespace as n on n.oid = r.relnamespace
            where not i.indisunique and r.relkind in ('r', 'p') and not r.relispartition) as k
        where k.name = any ('{TABLES}')
        order by k.place
    loop
        execute v_drop;
    end loop;
end
$$"""


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

    def write_files(self, database):
        """Every table of a seeded database as two files of binary COPY; gives what to load, the largest first."""
        loads = []
        for table, columns, size in self.tables(database):
            for half in range(2):
                path = self.scratch / f"{table}.{half}"
                where = f"(hashtext(t::text) & 1) = {half}" if size > 1 << 20 else f"{half} = 0"
                self.sql(database, f"copy (select {columns} from {table} as t where {where}) to '{path}' (format binary)")
                loads.append((table, columns, path))
        return loads

    def tables(self, database):
        """Tables that hold seeded rows, with the columns that are not generated."""
        return [
            (table, columns, int(size)) for table, columns, size in self.sql(database, """
                select n.nspname || '.' || c.relname,
                    (select string_agg(format('%I', a.attname), ', ' order by a.attnum) from pg_attribute as a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''),
                    coalesce(
                        (select sum(pg_relation_size(t.relid)) from pg_partition_tree(c.oid) as t), pg_relation_size(c.oid))
                from pg_class as c
                join pg_namespace as n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p') and not c.relispartition
                    and n.nspname || '.' || c.relname in (
                        select split_part(s.table_name, '/', 1) from ops_data.seed_chunks as s where s.row_count > 0)
                order by 3 desc""")
        ]

    def server_copy(self, loads):
        """Seconds that two sessions of the server take to COPY the files."""
        database = self.database()
        names = sorted({table for table, _, _ in loads})
        self.sql(database, TAKE_AWAY.replace("{TABLES}", "{" + ",".join(names) + "}"))
        for table in ("market_data.listing_events", "market_data.deal_events", "ops_data.audit"):
            self.sql(database, f"""select partman.create_partition_time('{table}', array(
                select generate_series(timestamptz '2024-01-01', '{TO}', interval '1 month')))""")
        self.sql(database, f"""select partman.create_partition_time('notify_data.outbox', array(
            select generate_series(date_trunc('week', timestamptz '{TO}' - interval '63 days'), '{TO}', interval '1 week')))""")
        for table in ("market_data.contact_clicks", "market_data.listing_views"):
            self.sql(database, f"""select partman.create_partition_time('{table}', array(
                select generate_series(timestamptz '{TO}' - interval '29 days', '{TO}', interval '1 day')))""")
        waiting, lock, failures = list(loads), threading.Lock(), []

        def session():
            while True:
                with lock:
                    if not waiting or failures:
                        return
                    table, columns, path = waiting.pop(0)
                try:
                    self.cluster.psql(
                        "-d", database, "-c", "set session_replication_role = replica", "-c", "set synchronous_commit = off",
                        "-c", f"copy {table} ({columns}) from '{path}' (format binary)")
                except subprocess.CalledProcessError as error:
                    failures.append(error.stderr)

        since = time.monotonic()
        sessions = [threading.Thread(target=session) for _ in range(2)]
        [thread.start() for thread in sessions]
        [thread.join() for thread in sessions]
        if failures:
            raise SystemExit(f"bench: error: {failures[0]}")
        seconds = time.monotonic() - since
        self.drop(database)
        return seconds

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
        scale, rounds, loads = str(arguments.scale), [], None
        for number in range(arguments.rounds):
            say(f"round {number + 1} of {arguments.rounds}")
            database = bench.database()
            report = bench.seed(database, "--scale", scale, "--jobs", "2")
            if loads is None:
                made = bench.seed(database, "--scale", scale, "--calibrate", "--seed", "1")
                size = int(bench.sql(database, f"select pg_database_size('{database}')")[0][0])
                loads = bench.write_files(database)
                restore = bench.restore(database)
            grown = bench.seed(database, "--append", "--scale", str(2 * arguments.scale), "--jobs", "2")
            bench.drop(database)
            rounds.append({
                "rows": report["rows"], "bytes": report["bytes"], "seconds": report["seconds"],
                "rows_seconds": stage(report, "rows"), "stages": report["stages"],
                "memory_mb": max(report["memory_mb"], grown["memory_mb"]),
                "copy_seconds": bench.server_copy(loads),
                "growth_rows": grown["rows"], "growth_seconds": stage(grown, "rows"),
            })
        small = bench.database()
        tenth = bench.seed(small, "--scale", str(arguments.scale / 10), "--jobs", "2")
        bench.drop(small)
    return {
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f}",
        "scale": arguments.scale, "database_bytes": size, "rounds": rounds, "made": made,
        "restore_seconds": restore, "tenth": {"rows": tenth["rows"], "rows_seconds": stage(tenth, "rows")},
    }


def show(result):
    rounds = result["rounds"]
    of = lambda function: median(function(one) for one in rounds)
    speed = of(lambda one: one["rows"] / one["rows_seconds"])
    print(f"scale {result['scale']}, {result['machine']}")
    print(f"  rows/s in the stage of rows            {speed:>10.0f}")
    print(f"  ratio to two server-side COPYs         {of(lambda one: one['copy_seconds'] / one['rows_seconds']):>10.2f}")
    print(f"  growth into live indexes, rows/s       {of(lambda one: one['growth_rows'] / one['growth_seconds']):>10.0f}")
    print(f"  whole, seconds                         {of(lambda one: one['seconds']):>10.1f}")
    print(f"  ratio to pg_restore -j2 and analyze    {result['restore_seconds'] / of(lambda one: one['seconds']):>10.2f}")
    print(f"  rows, millions                         {rounds[0]['rows'] / 1e6:>10.2f}")
    print(f"  database, GB                           {result['database_bytes'] / 1e9:>10.2f}")
    print(f"  memory at most, MB                     {of(lambda one: one['memory_mb']):>10.0f}")
    made = result["made"]
    alone = sum(one["rows"] for one in made) / sum(one["seconds"] for one in made)
    print(f"  rows/s of generation alone, one core   {alone:>10.0f}")
    tenth = result["tenth"]["rows"] / result["tenth"]["rows_seconds"]
    print(f"  rows/s at a tenth of the scale         {tenth:>10.0f}")


if __name__ == "__main__":
    main()
