"""What a query worker gives up before it sees its first query: memory, files, sockets, a life of its own.

pyoxigraph follows `SERVICE` to any host, without a switch against it, a time limit or a memory limit; the operating
system has all three.
"""

import ctypes
import errno
import faulthandler
import os
import platform
import resource
import signal
import struct
import sys

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 1, 38, 22, 2
AUDIT_ARCH_X86_64 = 0xC000003E
# socket connect bind listen clone fork vfork execve execveat clone3, by their numbers on x86-64
DENIED = (41, 42, 49, 50, 56, 57, 58, 59, 322, 435)
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000


WORDS = 64 << 10
"""Bytes of stack for the last words of a thread."""


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends: no worker outlives the server (prctl(2), Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def leave_signals_to_parent() -> None:
    """Heed no signal that the server is sent with all its processes, as by a terminal or a service manager.

    What they do is asked for until the server, which hears it too, has ended in good order, and ends them.
    """
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)


class _Stack(ctypes.Structure):
    """stack_t of signal.h (sigaltstack(2))."""

    _fields_ = (("start", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


def have_last_words(descriptor: int) -> object:
    """Have this thread write to `descriptor` why the system ends the process for what it does (`faulthandler`).

    Without a stack of its own a thread says nothing when its stack is used up. Keep what is returned: it is that one.
    """
    room = ctypes.create_string_buffer(WORDS)
    stack = _Stack(ctypes.cast(room, ctypes.c_void_p), 0, WORDS)
    ctypes.CDLL(None).sigaltstack(ctypes.byref(stack), None)
    faulthandler.enable(descriptor, all_threads=False)
    return room


def lock_down(memory: int) -> list[str]:
    """Cap what is taken beyond now at `memory` bytes; no new files, sockets, processes, core dumps; irrevocable.

    The cap is on data (getrlimit(2)), which may grow into address space that was only set aside; and on address space,
    for what is mapped otherwise. The stack of the thread counts as taken, although it is not used yet.

    Returns the names of the guards that this system cannot give, for the server to say so. Open descriptors stay open.
    """
    missing = []
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    space, data = in_use()
    try:
        resource.setrlimit(resource.RLIMIT_AS, (space + memory, space + memory))
        resource.setrlimit(resource.RLIMIT_DATA, (data + memory, data + memory))
    except (OSError, ValueError):
        missing.append("memory limit")
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if not _deny_system_calls():
        missing.append("seccomp")
    return missing


def be_silent() -> None:
    """Say nothing on stdout and stderr: what an engine out of memory writes there would be read as the server's."""
    with open("/dev/null", "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)


def in_use() -> tuple[int, int]:
    """Return the bytes of address space and of data in use (proc_pid_status(5)), 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            sizes = {name: value for name, _, value in (line.partition(":") for line in status)}
            return int(sizes["VmSize"].split()[0]) << 10, int(sizes["VmData"].split()[0]) << 10
    except (OSError, LookupError, ValueError):
        return 0, 0


def _deny_system_calls() -> bool:
    """Install a seccomp filter that answers EPERM to DENIED (seccomp(2)); False where that cannot be done."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    code = struct.pack("HBBI", LOAD, 0, 0, 4) + struct.pack("HBBI", JUMP_EQUAL, 1, 0, AUDIT_ARCH_X86_64)
    code += struct.pack("HBBI", RETURN, 0, 0, ERRNO | errno.EPERM) + struct.pack("HBBI", LOAD, 0, 0, 0)
    for number in DENIED:
        code += struct.pack("HBBI", JUMP_EQUAL, 0, 1, number) + struct.pack("HBBI", RETURN, 0, 0, ERRNO | errno.EPERM)
    code += struct.pack("HBBI", RETURN, 0, 0, ALLOW)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
