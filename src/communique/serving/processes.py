"""What the operating system tells of another process of ours, and does to it."""

import os
from contextlib import suppress
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float | None:
    """Return the seconds of processor time that a process has had (proc_pid_stat(5)), to a hundredth.

    None where the system does not tell, or when the process has ended.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK
    except (OSError, ValueError, LookupError):
        return None


def make_polite(pid: int, *, nice: int) -> None:
    """Let a process take what others leave: `nice` more than this one (nice(1)), without a way back."""
    if nice:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + nice)
