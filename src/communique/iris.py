"""IRI <-> path <-> CURIE: nothing else knows the URL scheme.

`<base>sco/meeting/x` is written to `sco/meeting/x.html`, `.ttl` and so on; `<base>sco/` to `sco/index.html`, the base
itself to `index.html`. An IRI with a fragment or a query is described in the document of the IRI before them. An IRI
is ours if it starts with the base, letter by letter: the scheme of RDF is comparison of strings (RFC 3987 5.3.1), so
`HTTPS:`, a port, or another host is somebody else's.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from urllib.parse import quote

from communique.errors import ProjectError
from communique.file_names import folded, hashed, name_of

WELL_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "adms": "http://www.w3.org/ns/adms#",
        "bibo": "http://purl.org/ontology/bibo/",
        "cc": "http://creativecommons.org/ns#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcmitype": "http://purl.org/dc/dcmitype/",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "geosparql": "http://www.opengis.net/ont/geosparql#",
        "locn": "http://www.w3.org/ns/locn#",
        "oa": "http://www.w3.org/ns/oa#",
        "odrl": "http://www.w3.org/ns/odrl/2/",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prof": "http://www.w3.org/ns/dx/prof/",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "http://schema.org/",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "skosxl": "http://www.w3.org/2008/05/skos-xl#",
        "sosa": "http://www.w3.org/ns/sosa/",
        "spdx": "http://spdx.org/rdf/terms#",
        "time": "http://www.w3.org/2006/time#",
        "vann": "http://purl.org/vocab/vann/",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "void": "http://rdfs.org/ns/void#",
        "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
        "wd": "http://www.wikidata.org/entity/",
        "wdt": "http://www.wikidata.org/prop/direct/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

# Turtle 1.1, section 6.5: PN_PREFIX and PN_LOCAL, the latter without what needs a backslash.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_PREFIX = re.compile(f"(?:[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?)?")
_LOCAL = re.compile(
    f"(?:(?:[{_BASE}_0-9:]|%[0-9A-Fa-f]{{2}})(?:(?:[{_CHARS}.:]|%[0-9A-Fa-f]{{2}})*(?:[{_CHARS}:]|%[0-9A-Fa-f]{{2}}))?)?"
)

# What the site writes itself, or hosts and browsers look for, at the top of a site.
RESERVED = frozenset({
    "404", "500", "_headers", "_hosting", "_redirects", "_site", "assets", "cname", "dcat", "downloads", "dumps",
    "favicon.ico", "feed", "healthz", "humans.txt", "link", "linkset", "linkset.json", "lookup", "manifest.json",
    "metrics", "queries", "robots.txt", "search", "security.txt", "sitemap", "sitemap.xml", "sparql", "void",
})  # fmt: skip
DEPTH = 30
LENGTH = 200
# A fragment keeps its percent-encoding; the rest is RFC 3986, section 3.5.
_FRAGMENT_SAFE = "%!$&'()*+,;=:@/?~"


class Prefixes(Mapping[str, str]):
    """A mapping from prefix to namespace: the declared ones, and the well-known ones that do not contradict them.

    `made` are those that nobody has chosen: they serve queries and documents, and name nothing to readers.
    """

    def __init__(
        self, declared: Mapping[str, str] | Iterable[tuple[str, str]] = (), *, made: Iterable[str] = ()
    ) -> None:
        """Take prefixes with their namespaces; those that Turtle could not write are left out."""
        self.made = frozenset(made)
        own = {prefix: name for prefix, name in dict(declared).items() if _PREFIX.fullmatch(prefix) and name}
        named = set(own.values())
        spare = {prefix: name for prefix, name in WELL_KNOWN.items() if prefix not in own and name not in named}
        self._namespaces = dict(sorted((own | spare).items()))
        # Of two prefixes for one namespace the first in the alphabet is used.
        self._by_namespace = {name: prefix for prefix, name in reversed(self._namespaces.items())}
        self._odd = sorted((n for n in self._by_namespace if not n.endswith(("/", "#"))), key=len, reverse=True)

    @cached_property
    def chosen(self) -> Prefixes:
        """Those that somebody has chosen: what is written into files of people stays when the data change."""
        return Prefixes({prefix: name for prefix, name in self.items() if prefix not in self.made})

    def __getitem__(self, prefix: str) -> str:
        """Return the namespace of a prefix; raises KeyError."""
        return self._namespaces[prefix]

    def __iter__(self) -> Iterator[str]:
        """Give the prefixes in the order of the alphabet."""
        return iter(self._namespaces)

    def __len__(self) -> int:
        """Count the prefixes."""
        return len(self._namespaces)

    def curie(self, iri: str) -> str | None:
        """Return the prefixed name of an IRI if Turtle can write it without a backslash, else None.

        >>> Prefixes().curie("http://www.w3.org/ns/org#Post")
        'org:Post'
        """
        # The local part holds neither "/" nor "#", so the namespace ends at the last of them, or later.
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        namespaces = [name for name in self._odd if len(name) > end and iri.startswith(name)]
        for namespace in (*namespaces, iri[:end]):
            prefix = self._by_namespace.get(namespace)
            if prefix is not None and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return None

    @property
    def plain(self) -> dict[str, str]:
        """The prefixes of those namespaces that end in "/" or "#" and are not the beginning of one that does not."""
        ending = ((name, prefix) for name, prefix in self._by_namespace.items() if name not in self._odd)
        return {name: prefix for name, prefix in ending if not any(odd.startswith(name) for odd in self._odd)}

    @property
    def others(self) -> frozenset[str]:
        """The namespaces that `plain` leaves out."""
        return frozenset(self._by_namespace) - frozenset(self.plain)

    def expand(self, curie: str) -> str:
        """Return the IRI of a prefixed name; raises KeyError if its prefix is unknown."""
        prefix, _, local = curie.partition(":")
        return self._namespaces[prefix] + local


def is_prefix(text: str) -> bool:
    """Tell whether Turtle can write a prefix."""
    return _PREFIX.fullmatch(text) is not None


def completed(declared: dict[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Add prefixes that contradict neither what is declared nor what is well known."""
    known = Prefixes(declared)
    namespaces = set(known.values())
    return declared | {p: name for p, name in more.items() if p not in known and name not in namespaces}


