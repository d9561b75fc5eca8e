"""IRI <-> path <-> CURIE; nothing else knows the URL scheme."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

WELL_KNOWN = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LOCAL = re.compile(r"(?:[\w:](?:[\w.:-]*[\w:-])?)?")


class Prefixes(Mapping[str, str]):
    """A mapping from prefix to namespace."""

    def __init__(self, declared: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        """Take the declared prefixes; well-known ones fill in."""
        declared = dict(declared)
        taken = set(declared.values())
        self._namespaces = {p: n for p, n in WELL_KNOWN.items() if p not in declared and n not in taken} | declared
        self._by_namespace = {namespace: prefix for prefix, namespace in self._namespaces.items()}

    def __getitem__(self, prefix: str) -> str:
        """Return the namespace of a prefix."""
        return self._namespaces[prefix]

    def __iter__(self) -> Iterator[str]:
        """Give the prefixes."""
        return iter(self._namespaces)

    def __len__(self) -> int:
        """Count the prefixes."""
        return len(self._namespaces)

    def curie(self, iri: str) -> str | None:
        """Return the prefixed name of an IRI if Turtle can write it without escapes, else None."""
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._by_namespace.get(iri[:end])
        return f"{prefix}:{iri[end:]}" if prefix is not None and LOCAL.fullmatch(iri, end) else None

    def expand(self, curie: str) -> str:
        """Return the IRI of a prefixed name; raises KeyError."""
        prefix, _, local = curie.partition(":")
        return self._namespaces[prefix] + local


class Addresses:
    """Where the document of each IRI of ours is written."""

    def __init__(self, base: str, iris: Iterable[str] = (), *, reserved: Iterable[str] = ()) -> None:
        """Take the base, which ends in `/` or `#`, and all IRIs that may need a place."""
        self.base = base

    def owns(self, iri: str) -> bool:
        """Tell if an IRI starts with the base, exactly as written."""
        return iri.startswith(self.base)

    def document(self, iri: str) -> str:
        """Return the IRI of the document in which an IRI of ours is described: without query and fragment."""
        return iri.partition("#")[0].partition("?")[0]

    def path(self, iri: str, extension: str) -> str:
        """Return the path of the document of `iri`, with its fragment: `sco/meeting/x.html`, `ns.html#Meeting`."""
        rest, mark, fragment = iri.removeprefix(self.base).partition("#")
        name = rest.partition("?")[0]
        if name == "" or name.endswith("/"):
            name += "index"
        return f"{name}.{extension.removeprefix('.')}{mark}{fragment}"

    def file(self, iri: str, extension: str) -> str:
        """Return the path of the document of `iri` without a fragment."""
        return self.path(iri, extension).partition("#")[0]

    def relative(self, from_path: str, to_path: str) -> str:
        """Return the URL of one path as seen from another, percent-encoded, its fragment kept."""
        to_file, mark, fragment = to_path.partition("#")
        if mark and to_file == from_path.partition("#")[0]:
            return mark + quote(fragment, safe="%!$&'()*+,;=:@/?~")
        url = os.path.relpath("/" + to_file, "/" + from_path.rpartition("/")[0])
        return quote(url, safe="/!$&'()+,;=@~") + mark + quote(fragment, safe="%!$&'()*+,;=:@/?~")
