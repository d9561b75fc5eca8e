"""Who asks a service: name and password, or a token, from the environment or from `.netrc`; they are never shown."""

from __future__ import annotations

import netrc
import os
from dataclasses import dataclass, field

from communique.errors import AccessError

USER, PASSWORD, TOKEN = "COMMUNIQUE_STORE_USER", "COMMUNIQUE_STORE_PASSWORD", "COMMUNIQUE_STORE_TOKEN"
REMEDY = f"Set {USER} and {PASSWORD}, or {TOKEN}, or put the host into ~/.netrc."


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a service is told of who asks; nothing of it is in the printed form."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def credentials(host: str) -> Credentials | None:
    """Return the credentials for a host, None where there are none; raises AccessError if `.netrc` is malformed."""
    if token := os.environ.get(TOKEN):
        return Credentials(token=token)
    if user := os.environ.get(USER):
        return Credentials(user, os.environ.get(PASSWORD, ""))
    try:
        found = netrc.netrc(os.environ.get("NETRC")).authenticators(host)
    except FileNotFoundError:
        return None
    except (netrc.NetrcParseError, OSError) as error:
        raise AccessError(f".netrc: cannot be read: {error}") from error
    return Credentials(found[0], found[2] or "") if found else None
