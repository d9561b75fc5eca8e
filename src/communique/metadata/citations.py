"""Citations: how a thing of a site is cited, as text and for programs that keep references (BibTeX, RIS, CSL-JSON).

Whoever publishes the data is the author, and the date is that of the data: both make the citation of a version.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from communique.descriptions.labels import local_name
from communique.legibility import legible_name

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from communique.website.site import Site

_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation tells; what is not known is "".

    `whole` is the title of the dataset, "" for the dataset itself; `date` begins with the year.
    """

    author: str
    title: str
    whole: str
    version: str
    date: str
    iri: str

    @property
    def year(self) -> str:
        """The year of the version that is cited."""
        return self.date[:4]

    @property
    def bibtex(self) -> str:
        """The citation as an entry of BibTeX."""
        whole = f"In: {self.whole}, version {self.version}" if self.whole and self.version else self.whole
        fields = {
            "author": f"{{{_escaped(self.author)}}}" if self.author else "",
            "title": f"{{{_escaped(self.title)}}}",
            "year": self.year,
            "month": self.date[5:7],
            "note": _escaped(whole or (f"Version {self.version}" if self.version else "")),
            # Braces would end it; all else is kept as it is.
            "url": self.iri.replace("{", "%7B").replace("}", "%7D"),
        }
        lines = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{_key(self)}{lines}\n}}\n"

    @property
    def ris(self) -> str:
        """The citation as a record of RIS."""
        fields = (
            ("TY", "DATA"),
            ("AU", f"{self.author}," if self.author else ""),
            ("TI", self.title),
            ("T2", self.whole),
            ("PY", self.year),
            ("DA", self.date.replace("-", "/")),
            ("ET", self.version),
            ("UR", self.iri),
        )
        return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n"

    @property
    def csl(self) -> str:
        """The citation as CSL-JSON (schema 1.0), a list of one item."""
        parts = [int(part) for part in self.date.split("-") if part]
        item = {
            "id": self.iri,
            "type": "dataset",
            "author": [{"literal": self.author}] if self.author else [],
            "title": self.title,
            "container-title": self.whole,
            "version": self.version,
            "issued": {"date-parts": [parts]} if parts else {},
            "URL": self.iri,
        }
        return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False) + "\n"


class Citations:
    """How the things of a site are cited; what is the same for all is found once."""

    def __init__(self, site: Site) -> None:
        """Find who publishes what, in which version, and when."""
        about = site.catalog.about
        self._labels = site.labels
        self._wholes = {each.resource for each in (about, *site.catalog.datasets)}
        self._author, self._title, self._date = author_of(site), _line(about.title.text), date_of(site)
        self._version = _line(about.version)

    def of(self, node: NamedNode) -> Citation:
        """Return how a thing is cited; the whole catalogue and its datasets for themselves."""
        whole = "" if node in self._wholes else self._title
        label = _line(self._labels.of(node).text)
        return Citation(self._author, label, whole, self._version, self._date, node.value)


def whole_citation(site: Site) -> Citation:
    """Return how all that is published together is cited."""
    about = site.catalog.about
    node = about.resource or site.catalog.dataset
    iri = node.value if node else site.catalog.base
    return Citation(author_of(site), _line(about.title.text), "", _line(about.version), date_of(site), iri)


def author_of(site: Site) -> str:
    """Return the name of whoever publishes, or ""."""
    publisher = site.catalog.about.publisher
    if publisher is None:
        return ""
    return _line(publisher.value if isinstance(publisher, Literal) else site.labels.of(publisher).text)


def date_of(site: Site) -> str:
    """Return the date of what is published, as far as it is said: 2026-11-24, 2026-11, 2026 or ""."""
    about = site.catalog.about
    found = _DATE.match(about.modified) or _DATE.match(about.issued)
    return found[0] if found else ""


def _key(citation: Citation) -> str:
    """Return a key of letters that BibTeX takes: the end of the IRI, and the year."""
    name = unicodedata.normalize("NFKD", local_name(citation.iri.rstrip("/#")))
    return f"{re.sub('[^A-Za-z0-9]+', '-', name).strip('-') or 'data'}-{citation.year}".rstrip("-")


def _line(text: str) -> str:
    return legible_name(" ".join(text.split()))


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(letter, letter) for letter in text)
