"""What processes have cost, read from /proc: CPU seconds and memory."""

import os
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


def stat(pid):
    """The fields of /proc/PID/stat after the name, or none when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name may hold blanks and brackets; what follows it holds neither.
    return text.rpartition(")")[2].split()


def children(parent):
    """The numbers of a process's living children."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            fields = stat(entry.name)
            if fields and int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


def cpu(pid):
    """CPU seconds of one process with all its threads."""
    fields = stat(pid)
    return (int(fields[11]) + int(fields[12])) * TICK if fields else 0.0


def tree_cpu(pid):
    """CPU seconds of a process, its living descendants, and the dead ones that were waited for."""
    fields = stat(pid)
    if not fields:
        return 0.0
    own = sum(int(field) for field in fields[11:15]) * TICK
    return own + sum(tree_cpu(child) for child in children(pid))


def machine_cpu():
    """CPU seconds that all cores were busy since the machine started."""
    user, nice, system, _idle, _wait, irq, softirq, steal = (
        int(field) for field in Path("/proc/stat").read_text().split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) * TICK


def memory(pid):
    """Resident memory of one process in bytes, now and at most."""
    sizes = {}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "VmHWM"):
            sizes[name] = int(value.split()[0]) * 1024
    return sizes["VmRSS"], sizes["VmHWM"]


def tree_memory(pid):
    """Resident memory of a process and its living descendants in bytes."""
    return memory(pid)[0] + sum(tree_memory(child) for child in children(pid))
