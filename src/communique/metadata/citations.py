"""Citations: how a thing of a site is cited, as text and for programs that keep references (BibTeX, RIS, CSL-JSON).

Whoever made the data is the author, else who publishes them; date and version are those of the data. A dataset is cited
by what is said of it, everything else by what is said of the whole. All citations come from here: those of pages,
`CITATION.cff`, `citation.*`, the author of DCAT, schema.org, Signposting and the feed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from communique.descriptions.labels import local_name
from communique.legibility import legible_name
from communique.metadata.authors import Author, author

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from communique.descriptions.catalog import Dataset
    from communique.website.site import Site

_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
# Letters of all scripts are code points of a URL as they are (URL Standard, section 4.3), and shorter so.
_QUOTED = re.compile(r"[^\w.,:;/?=@()*!~-]+")


class CitationForm(NamedTuple):
    """A form for programs that keep references: its name, the ending of its files, and their media type."""

    label: str
    extension: str
    media_type: str


BIBTEX = CitationForm("BibTeX", ".bib", "application/x-bibtex")
RIS = CitationForm("RIS", ".ris", "application/x-research-info-systems")
CSL = CitationForm("CSL-JSON", ".csl.json", "application/vnd.citationstyles.csl+json")

FORMS = (BIBTEX, RIS, CSL)
LONGEST_TITLE = 500
KEY_LETTERS = 8
"""Of a hash in a key, 5 bits each: of 10^5 things without a Latin name, two agree once in 200 sites."""
STEM = "citation"
"""The name, without an ending, of the files with the citation of all that is published together."""


class CitationFile(NamedTuple):
    """A citation as a file: its form, its name, its text, and a URL that holds it (RFC 2397).

    In the page itself it takes a tenth of a kilobyte; a file beside each page would make three more for each thing.
    """

    form: CitationForm
    name: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation tells; what is not known is "".

    `whole` is the title of the dataset, "" for the dataset itself; `date` begins with the year.
    """

    authors: tuple[Author, ...]
    publisher: str
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
    def author(self) -> str:
        """The names of the authors."""
        return ", ".join(each.name for each in self.authors)

    @property
    def other_publisher(self) -> str:
        """The name of the publisher, unless it is that of an author."""
        return self.publisher if self.publisher not in {each.name for each in self.authors} else ""

    @property
    def text(self) -> str:
        """The citation as a sentence, in the order of DataCite."""
        dated = f"{self.author} ({self.year})" if self.author and self.year else self.author or self.year
        whole = f"In: {self.whole}" if self.whole else ""
        version = f"Version {self.version}" if self.version else ""
        parts = (dated, self.title, whole, version, self.other_publisher)
        return "".join(f"{part}. " for part in parts if part) + self.iri

    @property
    def bibtex(self) -> str:
        """The citation as an entry of BibTeX."""
        whole = f"In: {self.whole}, version {self.version}" if self.whole and self.version else self.whole
        fields = {
            "author": " and ".join(_braced(each) for each in self.authors),
            "title": f"{{{_escaped(self.title)}}}",
            "year": self.year,
            "month": self.date[5:7],
            "publisher": _escaped(self.publisher),
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
            # A comma ends a name that is no person's.
            *(("AU", each.sorted_name + "," * (not each.is_person)) for each in self.authors),
            ("TI", self.title),
            ("T2", self.whole),
            ("PY", self.year),
            ("DA", self.date.replace("-", "/")),
            ("ET", self.version),
            ("PB", self.publisher),
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
            "author": [each.csl for each in self.authors],
            "title": self.title,
            "container-title": self.whole,
            "version": self.version,
            "publisher": self.publisher,
            "issued": {"date-parts": [parts]} if parts else {},
            "URL": self.iri,
        }
        return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False) + "\n"

    @property
    def files(self) -> tuple[CitationFile, ...]:
        """The citation in each form, as a file to take home."""
        texts = ((BIBTEX, self.bibtex), (RIS, self.ris), (CSL, self.csl))
        return tuple(CitationFile(form, _key(self) + form.extension, text, _held(text, form)) for form, text in texts)


class Citations:
    """How the things of a site are cited; what is the same for all is found once."""

    def __init__(self, site: Site) -> None:
        """Find out how the whole is cited."""
        self._site = site
        self._whole = whole_citation(site)

    def of(self, node: NamedNode) -> Citation:
        """Return how a thing is cited; the whole catalogue and its datasets for themselves."""
        described = self._site.catalog.described(node)
        if described is not None:
            return _cited(self._site, described, node.value)
        label = _line(self._site.labels.of(node).text)
        title = label if len(label) <= LONGEST_TITLE else label[: LONGEST_TITLE - 2] + " …"
        return replace(self._whole, title=title, whole=self._whole.title, iri=node.value)


def whole_citation(site: Site) -> Citation:
    """Return how all that is published together is cited."""
    node = whole(site)
    return _cited(site, site.catalog.about, node.value if node else site.catalog.base)


def whole(site: Site) -> NamedNode | None:
    """Return what stands for all that is published together: the catalogue, else the dataset, if there is one."""
    return site.catalog.about.resource or site.catalog.dataset


def date_of(dataset: Dataset) -> str:
    """Return the date of a dataset, as far as it is said: 2026-11-24, 2026-11, 2026 or ""."""
    found = _DATE.match(dataset.modified) or _DATE.match(dataset.issued)
    return found[0] if found else ""


def _cited(site: Site, dataset: Dataset, iri: str) -> Citation:
    publishing = author(site, dataset.publisher) if dataset.publisher else Author("")
    made = (author(site, each) for each in dataset.authors)
    authors = tuple(each for each in made if each.name) or ((publishing,) if publishing.name else ())
    publisher = publishing.name
    return Citation(authors, publisher, _line(dataset.title.text), "", _line(dataset.version), date_of(dataset), iri)


def _key(citation: Citation) -> str:
    """Return a key of letters that BibTeX takes: the end of the IRI, the year, and a part of the hash of the IRI.

    The end and the year alone are often those of another thing, as of a meeting and its series.
    """
    name = unicodedata.normalize("NFKD", local_name(citation.iri.rstrip("/#")))
    told = f"{re.sub('[^A-Za-z0-9]+', '-', name).strip('-') or 'data'}-{citation.year}".rstrip("-")
    hashed = base64.b32encode(hashlib.sha256(citation.iri.encode()).digest())[:KEY_LETTERS].decode().lower()
    return f"{told}-{hashed}"


def _braced(each: Author) -> str:
    """Return a name for BibTeX: braces keep commas and "and" in it from being read as signs."""
    given = (each.suffix, each.given) if each.suffix else (each.given,)
    parts = (each.family, *given) if each.given else (each.sorted_name,)
    return ", ".join(f"{{{_escaped(part)}}}" for part in parts)


def _held(text: str, form: CitationForm) -> str:
    quoted = _QUOTED.sub(lambda found: quote(found[0], safe=""), text)
    return f"data:{form.media_type};charset=utf-8,{quoted}"


def _line(text: str) -> str:
    return legible_name(" ".join(text.split()))


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(letter, letter) for letter in text)
