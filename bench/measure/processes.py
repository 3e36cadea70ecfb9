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


def tree(root):
    """The fields of a process and of all its living descendants, by their numbers."""
    everyone = {int(entry): stat(entry) for entry in os.listdir("/proc") if entry.isdigit()}
    found, parents = {}, [root]
    while parents:
        parent = parents.pop()
        if everyone.get(parent):
            found[parent] = everyone[parent]
            parents += [pid for pid, fields in everyone.items() if fields and int(fields[1]) == parent]
    return found


def cpu(pid):
    """CPU seconds of one process with all its threads."""
    fields = stat(pid)
    return (int(fields[11]) + int(fields[12])) * TICK if fields else 0.0


def tree_cpu(root):
    """CPU seconds of a process, its living descendants, and the dead ones that were waited for."""
    while True:
        before, found, after = stat(root), tree(root), stat(root)
        # A child that ends meanwhile may be missing on both sides: then look again.
        if not before or not after or before[13:15] == after[13:15]:
            return sum(int(field) for fields in found.values() for field in fields[11:15]) * TICK


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


def tree_memory(root):
    """Resident memory of a process and its living descendants in bytes."""
    return sum(memory(pid)[0] for pid in tree(root))
