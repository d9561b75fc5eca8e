"""Where a server listens, and its address as others see it."""

import re
import socket
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import quote, unquote, urlsplit

from starlette.types import Scope

from communique.errors import UsageError
from communique.serving.limits import Limits

HOST = re.compile(rb"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
"""A host that may be repeated in an answer: a name or an address, with or without a port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server listens and how it is seen from outside.

    `url` is the public address, "" for the one it listens on, or where that is every address, for the one that a client
    used; `root_path` the prefix of a reverse proxy, "" for the path of `url`; `proxies` are addresses of reverse
    proxies that are believed, separated by commas.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    root_path: str = ""
    proxies: str = "127.0.0.1"
    access_log: bool = False
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Raise UsageError for a proxy that is no address: it would be believed never, and nobody be told."""
        for each in filter(None, (part.strip() for part in self.proxies.split(","))):
            try:
                if each != "*":
                    ip_network(each)
            except ValueError as error:
                told = f"{each} is no IP address, no network such as 10.0.0.0/8, and not * for every one"
                raise UsageError(f"--trust-proxy: {told}") from error


def seen_from_outside(place: Place, port: int) -> tuple[str, str]:
    """Return the public address of the site, with a slash at its end, and the prefix of its paths, "" or as in "/x".

    Who listens on every address has none of its own: what is returned then has neither scheme nor host (`absolute`).

    Raises UsageError for what is no address and no prefix.

    >>> seen_from_outside(Place(url="https://data.example/sco"), 8000)
    ('https://data.example/sco/', '/sco')
    >>> seen_from_outside(Place(host="0.0.0.0", root_path="/sco"), 8000)
    ('/sco/', '/sco')
    """
    parts = urlsplit(place.url)
    if place.url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise UsageError(f"--url {place.url}: must be an address such as https://data.example/")
    prefix = unquote((place.root_path or parts.path).strip("/"))
    if place.root_path and parts.path.strip("/") and unquote(parts.path.strip("/")) != prefix:
        raise UsageError(f"--root-path {place.root_path}: is not the path of --url {place.url}")
    if {"", ".", ".."} & set(prefix.split("/")) and prefix:
        raise UsageError(f"--root-path {place.root_path}: must be a path such as /data")
    host = f"[{place.host}]" if ":" in place.host else place.host
    own = "" if _is_every_address(place.host) else f"http://{host}:{port}"
    origin = f"{parts.scheme}://{parts.netloc}" if place.url else own
    return f"{origin}/{quote(prefix)}{'/' if prefix else ''}", f"/{prefix}" if prefix else ""


def follows_requests(url: str) -> bool:
    """Tell whether the host of this public address is the one that each client used."""
    return url.startswith("/")


def absolute(url: str, scope: Scope) -> str:
    """Return a public address in full, for the answer to a request: where it names no host, with the one that was used.

    That is the Host of the request, or where it names none that may be repeated, the address that was reached. Neither
    is for others: what is kept of such an answer must be found by it.
    """
    if not follows_requests(url):
        return url
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    named = host.decode().lower() if HOST.fullmatch(host) else _reached(scope)
    return f"{'https' if scope['scheme'] in ('https', 'wss') else 'http'}://{named}{url}"


def _reached(scope: Scope) -> str:
    """Return the address of ours at which a request arrived, and its port."""
    host, port = scope.get("server") or ("localhost", None)
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}" if port else host


def _is_every_address(host: str) -> bool:
    """Tell whether who listens on `host` listens on every address of the machine."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0]
        return ip_address(found).is_unspecified
    except (OSError, ValueError):
        return False


def free_port(host: str) -> int:
    """Return a port that nobody has now; its number is needed before the server begins, for the service description."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
