"""Faults of the server itself: a page for people, a problem for programs; what it was stands in the log alone."""

from importlib.resources import files

from starlette.responses import Response
from starlette.types import Scope

from communique.hosting import plan
from communique.reasons import reason
from communique.serving.access_log import id_of, is_logged
from communique.serving.negotiation import best, combined
from communique.serving.problems import MEDIA_TYPE, Refusal


def fault(scope: Scope, error: Exception) -> Response:
    """Return the answer to a request that met an error, which gets a note with the id that the client is given."""
    name = id_of(scope)
    error.add_note(f"Its client was told that the request is {name}.")
    # The access log gives its id to every answer.
    own = {} if is_logged(scope) else {"X-Request-ID": name}
    if best(combined(scope["headers"], b"accept"), offers=["text/html", MEDIA_TYPE]) == "text/html":
        page = files("communique.serving").joinpath("fault.html").read_text(encoding="utf-8").replace("{id}", name)
        headers = {**plan.HEADERS, "Cache-Control": plan.NOT_KEPT, "Vary": "Accept", **own}
        return Response(page, 500, headers, "text/html")
    return Refusal(500, [reason("fault", id=name)], headers={"Vary": "Accept", **own}).response()
