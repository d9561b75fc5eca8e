"""Pages that are made on request over a service, between files that are there: the same answers as for a built site."""

import re
import time
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from communique.formats import HTML, Format
from communique.hosting import plan
from communique.own_addresses import guarded
from communique.serving import files
from communique.serving.addresses import INDEX, Names, name_of, slashed, spellings
from communique.serving.encodings import encoded
from communique.serving.files import File
from communique.serving.filling import filled, templates_of
from communique.serving.negotiation import best, combined
from communique.serving.pages import EXTENSIONS, Pages
from communique.serving.press import Made, Press
from communique.serving.problems import MEDIA_TYPE, Refusal
from communique.serving.silence import Unavailable
from communique.serving.waiting import Unless, hang_up

NOTHING = Made({}, 0.0)
INDEX_STEM = INDEX.removesuffix(HTML.extension)
FAULT = "500"
"""The name of the page that says why another one cannot be made."""
MAIN = re.compile(rb"<main\b[^>]*>")
RELATIVE = re.compile(r'\b(href|src|action)="(?![a-zA-Z]+:|[/#"])')


@dataclass(slots=True)
class LivePages(Pages):
    """An ASGI application over the shell of a site, and over the pages that a press makes."""

    press: Press = field(kw_only=True)
    _made: Made = NOTHING

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, from the files of one page in one state."""
        stems = self._stems(scope) if scope["method"] in ("GET", "HEAD") else []
        if not stems:
            return await Pages.__call__(self, scope, receive, send)
        made = NOTHING
        try:
            for stem in stems:
                made = await self._unless_gone(receive, stem)
                if made.files:
                    break
        except Unavailable as problem:
            return await self._unavailable(scope, problem)(scope, receive, send)
        except Refusal as refusal:
            return await refusal.response()(scope, receive, send)
        view = copy(self)
        view._made = made
        if stem in self._by_iri(scope):
            view._names = Names({self._path(scope)[1:]: stem}, {slashed(scope): stem})
        return await Pages.__call__(view, scope, receive, send)

    def file(self, name: str) -> File | None:
        """Return the file at `name`: of the page that was made, else of the shell."""
        content = self._made.files.get(name)
        if content is None:
            return Pages.file(self, name)
        language = self._readers.get(self._language_of(name), "")
        if not self._made.stale:
            return files.made(content, name, link=self._link(name), language=language)
        if name.endswith(HTML.extension):
            content = self._with_notice(content, name)
        file = files.made(content, name, link=self._link(name), language=language)
        return replace(file, headers=[*file.headers, (b"age", b"%d" % (time.time() - self._made.at))])

    def _with_notice(self, page: bytes, name: str) -> bytes:
        """Return a page that says from when it is."""
        ending = self._endings.get(self._language_of(name), HTML.extension)
        told = Pages.file(self, FAULT + ending)
        if told is None or told.content is None:
            return page
        made = f"{datetime.fromtimestamp(self._made.at, UTC):%Y-%m-%d %H:%M} UTC"
        notice = filled(templates_of(told.content.decode())["stale"], {"time": made}).encode()
        return MAIN.sub(lambda found: found[0] + notice, page, count=1)

    def _unavailable(self, scope: Scope, problem: Unavailable) -> Response:
        """Return why there is no page: a page in the language of the reader, or a problem for programs."""
        name = name_of(scope["path"].removeprefix(scope.get("root_path", "")))
        ending = self._endings.get(self._language_of(name)) or self._page(FAULT, scope)
        page = Pages.file(self, FAULT + ending)
        header = combined(scope["headers"], b"accept")
        # Who does not say what suits has said it by the address, where that is of data.
        is_data = (EXTENSIONS.get(name[name.rfind(".") :], HTML) if "." in name else HTML) is not HTML
        wanted = best(header, offers=sorted(("text/html", MEDIA_TYPE), reverse=not is_data))
        if page is None or page.content is None or wanted != "text/html":
            problem.headers["Vary"] = self._vary
            return problem.response()
        text = page.content.decode()
        text = text.replace("<!--reason-->", templates_of(text)[problem.reason], 1)
        # The page stands at the address of another one, in whatever folder, and has that one's languages.
        text = text.replace(f'href="{FAULT}.', f'href="{quote(next(iter(self._stems(scope)), FAULT))}.')
        html = RELATIVE.sub(rf'\1="{quote(scope.get("root_path", ""))}/', text)
        headers = {**plan.HEADERS, "Cache-Control": "no-store", "Vary": self._vary, **problem.headers}
        if language := self._language_of(FAULT + ending):
            headers["Content-Language"] = self._readers[language]
        return encoded(Response(html, problem.status, headers, "text/html"), scope["headers"])

    def has(self, name: str) -> bool:
        """Tell whether there is a file at `name`."""
        return name in self._made.files or Pages.has(self, name)

    def content(self, name: str, *, most: int | None = None) -> bytes | None:
        """Return the bytes of the file at `name`."""
        found = self._made.files.get(name)
        if found is None:
            return Pages.content(self, name, most=most)
        return found if most is None or len(found) <= most else None

    def siblings(self, name: str) -> tuple[Format, ...]:
        """Return the formats in which the thing at `name` can be had, the preferred one first."""
        if not self._made.files:
            return Pages.siblings(self, name)
        return self._offered(name)

    def _see_other(self, name: str, scope: Scope) -> Response:
        # The list of the classes is made when somebody asks for it.
        if not self._made.files and name in self.press.folders[:1]:
            return self._folder(name, scope)
        return Pages._see_other(self, name, scope)

    def _hold(self, name: str, file: File) -> None:
        if not self._made.files:
            Pages._hold(self, name, file)

    @staticmethod
    def _path(scope: Scope) -> str:
        return str(scope["path"]).removeprefix(scope.get("root_path", ""))

    def _stems(self, scope: Scope) -> list[str]:
        """Return the paths of the pages of which one may be asked for, none where a file of the shell answers."""
        path = self._path(scope)
        by_iri = self._by_iri(scope)
        try:
            name = "" if slashed(scope) else name_of(path)
        except Refusal:
            name = ""
        stem = self._stem(name) if name else ""
        if stem is None or not stem or (stem == name and "%" in stem):
            # No file is called so: where a name has "%", the request has "%25".
            return [] if stem is None else by_iri
        # It may be the address, without its slash, of a thing whose IRI ends in one; or that of one with an extension.
        others = [_index(stem)] if path.endswith(f"/{stem}") else [name] * (not path.endswith("/"))
        return [stem, *others, *by_iri]

    def _stem(self, name: str) -> str | None:
        """Return the path of the page that has a file of this name, None where that is a file of the shell."""
        ending = next((each for each in reversed(self._endings.values()) if name.endswith(each)), "")
        extension = name[name.rfind(".") :] if "." in name.rpartition("/")[2] else ""
        if extension == HTML.extension and not ending:
            ending = extension
        stem = name.removesuffix(ending or (extension if extension in EXTENSIONS else ""))
        ours = stem in self.press.stems or stem == INDEX_STEM
        if not ours and (self.root / name).is_file():
            return None
        # A name of the shell without an extension is that of a page of the shell.
        if not ours and not extension and Pages.siblings(self, stem):
            return None
        return stem

    def _by_iri(self, scope: Scope) -> list[str]:
        """Return the paths of the pages of things that may be asked for whose IRIs are no names of files."""
        endings = [each.removesuffix(HTML.extension) for each in self._endings.values() if each != HTML.extension]
        found = []
        for path in spellings(scope):
            stem = self.press.renamed.get(path) or guarded(path, reserved=self.press.reserved, endings=endings)
            if path in self.press.renamed or "%" in stem:
                found.append(stem)
        return found

    async def _unless_gone(self, receive: Receive, stem: str) -> Made:
        """Return a page, or stop waiting when the client hangs up: it may be that somebody else waits for it."""
        if (found := self.press.held(stem)) is not None:
            return found
        try:
            async with Unless(lambda: hang_up(receive), after=0):
                return await self.press.page(stem)
        except TimeoutError as gone:
            raise Refusal(408, "The client hung up.") from gone


def _index(stem: str) -> str:
    return f"{stem}/{INDEX_STEM}"
