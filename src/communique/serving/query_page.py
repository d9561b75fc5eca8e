"""The query page in one language, filled with an answer for readers without scripts."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from communique.iris import Prefixes
from communique.serving.fault_words import translated
from communique.serving.filling import filled, part, repeated, templates_of
from communique.serving.page_links import url_of_page
from communique.serving.result_names import Row, is_familiar, pieces

VARIABLE = re.compile(r"([?$]\w+)")
CELLS = 3000
"""So many cells are shown: nobody pays for them, and who is served next waits until they are written."""


@dataclass(frozen=True)
class Page:
    """The query page in one language, to be filled."""

    site: Path
    file: Path
    data: Mapping[str, Any]
    endings: Mapping[str, str]

    @cached_property
    def _text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def _templates(self) -> dict[str, str]:
        return templates_of(self._text)

    @cached_property
    def _prefixes(self) -> Prefixes:
        return Prefixes(self.data["prefixes"])

    @property
    def ending(self) -> str:
        """What the names of pages in this language end with."""
        return self.file.name.removeprefix("sparql")

    @property
    def language(self) -> str:
        """The language of the page, the first one of its data."""
        return next(tag for tag, ending in self.endings.items() if ending == self.ending)

    @cached_property
    def _interface(self) -> str:
        """The language of the words of the page."""
        found = re.search(r'<html lang="([^"]*)"', self._text)
        return found[1] if found else ""

    def fault(self, problem: Mapping[str, Any]) -> str:
        """Return the page with what a problem document says."""
        told = translated(problem, page=self._text, number=self._number)
        values = {**told._asdict(), "detail": self._unbroken(told.detail)}
        return self._with(filled(self._templates["fault-at" if told.line else "fault"], values), "")

    def _unbroken(self, text: str) -> str:
        """Return a text, escaped, whose variables are marked: a line could end between the sign and the name of one."""
        template = self._templates.get("variable", "{name}")
        parts = (
            filled(template, {"name": each}) if VARIABLE.fullmatch(each) else escape(each)
            for each in VARIABLE.split(text)
        )
        return Markup("".join(parts))

    def large(self, query: str) -> str:
        """Return the page with links to an answer that is too large to be shown."""
        return self._with(self._templates["large"], self._files(query))

    def empty(self) -> str:
        """Return the page that says that a graph has no triples."""
        return self._with(self._templates["empty"], "")

    def graph(self, query: str, turtle: str, *, ours: Collection[str]) -> str:
        """Return the page with a graph in Turtle, of whose IRIs those may have a page that are `ours`."""
        text = "".join(
            self._named(piece, iri, url=self._url(iri) if iri in ours else "") if iri else str(escape(piece))
            for piece, iri in pieces(turtle, most=CELLS)
        )
        return self._with("", self._files(query, "ttl") + self._templates["graph"].replace("{turtle}", text, 1))

    def results(
        self, query: str, found: Mapping[str, Any], rows: Sequence[Row], labels: Mapping[str, tuple[str, str]]
    ) -> str:
        """Return the page with the answer to a SELECT or an ASK query, of whose rows `rows` are shown."""
        if "boolean" in found:
            return self._with(self._templates["yes" if found["boolean"] else "no"], "")
        head, count = found["head"]["vars"], len(found["results"]["bindings"])
        if count and not rows:
            return self.large(query)
        table = self._templates["table"]
        row, cell = part(table, "row"), part(part(table, "row"), "cell")
        table = repeated(table, "head", (filled(part(table, "head"), {"name": name}) for name in head))
        lines = (
            repeated(row, "cell", (cell.replace("{cell}", self._shown(each.get(name), labels)) for name in head))
            for each in rows
        )
        table = repeated(table, "row", lines)
        status = filled(self._templates["rows"], {"count": self._number(count), "shown": self._number(len(rows))})
        return self._with(status, self._files(query) + table)

    def _number(self, value: int | str) -> str:
        from communique.interface import Interface  # a server has its first page sooner without

        return Interface(self._interface).number(value)

    def _with(self, status: str, results: str) -> str:
        return self._text.replace("<!--status-->", status, 1).replace("<!--results-->", results, 1)

    def _files(self, query: str, *formats: str) -> str:
        template = self._templates["files"]
        address = f"sparql?query={quote(query, safe='')}&format="
        wanted = formats or ("csv", "srj")
        names = {"srj": "JSON"}
        values = ({"url": address + each, "name": names.get(each, each.upper())} for each in wanted)
        return repeated(template, "file", (filled(part(template, "file"), each) for each in values))

    def _shown(self, term: Mapping[str, Any] | None, labels: Mapping[str, tuple[str, str]]) -> str:
        if term is None:
            return ""
        kind, value = term["type"], term["value"]
        if kind == "uri":
            text, language = labels.get(value, ("", ""))
            values = {"iri": value, "text": text or self._prefixes.curie(value) or value, "language": language}
            if value in labels and (url := self._url(value)):
                return filled(self._templates["page"], {**values, "url": url})
            if value.startswith(("http://", "https://")):
                return filled(self._templates["elsewhere"], {**values, "url": value})
            return filled(self._templates["iri"], values)
        if kind != "literal":
            return filled(self._templates["text"], {"text": "[ ]" if kind == "bnode" else json.dumps(value)})
        if not is_familiar(datatype := term.get("datatype", "")):
            short = self._prefixes.curie(datatype) or datatype
            return filled(self._templates["typed"], {"text": value, "datatype": datatype, "short": short})
        language = term.get("xml:lang", "")
        return filled(self._templates["text"], {"text": value, "language": language, "tag": self._mark(language)})

    def _mark(self, language: str) -> str:
        """Return the tag of a language as a reader of the page has to be told it, "" for one that the page is in."""
        spoken = {each.lower().partition("-")[0] for each in (self.language, self._interface)}
        return "" if language.lower().partition("-")[0] in spoken else language

    def _named(self, text: str, iri: str, *, url: str) -> str:
        """Return a name with a link to its page, or to itself."""
        template = "name"
        if not url and iri.startswith(("http://", "https://")):
            url, template = iri, "name-elsewhere"
        return filled(self._templates[template], {"url": url, "iri": iri, "text": text}) if url else str(escape(text))

    def _url(self, iri: str) -> str:
        return url_of_page(iri, site=self.site, data=self.data, ending=self.ending)
