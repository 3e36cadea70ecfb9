"""An exporter as a process, its scrapes, and two pages held against each other."""

import gzip
import http.client
import os
import re
import socket
import time

from .servers import Server, free_port

# What two scrapes, one after the other, cannot have in common: it counts or grows meanwhile, also by the scrapes.
MOVING = re.compile(
    r"^pg_(stat_(database|bgwriter|user_tables_(seq|idx)|statements|activity|checkpointer)|statio_|locks_|exporter_|scrape_"
    r"|long_running|process_idle|wal_|replication_slot|stat_replication|database_wraparound|stat_archiver_last)"
)


class Exporter(Server):
    """A context manager; it listens on a port of its own."""

    def __init__(self, name, command, flags, source, role, folder):
        port = free_port()
        environment = {**os.environ, "DATA_SOURCE_NAME": source}
        log = folder / f"{role}-{port}.log"
        listen = [f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
        super().__init__(name, [*command, *flags, *listen], port, "/", log, environment)
        self.role, self.connection, self.last = role, None, ""

    def scrape(self, timeout=30):
        """Seconds and text of a scrape as Prometheus makes it: one kept connection, compressed. No text when there
        is no answer in time."""
        began = time.perf_counter()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.sock.settimeout(timeout)
            self.connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"})
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return time.perf_counter() - began, None
        took = time.perf_counter() - began
        if answer.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.last = body.decode()
        return took, self.last

    def series(self):
        """How many the last page had."""
        return sum(1 for line in self.last.splitlines() if line and not line.startswith("#"))


def families(text):
    """The names of the families of a page."""
    return [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")]


def samples(text):
    """Value by series; both exporters write labels in the order of their names."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            series, _, value = line.rpartition(" ")
            found[series] = value
    return found


def is_one_of_ours_alone(series):
    return series.startswith(("go_", "process_", "promhttp_", "postgres_exporter_"))


def compare(theirs, ours):
    """Which series both tell with the same value, which differ though they should not, and what is missing."""
    left, right = samples(theirs), samples(ours)
    both = [series for series in left if series in right and not is_one_of_ours_alone(series)]
    equal = [series for series in both if left[series] == right[series]]
    differ = [series for series in both if left[series] != right[series]]
    unequal = [
        f"{series}: {left[series]} upstream, {right[series]} here" for series in differ if not MOVING.match(series)
    ]
    missing = set(families(theirs)) - set(families(ours))
    return {
        "both": len(both), "equal": len(equal), "moving": len(differ) - len(unequal), "unequal": unequal,
        "upstream_alone": sorted(name for name in missing if not name.startswith("go_")),
    }
