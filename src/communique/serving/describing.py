"""What the endpoint says of itself: the query page to people, the service description to programs.

| request | answer |
|---|---|
| `Accept` likes HTML best | the query page, in the language of the reader (`Accept-Language`), with its address |
| a format of RDF | the description in it |
| anything (`*/*`, or no header) | the description in Turtle |
| anything else | 406 |

Both are sent as files are (`files`): with an ETag, packed, or not again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from communique.formats import HTML, Format
from communique.serving import files, service_description
from communique.serving.files import File
from communique.serving.pages import Pages
from communique.serving.place import absolute
from communique.serving.preferences import preferred
from communique.serving.problems import Refusal

QUERY_PAGE = "sparql"
FORMATS = (*service_description.FORMATS,)
WRITTEN = 64
"""Descriptions that are kept: one in each format, for each address at which there is the endpoint."""


@dataclass(slots=True)
class Describing:
    """Answers requests to the endpoint that carry no query: from `pages`, which may have none, or by `description`.

    That describes the endpoint at an IRI; `url` is the one of this endpoint, and may be without a host.
    """

    description: Callable[[str], list[Triple]]
    url: str
    pages: Pages
    _written: Callable[[str, Format], File] = field(init=False)

    def __post_init__(self) -> None:
        """Write no description before it is asked for."""
        self._written = lru_cache(maxsize=WRITTEN)(self._description)

    async def __call__(self, request: Request) -> Response:
        """Return the answer to one request; raises Refusal."""
        name = self.pages.name_for(QUERY_PAGE, request.scope)
        page = self.pages.file(name)
        # Who takes anything gets what programs read (Service Description, section 2): browsers say that they like HTML.
        wanted = preferred([*FORMATS, HTML] if page else FORMATS, request.scope)
        if wanted is None:
            detail = f"The service description is to be had as {', '.join(each.media_type for each in FORMATS)}."
            raise Refusal(406, detail, headers={"Vary": "Accept"})
        if page is not None and wanted is HTML:
            return _Sent(files.located(page, name, vary=self.pages.vary))
        return _Sent(self._written(absolute(self.url, request.scope), wanted))

    def _description(self, endpoint: str, format: Format) -> File:
        content = service_description.write(self.description(endpoint), format=format)
        return files.varying(files.made(content, QUERY_PAGE + format.extension), self.pages.vary)


class _Sent(Response):
    """A file as a response."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; what its conditions refuse becomes a problem document."""
        try:
            await files.send(self._file, method=scope["method"], headers=scope["headers"], send=send)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
