"""What sessions of the server alone do with the same rows: it writes them into files of binary COPY, and reads those again."""

import subprocess
import threading
import time

# What `kardan seed` takes away before its first load, in the same words; as statements that take away and that make again.
REBUILDS = """
select k.drops, k.makes from (
    select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as drops,
        format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as makes,
        n.nspname || '.' || r.relname as name, 2 as place
    from pg_constraint as c
    join pg_class as r on r.oid = c.conrelid
    join pg_namespace as n on n.oid = r.relnamespace
    where c.contype = 'f' and c.conparentid = 0
    union all
    select format('drop index %s', i.indexrelid::regclass), replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '),
        n.nspname || '.' || r.relname, 1
    from pg_index as i
    join pg_class as r on r.oid = i.indrelid
    join pg_namespace as n on n.oid = r.relnamespace
    where not i.indisunique and r.relkind in ('r', 'p') and not r.relispartition) as k
where k.name = any ('{TABLES}')
order by k.place"""

# The tables whose rows begin in the past, and when, as the seeder has them.
PARTITIONS = [
    ("market_data.listing_events", "timestamptz '2024-01-01'"),
    ("market_data.deal_events", "timestamptz '2024-01-01'"),
    ("market_data.chat_messages", "timestamptz '2024-01-01'"),
    ("ops_data.audit", "timestamptz '2024-01-01'"),
    ("notify_data.outbox", "timestamptz '{TO}' - interval '60 days'"),
    ("market_data.contact_clicks", "timestamptz '{TO}' - interval '28 days'"),
    ("market_data.listing_views", "timestamptz '{TO}' - interval '28 days'"),
]
# What the seeder's sessions have.
SETTINGS = ["set session_replication_role = replica", "set synchronous_commit = off", "set maintenance_work_mem = '256MB'"]


class Copies:
    def __init__(self, cluster, scratch, to):
        self.cluster, self.scratch, self.to, self.count = cluster, scratch, to, 0

    def sql(self, database, *statements):
        commands = [part for statement in statements for part in ("-c", statement)]
        return self.cluster.psql("-d", database, *commands)

    def write(self, database, since=None):
        """Every table as two files; of what was written by this transaction or later when one is given. Gives what to load, the
        largest first: table, columns, file."""
        self.count += 1
        loads = []
        for table, columns, size in self.tables(database):
            for half in range(2):
                path = self.scratch / f"{self.count}.{table}.{half}"
                where = f"(hashtext(t::text) & 1) = {half}" if size > 1 << 20 else f"{half} = 0"
                if since is not None:
                    where += f" and t.xmin::text::bigint >= {since}"
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

    def prepare(self, database, loads):
        """Takes indexes and foreign keys away and makes partitions; gives the statements that make the former again."""
        names = "{" + ",".join(sorted({table for table, _, _ in loads})) + "}"
        rebuilds = self.sql(database, REBUILDS.replace("{TABLES}", names))
        self.sql(database, *(drops for drops, _ in reversed(rebuilds)))
        for table, since in PARTITIONS:
            self.sql(database, f"select ops.partitions_cover('{table}', {since.replace('{TO}', self.to)})")
        return [makes for _, makes in rebuilds]

    def load(self, database, loads, sessions):
        """Seconds that so many sessions take to COPY the files."""
        waiting, lock, failures = list(loads), threading.Lock(), []

        def session():
            while True:
                with lock:
                    if not waiting or failures:
                        return
                    table, columns, path = waiting.pop(0)
                try:
                    self.sql(database, *SETTINGS, f"copy {table} ({columns}) from '{path}' (format binary)")
                except subprocess.CalledProcessError as error:
                    failures.append(error.stderr)

        since = time.monotonic()
        threads = [threading.Thread(target=session) for _ in range(sessions)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        if failures:
            raise SystemExit(f"bench: error: {failures[0]}")
        return time.monotonic() - since

    def rebuild(self, database, makes):
        """Seconds that one session takes to make indexes and foreign keys again."""
        since = time.monotonic()
        self.sql(database, *SETTINGS[1:], *makes)
        return time.monotonic() - since
