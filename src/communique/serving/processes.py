"""What the operating system tells of another process of ours, and does to it."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")
MALLOC = {
    "arena_max": 1,
    "mmap_threshold": 4 << 20,
    "tcache_count": 1000,
    "top_pad": 1 << 20,
    "trim_threshold": 32 << 20,
}
"""How glibc manages the memory of a worker (GNU C Library, section "Memory Allocation Tunables").

It has one thread at work, which shares the memory of the process with nobody. A query makes many small objects of few
sizes and lets go of all of them: they are kept at hand for the next one, with memory that the system would clear again.
"""


def cpu_seconds(pid: int) -> float | None:
    """Return the seconds of processor time that a process has had (proc_pid_stat(5)), to a hundredth.

    None where the system does not tell, or when the process has ended.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK
    except (OSError, ValueError, LookupError):
        return None


def worker_environment(outer: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for processes that evaluate queries; what `outer` says of memory goes before MALLOC.

    >>> worker_environment({"GLIBC_TUNABLES": "glibc.malloc.perturb=1"})["GLIBC_TUNABLES"].split(":")[-2:]
    ['glibc.malloc.trim_threshold=33554432', 'glibc.malloc.perturb=1']
    """
    ours = (f"glibc.malloc.{name}={value}" for name, value in MALLOC.items())
    return {**outer, "GLIBC_TUNABLES": ":".join(filter(None, (*ours, outer.get("GLIBC_TUNABLES"))))}


def make_polite(pid: int, *, nice: int) -> None:
    """Let a process take what others leave: `nice` more than this one (nice(1)), without a way back."""
    if nice:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + nice)
