"""What the endpoint says of itself: the query page to people, the service description to programs.

| request | answer |
|---|---|
| `Accept` likes HTML best | the query page, in the language of the reader (`Accept-Language`), with its address |
| a format of RDF | the description in it |
| anything (`*/*`, or no header) | the description in Turtle |
| anything else | 406 |

Both are sent as files are (`files`): with an ETag, packed, or not again.
"""

from dataclasses import dataclass, field

from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from communique.formats import HTML, Format
from communique.serving import files, service_description
from communique.serving.files import File
from communique.serving.pages import Pages
from communique.serving.preferences import preferred
from communique.serving.problems import Refusal

QUERY_PAGE = "sparql"
FORMATS = (*service_description.FORMATS,)


@dataclass(slots=True)
class Describing:
    """Answers requests to the endpoint that carry no query: from `pages`, which may have none, or by `description`."""

    description: list[Triple]
    pages: Pages
    _written: dict[Format, File] = field(default_factory=dict)

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
        return _Sent(self._description(wanted))

    def _description(self, format: Format) -> File:
        if format not in self._written:
            content = service_description.write(self.description, format=format)
            file = files.made(content, QUERY_PAGE + format.extension)
            self._written[format] = files.varying(file, self.pages.vary)
        return self._written[format]


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