class Addresses:
    """Where the document of each IRI of ours is written: injective, inside the folder, safe on every file system.

    An IRI that people can read becomes the path as it stands. What no file system would keep, or what another IRI wants
    as well, gets a short hash; `renamed` lists these IRIs with their paths. The result depends on the set of IRIs, not
    on their order. IRIs that were not given are treated as if they were alone.
    """

    def __init__(
        self,
        base: str,
        iris: Iterable[str] = (),
        *,
        reserved: Iterable[str] = RESERVED,
        languages: Iterable[str] = (),
    ) -> None:
        """Take the base, all IRIs that get a document, and the names at the top of the site that are not for them.

        What ends in the tag of one of the `languages` is nobody's name either: `x.ru` is the Russian page of `x`.

        Raises ProjectError if the base does not end in `/` or `#`.
        """
        if not base.endswith(("/", "#")):
            raise ProjectError(f"void:uriSpace must end in '/' or '#', got {base!r}")
        self.base = base
        self._root = base.removesuffix("#")
        self._reserved = frozenset(map(folded, reserved))
        self._languages = tuple(f".{folded(tag)}" for tag in languages)
        self._exceptions = self._settle({self._rest(iri) for iri in iris if self.owns(iri)})

    @property
    def renamed(self) -> dict[str, str]:
        """The IRIs whose documents could not be called as they are, with the path without extension."""
        found = {rest: path for rest, path in self._exceptions.items() if path != _literal(rest)}
        return {self._root + rest: path for rest, path in sorted(found.items())}

    def owns(self, iri: str) -> bool:
        """Tell if an IRI is ours: if it starts with the base."""
        return iri.startswith(self.base) or iri == self._root

    def document(self, iri: str) -> str:
        """Return the IRI of the document that describes an IRI of ours: without its query and fragment."""
        return self._root + self._rest(iri)

    def path(self, iri: str, extension: str) -> str:
        """Return where an IRI of ours is described, with its fragment: `sco/meeting/x.html`, `ns.html#Meeting`.

        `extension` may come with its dot or without.
        """
        _, mark, fragment = iri.partition("#")
        return self.file(iri, extension) + (mark + fragment if fragment else "")

    def file(self, iri: str, extension: str) -> str:
        """Return the file that describes an IRI of ours: its path without a fragment."""
        rest = self._rest(iri)
        name = self._exceptions.get(rest) or self._wish(rest)
        return f"{name}.{extension.removeprefix('.')}"

    def relative(self, from_path: str, to_path: str) -> str:
        """Return the URL that leads from one path to another, percent-encoded: `../../ns.html#Meeting`."""
        target, mark, fragment = to_path.partition("#")
        anchor = mark + quote(fragment, safe=_FRAGMENT_SAFE)
        if mark and target == from_path.partition("#")[0]:
            return anchor
        url = posixpath.relpath("/" + target, "/" + posixpath.dirname(from_path))
        return quote(url, safe="/!$&'()+,;=@~") + anchor

    def _rest(self, iri: str) -> str:
        return iri.partition("#")[0].partition("?")[0].removeprefix(self._root)

    def _settle(self, rests: set[str]) -> dict[str, str]:
        """Return the paths of all documents that do not simply get what they wish."""
        wanted: dict[str, list[str]] = {}
        exceptions = {}
        for rest in rests:
            wish = self._wish(rest)
            if wish != rest:
                exceptions[rest] = wish
            wanted.setdefault(folded(wish), []).append(rest)
        for rivals in wanted.values():
            # Whoever is called so to the letter goes first, and in small letters before capitals: it comes later less
            # often that way, and what is published keeps its address.
            winner = min(rivals, key=lambda rest: (exceptions.get(rest, rest) != rest, rest != rest.lower(), rest))
            for rest in rivals:
                if rest != winner:
                    exceptions[rest] = _hashed_path(exceptions.get(rest, rest), rest)
        return exceptions

    def _wish(self, rest: str) -> str:
        """Return the path that a document would have if it were alone."""
        *folders, last = rest.split("/")
        if len(folders) > DEPTH:
            return hashed(rest, readable=last)
        names = [name_of(folder, folder=True) for folder in folders]
        names.append(self._page_name(last))
        if folded(names[0]) in self._reserved:
            names[0] = hashed(rest if not folders else folders[0], readable=names[0])
        path = "/".join(names)
        return path if len(path) <= LENGTH else hashed(rest, readable=last)

    def _page_name(self, last: str) -> str:
        """Return the name of the page of a last segment; that of a folder itself is `index`, and nobody else's."""
        if last == "":
            return "index"
        name = name_of(last, folder=False)
        taken = folded(name) == "index" or folded(name).endswith(self._languages)
        return hashed(last, readable=name) if taken else name


def _literal(rest: str) -> str:
    return rest + "index" if rest == "" or rest.endswith("/") else rest


def _hashed_path(wish: str, rest: str) -> str:
    folder, slash, name = wish.rpartition("/")
    return folder + slash + hashed(rest, readable=name)
