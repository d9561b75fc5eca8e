"""Where a server listens, and its address as others see it."""

import socket
from dataclasses import dataclass, field
from ipaddress import ip_network
from urllib.parse import quote, unquote, urlsplit

from communique.errors import UsageError
from communique.serving.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server listens and how it is seen from outside.

    `url` is the public address, "" for the one it listens on; `root_path` the prefix of a reverse proxy, "" for the
    path of `url`; `proxies` are addresses of reverse proxies that are believed, separated by commas.
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

    Raises UsageError for what is no address and no prefix.

    >>> seen_from_outside(Place(url="https://data.example/sco"), 8000)
    ('https://data.example/sco/', '/sco')
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
    origin = f"{parts.scheme}://{parts.netloc}" if place.url else f"http://{host}:{port}"
    return f"{origin}/{quote(prefix)}{'/' if prefix else ''}", f"/{prefix}" if prefix else ""


def free_port(host: str) -> int:
    """Return a port that nobody has now; its number is needed before the server begins, for the service description."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
