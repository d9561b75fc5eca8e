"""The web process: the application behind an HTTP front with limits, until a signal ends it in good order."""

import asyncio
import errno
import functools
import gc
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import uvicorn

from communique.errors import AccessError
from communique.serving.access_log import AccessLog
from communique.serving.app import Application
from communique.serving.limits import Limits
from communique.serving.proxies import Proxies
from communique.serving.shortcuts import Shortcuts

HEAD_ROOM = 100
"""Descriptors that are left for what is not a connection."""


ALLOCATIONS = 10_000
"""Objects that may be made, and not let go, before garbage is collected."""


class Server(uvicorn.Server):
    """A server that says when it listens, and ends with 0 when it is told to end: that is no failure."""

    def __init__(self, config: uvicorn.Config, app: Application, *, listening: Callable[[], None]) -> None:
        """Call `listening` once connections are taken; `app` is told to reload, and when no more are taken."""
        super().__init__(config)
        self._app, self._listening = app, listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and to reload at SIGHUP."""
        await super().startup(sockets)
        if not self.should_exit:
            # What is there by now stays: collecting garbage need not look through it, nor after every few requests.
            gc.freeze()
            gc.set_threshold(ALLOCATIONS)
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._app.request_reload)
            self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let answers end."""
        self._app.retire()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in good order at the first signal, at once at the second."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def run(
    app: Application,
    *,
    host: str,
    port: int,
    announce: Callable[[str], None],
    limits: Limits | None = None,
    proxies: str = "127.0.0.1",
    access_log: Callable[[str], None] | None = None,
) -> None:
    """Serve `app` until SIGINT or SIGTERM; `announce` gets the address once it answers. Port 0 takes any free one.

    `proxies` are addresses, separated by commas, of reverse proxies that are believed what they say of the client
    (X-Forwarded-For); `access_log` gets a line for each request. Raises AccessError when the address cannot be had.
    """
    limits = limits or Limits()
    listener = _listener(host, port)
    url = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}{app.root_path}/"
    log = AccessLog(app, access_log) if access_log else None
    front = functools.partial(
        Shortcuts, site=app, limits=_within_descriptors(limits), proxies=Proxies(proxies), access_log=log
    )
    config = uvicorn.Config(
        log or app,
        http=front,  # type: ignore[arg-type]
        ws="none",
        lifespan="on",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=int(limits.stop_time) + 2,
    )
    server = Server(config, app, listening=lambda: announce(url))
    with listener:
        server.run(sockets=[listener])
    if not server.started:
        raise AccessError(f"{url}: the server could not start")


def _listener(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # Else an answer in two writes waits for an acknowledgment that the client delays, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        option = "--port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
        raise AccessError(f"{host}:{port}: {error.strerror}: choose another one with {option}") from error


def _within_descriptors(limits: Limits) -> Limits:
    """Return the limits with no more connections than this process may hold, after asking for as many as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + HEAD_ROOM
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return limits
    may = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (may, hard))
    return replace(limits, connections=max(1, may - HEAD_ROOM))
