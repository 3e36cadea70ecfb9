"""One load of some seconds, by pgbench or wrk: how much was done, how long each took, what the client cost."""

import json
import os
import resource
import subprocess

from . import searches
from .servers import BENCH


def client_cpu():
    """CPU seconds of all programs that were started and waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command, seconds, environment=None):
    """Runs a load generator; gives its output and its CPU seconds."""
    before = client_cpu()
    done = subprocess.run(
        command, env=environment, check=False, capture_output=True, text=True, timeout=seconds + 60,
    )
    if done.returncode:
        raise SystemExit(f"bench: error: {command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout, client_cpu() - before


def percentile(ordered, part):
    """The value below which this part of the ordered values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else None


class Pgbench:
    """Eight connections of pgbench on the socket, calling one of the two functions by prepared statements."""

    def __init__(self, cluster, scratch, scripts, variables):
        self.cluster, self.scratch, self.variables = cluster, scratch, variables
        self.scripts = scripts

    @classmethod
    def listing_get(cls, cluster, scratch, first, last):
        return cls(cluster, scratch, [BENCH / "listing_get.sql"], {"first": first, "last": last})

    @classmethod
    def listing_search(cls, cluster, scratch, drawn):
        template = (BENCH / "listing_search.sql").read_text()
        folder = scratch / "searches"
        folder.mkdir()
        scripts, variables = [], {}
        for at, search in enumerate(drawn):
            text, named = searches.script(template, search, at)
            scripts.append(folder / f"{at:03}.sql")
            scripts[-1].write_text(text)
            variables |= named
        return cls(cluster, scratch, scripts, variables)

    def run(self, seconds):
        prefix = self.scratch / "latency"
        command = [
            self.cluster.bin_dir / "pgbench", "-n", "-M", "prepared", "-c", "8", "-j", "2", "-T", str(seconds),
            "--log", f"--log-prefix={prefix}", "--sampling-rate=0.2",
        ]
        command += [f"-D{name}={value}" for name, value in self.variables.items()]
        command += [f"-f{script}" for script in self.scripts]
        environment = os.environ | self.cluster.environment("kardan_api")
        output, cost = run([str(part) for part in command], seconds, environment)
        logs = list(self.scratch.glob("latency.*"))
        took = sorted(int(line.split()[2]) for log in logs for line in log.read_text().splitlines())
        for log in logs:
            log.unlink()
        values = dict(line.partition(key)[::2] for line in output.splitlines() for key in (": ", " = ") if key in line)
        if values.get("number of failed transactions", "0").split()[0] != "0":
            raise SystemExit(f"bench: error: statements failed:\n{output[-2000:]}")
        return {
            "requests": int(values["number of transactions actually processed"].split("/")[0]),
            # Without the time that it took to connect.
            "per_second": float(values["tps"].split()[0]),
            "p50": percentile(took, 0.5), "p95": percentile(took, 0.95), "p99": percentile(took, 0.99),
            "refused": 0, "client_cpu": cost,
        }


class Wrk:
    """Connections of wrk to one of the two HTTP servers."""

    def __init__(self, url, script, *arguments, threads=2, connections=32):
        self.url, self.script, self.arguments = url, script, arguments
        self.threads, self.connections = threads, connections

    def run(self, seconds):
        command = [
            "wrk", "-t", self.threads, "-c", self.connections, "-d", f"{seconds}s", "--timeout", "10s",
            "-s", BENCH / "wrk" / f"{self.script}.lua", self.url, "--", *self.arguments,
        ]
        output, cost = run([str(part) for part in command], seconds)
        counted = json.loads(next(line for line in output.splitlines() if line.startswith("{")))
        if counted.pop("broken") or not counted["requests"]:
            raise SystemExit(f"bench: error: connections broke or nothing was answered:\n{output[-2000:]}")
        counted["per_second"] = counted["requests"] / counted.pop("seconds")
        return counted | {"client_cpu": cost}
