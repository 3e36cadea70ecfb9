"""Measures backups; `./dev bench backup` runs it. Standard library only.

A seeded market is backed up by `kardan backup take` without and with counted rows, restored, and drilled. The reference, in
the same rounds and on the same disk: `pg_basebackup` as a stream through `zstd`, and `zstd` into `tar` and `pg_verifybackup`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measure import report, servers
from measure.progress import say

SIDES = ("bare take", "take --no-count", "take", "bare restore", "restore", "drill")
BARE = {"take --no-count": "bare take", "take": "bare take", "restore": "bare restore", "drill": "restore"}


def main():
    arguments = parse()
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as folder:
        # PostgreSQL runs as another user when this is root.
        os.chmod(folder, 0o755)
        folder = Path(folder)
        with servers.kardan(arguments.kardan, folder, os.environ) as _:
            cluster = servers.Cluster(arguments.postgres_bin, folder / "data")
            market(arguments, cluster)
            size = int(cluster.psql("-c", "select sum(pg_database_size(oid)) from pg_database")[0][0])
            say(f"{size / 1e9:.2f} GB of data")
            rounds = []
            for number in range(arguments.rounds):
                rounds += [one | {"round": number} for one in measure(arguments, cluster, folder)]
            result = {
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "cores": os.cpu_count(),
                "postgres": cluster.psql("-c", "show server_version")[0][0], "bytes": size, "rounds": rounds,
            }
    out = servers.BENCH / "results" / "backup.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n")
    print(table(result))
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench backup", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--scale", type=float, default=0.3, help="million listings [0.3]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds [3]")
    return parser.parse_args()


def market(arguments, cluster):
    url = f"host={cluster.host} port={cluster.port} user=postgres dbname={cluster.database}"
    for step in (["--mark"], ["--scale", str(arguments.scale)]):
        subprocess.run(
            [arguments.kardan, "seed", *step], check=True, env=os.environ | {"DATABASE_URL": url},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # What is dirty would be written by whichever side comes first.
    cluster.psql("-c", "checkpoint")


def measure(arguments, cluster, folder):
    """Each side once."""
    bare, repository, again = folder / "bare", folder / "backups", folder / "again"
    environment = os.environ | cluster.environment("postgres")
    program = Path(arguments.postgres_bin)
    url = f"host={cluster.host} port={cluster.port} user=postgres dbname={cluster.database}"

    def shell(side, line):
        yield timed(side, ["bash", "-o", "pipefail", "-c", line], environment)

    def kardan(side, *words):
        command = [arguments.kardan, "backup", "--repository", str(repository), *words]
        yield timed(side, command, os.environ | {"DATABASE_URL": url})

    for path in (bare, repository, again):
        shutil.rmtree(path, ignore_errors=True)
    bare.mkdir()
    basebackup = f"{program}/pg_basebackup -D - -Ft -X fetch --checkpoint=fast --no-password"
    yield from shell("bare take", f"{basebackup} | zstd -q -3 -o {bare}/base.tar.zst && sync {bare}/base.tar.zst")
    yield {"side": "bare stored", "bytes": (bare / "base.tar.zst").stat().st_size}
    yield from kardan("take --no-count", "take", "--no-count")
    shutil.rmtree(repository)
    yield from kardan("take", "take")
    yield {"side": "stored", "bytes": sum(f.stat().st_size for f in repository.rglob("*") if f.is_file())}
    into = again / "bare"
    into.mkdir(parents=True)
    yield from shell(
        "bare restore", f"zstd -q -d < {bare}/base.tar.zst | tar x -C {into} && {program}/pg_verifybackup -q {into}")
    shutil.rmtree(again)
    yield from kardan("restore", "restore", "latest", "--to", str(again))
    shutil.rmtree(again)
    yield from kardan("drill", "drill")


def timed(side, command, environment):
    started = time.monotonic()
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"bench: error: {side}: {done.stdout.decode(errors='replace')[-2000:]}")
    say(f"{side}: {seconds:.1f} s")
    return {"side": side, "seconds": seconds}


def table(result):
    """Medians, and the ratio of the times within each round."""
    rounds = result["rounds"]
    by = {(one["round"], one["side"]): one for one in rounds}
    numbers = sorted({one["round"] for one in rounds})
    rows = [("", "s", "MB/s", "time ÷")]
    for side in SIDES:
        seconds = median(by[number, side]["seconds"] for number in numbers)
        ratio = ""
        if side in BARE:
            each = (by[number, side]["seconds"] / by[number, BARE[side]]["seconds"] for number in numbers)
            ratio = f"{median(each):.2f} {BARE[side]}"
        rows.append((side, f"{seconds:.1f}", f"{result['bytes'] / 1e6 / seconds:.0f}", ratio))
    stored = median(by[number, "stored"]["bytes"] for number in numbers)
    return "\n".join([
        *report.lines(rows), f"{result['bytes'] / 1e9:.2f} GB of data, {stored / 1e9:.2f} GB stored, n = {len(numbers)}"])


if __name__ == "__main__":
    sys.exit(main())
