"""The servers of a run: `kardan up` with its PostgreSQL, and the reference. Both end with the run."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from . import processes

BENCH = Path(__file__).resolve().parent.parent


def free_port():
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that serves HTTP; a context manager, so that it ends whatever happens."""

    def __init__(self, name, command, port, health, log, environment):
        self.name, self.command, self.port, self.health = name, command, port, health
        self.log, self.environment = log, environment

    def __enter__(self):
        with open(self.log, "wb") as log:
            # In a session of its own: Ctrl-C reaches this program first, which then stops it in order.
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )
        try:
            self.wait(120)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def wait(self, seconds):
        """Waits until it answers; its log is a part of the error when it does not."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace")[-3000:]
                raise SystemExit(f"bench: error: {self.name} does not answer at {self.url}:\n{tail}")
            time.sleep(0.1)

    def answers(self):
        try:
            with urllib.request.urlopen(self.url + self.health, timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def get(self, path):
        """The body of a page, which must be a good one."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read()


def kardan(program, scratch, environment):
    """`kardan up` without demo data and without limits of rate."""
    data, port = scratch / "data", free_port()
    limits = {"KARDAN_API_RATE_ANONYMOUS": "0", "KARDAN_API_RATE_TOKEN": "0"}
    command = [program, "up", "--data-dir", str(data), "--listen", f"127.0.0.1:{port}", "--no-demo"]
    return Server("kardan", command, port, "/health/ready", scratch / "kardan.log", environment | limits)


def reference(python, scratch, cluster):
    """FastAPI on two workers, one for each core, with as many connections together as the API has."""
    port = free_port()
    command = [
        python, "-m", "uvicorn", "app:app", "--app-dir", str(BENCH / "reference"), "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--loop", "uvloop", "--http", "httptools",
        "--no-access-log", "--log-level", "warning",
    ]
    environment = os.environ | cluster.environment("kardan_api") | {"POOL_SIZE": "4"}
    return Server("the reference", command, port, "/health", scratch / "reference.log", environment)


class Cluster:
    """The PostgreSQL that `kardan up` has started."""

    def __init__(self, bin_dir, data_dir):
        self.bin_dir = Path(bin_dir)
        url = urllib.parse.urlsplit((data_dir / "url").read_text().strip())
        host, _, port = url.netloc.rpartition("@")[2].rpartition(":")
        self.host, self.port, self.database = urllib.parse.unquote(host), port, url.path.lstrip("/")
        self.postmaster = int((data_dir / "pg" / "postmaster.pid").read_text().split()[0])

    def environment(self, role):
        """What libpq and asyncpg need to connect through the socket."""
        return {
            "PGHOST": self.host, "PGPORT": self.port, "PGDATABASE": self.database, "PGUSER": role,
            "PGAPPNAME": "bench",
        }

    def psql(self, *arguments, role="postgres"):
        """Runs psql as a superuser; gives the lines of its output, columns separated by tabs."""
        command = [self.bin_dir / "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", *arguments]
        done = subprocess.run(
            command, env=os.environ | self.environment(role), check=True, capture_output=True, text=True,
        )
        return [line.split("\t") for line in done.stdout.splitlines()]

    def sessions(self):
        """How many processes the cluster has, the main one aside."""
        return len(processes.children(self.postmaster))

    def settle(self, sessions):
        """Waits until sessions that a load has opened are gone, so that what they cost is counted."""
        deadline = time.monotonic() + 5
        while self.sessions() > sessions and time.monotonic() < deadline:
            time.sleep(0.02)
