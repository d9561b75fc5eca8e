"""The process that workers are forked from: the engine imported, nothing open, a new worker within milliseconds.

    python -m communique.serving.nursery DESCRIPTOR SNAPSHOT MEMORY RESULT

Each message on the socket DESCRIPTOR carries the descriptor of a socket pair; the answer is the process id of the
worker behind it, four bytes.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from communique.serving import guard


def main(arguments: list[str]) -> None:
    """Fork a worker for each descriptor that arrives, until the server goes away."""
    guard.die_with_parent()
    guard.leave_signals_to_parent()
    # Not before, so that no such signal ends what is about to begin; once here, inherited by every worker.
    import communique.snapshots  # noqa: F401
    from communique.serving import worker

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control = socket.socket(fileno=int(arguments[0]))
    _keep_only(control.fileno())
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        except ConnectionError:  # the server ended before it read the last answer
            message = b""
        if not message:
            return _outlive_the_workers()
        pid = os.fork()
        if pid == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _live(worker.main, socket.socket(fileno=descriptors[0]), arguments[1:])
        os.close(descriptors[0])
        try:
            control.sendall(pid.to_bytes(4, "big"))
        except OSError:  # the server ended while it started
            return _outlive_the_workers()


def _keep_only(descriptor: int) -> None:
    """Close what was handed down beside one descriptor and the first three: uvloop closes nothing, nor may a shell."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))


def _outlive_the_workers() -> None:
    """Wait until the kernel has cleaned up after every worker (wait(2): SIGCHLD is ignored)."""
    with suppress(ChildProcessError):
        os.wait()


def _live(work: Callable[[socket.socket, list[str]], None], connection: socket.socket, arguments: list[str]) -> None:
    """Run the worker and end the process, without a traceback and without cleaning up what is the parent's."""
    try:
        work(connection, arguments)
    except BaseException as error:
        sys.stderr.write(f"communique: a query worker could not start: {error}\n")
    finally:
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
