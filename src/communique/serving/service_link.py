"""The query page names the endpoint in a header: a static host has none, and so the page need not try one in vain."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUERY_PAGE = re.compile(r"(?:.*/)?sparql(?:\.[A-Za-z-]+)?(?:\.html)?")
LINK = (b"link", b'<sparql>; rel="service"')


class ServiceLink:
    """Middleware that adds `Link: <sparql>; rel="service"` to the query page, in whatever language."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != "http" or not QUERY_PAGE.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return

        async def linked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], LINK]}
            await send(message)

        await self.app(scope, receive, linked)
