"""The outbox beside a bare queue: messages a second that are taken and answered for, with 1, 2 and 4 senders."""

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from exporter import Postgres
from measure.report import lines

WORKERS = (1, 2, 4)

# Two calls a batch on both sides: take, then answer for all of it.
OUTBOX = """
select gen_random_uuid() as lease \\gset
select coalesce(jsonb_agg(jsonb_build_object('notice_id', c.notice_id, 'event_at', c.event_at, 'outcome', 'sent',
    'messages', jsonb_build_array(1))), '[]') as results
from notify.outbox_claim(:lease::uuid, {batch}) as c \\gset
select count(*) from notify.outbox_finish(:lease::uuid, :results::jsonb);
"""
BARE = """
with taken as (
    update public.bare as b set state = 'leased', due_at = transaction_timestamp() + interval '1 minute'
    from (select n.id from public.bare as n where n.state = 'waiting' and n.due_at <= transaction_timestamp()
          order by n.due_at, n.id limit {batch} for update skip locked) as n
    where b.id = n.id
    returning b.id, b.data)
select coalesce(array_agg(t.id), '{{}}')::text as ids, count(t.data) as taken from taken as t \\gset
delete from public.bare as b where b.id = any (:ids::bigint[]);
"""

PEOPLE = """
insert into people_data.users (role, display_name, language, created_at, updated_at)
select 'user', 'Some', 'ru', now(), now() from generate_series(1, {rows});
insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
select 'telegram', u.id::text, u.id, now(), now() from people_data.users as u;
update ops_data.settings set value = '0' where key = 'outbox.per_second';
create table public.bare (
    id bigint generated always as identity primary key, state text not null default 'waiting',
    due_at timestamptz not null, data jsonb not null);
create index on public.bare (due_at, id) where state = 'waiting';
vacuum analyze;
"""

# Every person has one message, so that nobody waits for the time between two messages to one person.
FILL = {
    "outbox": """truncate notify_data.holds; insert into notify_data.holds values (0, '-infinity');
        select notify.tell(array(select u.id from people_data.users as u), 'listing.approved', 'round ' || {number},
            date_trunc('hour', now()), '{{"listing_id": 1, "title": "Brake pads"}}')""",
    "bare": """truncate public.bare; insert into public.bare (due_at, data)
        select now(), '{{"listing_id": 1, "title": "Brake pads"}}' from people_data.users""",
}
LEFT = {"outbox": "select count(*) from notify_data.queue", "bare": "select count(*) from public.bare"}


def measured(server, args, script, side, workers, number):
    """Messages a second of one run over a full queue."""
    server.psql(FILL[side].format(number=number) + "; vacuum analyze; checkpoint;")
    batches = args.rows // args.batch // workers
    command = [server.bin / "pgbench", "-n", "-M", "prepared", "-f", script, "-c", workers, "-j", workers, "-t", batches,
               "-h", "127.0.0.1", "-p", server.port, "-U", "postgres", "postgres"]
    begin = time.monotonic()
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    left = int(server.psql(LEFT[side]))
    done = args.rows - left
    # Two that take at one moment may leave each other less than a whole batch.
    assert done >= args.rows * 0.9, f"{side}: {left} of {args.rows} are left"
    return done / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kardan", required=True)
    parser.add_argument("--postgres-bin", required=True)
    parser.add_argument("--rows", type=int, default=20_000, help="messages of a run")
    parser.add_argument("--batch", type=int, default=100, help="messages of a claim")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Postgres(args.postgres_bin, folder / "server") as server:
            url = f"postgres://postgres@127.0.0.1:{server.port}/postgres"
            subprocess.run([args.kardan, "migrate", "up", "--database-url", url], check=True, stdout=subprocess.DEVNULL)
            server.psql(PEOPLE.format(rows=args.rows))
            version = server.psql("show server_version")
            scripts = {}
            for side, text in (("outbox", OUTBOX), ("bare", BARE)):
                scripts[side] = folder / f"{side}.sql"
                scripts[side].write_text(text.format(batch=args.batch), encoding="utf-8")
            for number in range(args.rounds):
                for workers in WORKERS:
                    for side in ("bare", "outbox"):
                        key = number * 100 + workers
                        rate = measured(server, args, scripts[side], side, workers, key)
                        rounds.append({"round": number, "workers": workers, "side": side, "per_second": rate})
    rows = [["senders", "bare queue, messages/s", "outbox, messages/s", "outbox ÷ bare", "rounds"]]
    for workers in WORKERS:
        by = {side: [one["per_second"] for one in rounds if (one["workers"], one["side"]) == (workers, side)]
              for side in ("bare", "outbox")}
        each = [ours / bare for ours, bare in zip(by["outbox"], by["bare"])]
        rows.append([str(workers), f"{median(by['bare']):,.0f}", f"{median(by['outbox']):,.0f}", f"{median(each):.2f}",
                     ", ".join(f"{one:.2f}" for one in each)])
    print("\n".join(lines(rows)))
    print(f"\nPostgreSQL {version}, {args.rows} messages a run in batches of {args.batch}, "
          f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    place = Path(__file__).parent / "results"
    place.mkdir(exist_ok=True)
    machine = {"date": date.today().isoformat(), "cores": os.cpu_count(), "load": os.getloadavg(), "postgres": version,
               "system": platform.platform()}
    (place / "outbox.json").write_text(json.dumps({"rounds": rounds, "machine": machine}, indent=1) + "\n")


if __name__ == "__main__":
    main()
