"""One session of psql, kept open: statements one at a time, each with its time and the CPU time of its backend."""

import os
import subprocess
import time

MARK = "-- done --"


class Session:
    """A connection of its own; a context manager."""

    def __init__(self, bin_dir, environment):
        self.command = [str(bin_dir / "psql"), "-X", "-q", "-A", "-t", "-F", "\t"]
        self.environment = os.environ | environment

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1,
        )
        self.backend = int(self.run("select pg_backend_pid();")[0])
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)

    def run(self, statement):
        """The lines of output; an error is one."""
        self.process.stdin.write(f"{statement}\n\\echo {MARK}\n")
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline()) and line.strip() != MARK:
            lines.append(line.rstrip("\n"))
        wrong = [line for line in lines if line.startswith("ERROR:")]
        if wrong or not line:
            raise SystemExit(f"bench: error: {statement}\n" + "\n".join(lines))
        return lines

    def timed(self, statement):
        """Output, milliseconds on the clock and milliseconds of the backend's CPU."""
        cpu, clock = self.cpu(), time.perf_counter()
        lines = self.run(statement)
        took = (time.perf_counter() - clock) * 1000
        # The backend has answered before it goes to sleep, and only then is its time counted.
        time.sleep(0.001)
        return lines, took, self.cpu() - cpu

    def cpu(self):
        """CPU milliseconds that the backend has used."""
        with open(f"/proc/{self.backend}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e6
