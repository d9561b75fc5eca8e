"""Authorities: by which name readers know the dataset in which a thing of others is described."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from communique.descriptions.labels import Label, local_name
from communique.legibility import legible_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.descriptions.labels import Labels
    from communique.store import Store

URI_SPACE = NamedNode("http://rdfs.org/ns/void#uriSpace")
ANNOTATED_TARGET = NamedNode("http://www.w3.org/2002/07/owl#annotatedTarget")
OBJECT_LABEL = NamedNode("https://w3id.org/sssom/object_label")
# Names of institutions: they are the same in every language of the Latin script.
KNOWN = {
    "aat.getty.edu": "AAT",
    "catalogue.bnf.fr": "BnF",
    "d-nb.info/gnd": "GND",
    "data.bnf.fr": "BnF",
    "dbpedia.org": "DBpedia",
    "eurovoc.europa.eu": "EuroVoc",
    "id.loc.gov": "Library of Congress",
    "isni.org": "ISNI",
    "metadata.un.org": "UNBIS",
    "orcid.org": "ORCID",
    "publications.europa.eu": "EU Publications Office",
    "ror.org": "ROR",
    "schema.org": "schema.org",
    "sws.geonames.org": "GeoNames",
    "viaf.org": "VIAF",
    "vocab.getty.edu/aat": "AAT",
    "vocab.getty.edu/tgn": "TGN",
    "vocabularies.unesco.org": "UNESCO Thesaurus",
    "www.geonames.org": "GeoNames",
    "www.wikidata.org": "Wikidata",
    "www.w3.org": "W3C",
}


class Authorities:
    """The names of datasets by the addresses of what they describe, from the data (`void:uriSpace`) or well known."""

    def __init__(self, store: Store, labels: Labels) -> None:
        """Read which address spaces the store knows."""
        self._store = store
        self._labels = labels
        self._spaces = _spaces(store)

    def name(self, iri: str) -> str:
        """Return the name of the dataset that describes an IRI; where nobody has named it, its host."""
        for space in sorted(filter(iri.startswith, self._spaces), key=len, reverse=True):
            # What nobody has named, as the target of a set of links in a `void.ttl`, tells readers nothing.
            if name := self._labels.known(self._spaces[space]):
                return name.text
        parts = urlsplit(legible_name(iri))
        first = f"{parts.netloc}/{parts.path.strip('/').partition('/')[0]}"
        return KNOWN.get(first) or KNOWN.get(parts.netloc) or parts.netloc or parts.scheme

    def label(self, term: NamedNode) -> Label:
        """Return the name of a thing of others: as the store has it, else as a mapping to it has it, else its code."""
        return self._labels.known(term) or Label(self._mapped_as(term) or self.code(term))

    def code(self, term: NamedNode) -> str:
        """Return what a thing of others is called where it is described: `Q668`."""
        return local_name(term.value)

    def _mapped_as(self, term: NamedNode) -> str | None:
        """Return the name that the row of a mapping set gives to its object; what language it is in is not said."""
        rows = (quad.subject for quad in self._store.quads(None, ANNOTATED_TARGET, term, None))
        names = [quad.object for row in rows for quad in self._store.quads(row, OBJECT_LABEL, None, None)]
        return min((name.value for name in names if isinstance(name, Literal)), default=None)


def _spaces(store: Store) -> Mapping[str, NamedNode]:
    found = {}
    for quad in store.quads(None, URI_SPACE, None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal) and quad.object.value:
            found[quad.object.value] = quad.subject
    return found
