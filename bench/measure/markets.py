"""Databases of several sizes in one server, each filled once."""

import contextlib
import os
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

from . import servers


@contextlib.contextmanager
def cluster(arguments):
    """The server of `--data`, or one that ends with the run."""
    if arguments.data:
        yield servers.Cluster(arguments.postgres_bin, Path(arguments.data))
        return
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as folder:
        # PostgreSQL runs as another user when this is root.
        os.chmod(folder, 0o755)
        scratch = Path(folder)
        with servers.kardan(arguments.kardan, scratch, os.environ):
            yield servers.Cluster(arguments.postgres_bin, scratch / "data")


def market(cluster_, kardan, size, say):
    """Points the cluster at the database with so many listings; makes and fills it when it is not there."""
    name = f"bench_{size}"
    cluster_.database = "postgres"
    if not cluster_.psql("-c", f"select 1 from pg_database where datname = '{name}'"):
        say(f"making a market of {size} listings")
        cluster_.psql("-c", f"create database {name} template template0")
        host = urllib.parse.quote(cluster_.host, safe="")
        url = f"postgresql://postgres@{host}:{cluster_.port}/{name}"
        subprocess.run([kardan, "migrate", "up", "--database-url", url], check=True, capture_output=True)
        cluster_.database = name
        cluster_.psql("-v", f"n={size}", "-f", servers.BENCH / "fill_listings.sql")
        cluster_.psql("-c", "select market.search_counts_refresh()")
        cluster_.psql("-c", "vacuum analyze market_data.search_words, market_data.search_lexemes")
        cluster_.psql("-c", "checkpoint")
    cluster_.database = name
    return cluster_
