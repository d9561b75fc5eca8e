"""Addresses that lead to a page about a thing, or spell its name otherwise than the authority that gave it.

A link to such an address joins with nothing: RDF compares IRIs letter by letter.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """The addresses of an authority, and how it writes the IRI of the thing, `{}` being its number there."""

    authority: str
    addresses: re.Pattern[str]
    iri: str


def _rule(authority: str, addresses: str, iri: str) -> Rule:
    return Rule(authority, re.compile(rf"(?i:https?://){addresses}"), iri)


# From what each authority itself says or writes in its RDF; the namespaces that BARTOC has registered for them are the
# same, but for GeoNames, of which it has the page.
RULES = (
    # `localRdfNamespaces` of Special:WikibaseManifest, and Wikidata:Data access on the concept URI.
    _rule(
        "Wikidata",
        r"(?:(?:www|m)\.)?wikidata\.org/(?:entity/|wiki/|wiki/Property:|wiki/Special:EntityData/)([QP][1-9]\d*)"
        r"(?:\.\w+)?(?:[?#].*)?",
        "http://www.wikidata.org/entity/{}",
    ),
    # The RDF of VIAF and its permalinks: http, no slash at the end.
    _rule("VIAF", r"(?:www\.)?viaf\.org/viaf/([1-9]\d*)(?:/.*)?", "http://viaf.org/viaf/{}"),
    # geonames.org/ontology/documentation.html tells the feature from its documents; `rdf:about` of about.rdf has https.
    _rule("GeoNames", r"(?:www\.|sws\.)?geonames\.org/([1-9]\d*)(?:/.*)?", "https://sws.geonames.org/{}/"),
    # The Linked Data Service of the DNB writes https://d-nb.info/gnd/, and so does lobid.
    _rule(
        "GND",
        r"(?:(?:www\.)?d-nb\.info|explore\.gnd\.network|lobid\.org)/gnd/(\d[\dX-]*)(?:[./?#].*)?",
        "https://d-nb.info/gnd/{}",
    ),
    # `rdf:about` of all that id.loc.gov serves is http without an ending, also where it is fetched by https.
    _rule(
        "Library of Congress",
        r"id\.loc\.gov/((?:authorities/(?:names|subjects|genreForms|demographicTerms|performanceMediums)"
        r"|vocabulary/[\w-]+)/[\w-]+)(?:\.[\w.]+)?",
        "http://id.loc.gov/{}",
    ),
    # The registration of urn:isni at IANA resolves by https://isni.org/isni/ and sixteen digits.
    _rule("ISNI", r"(?:www\.)?isni\.org/(?:isni/)?(\d{15}[\dX])/?", "https://isni.org/isni/{}"),
    # Structure of the ORCID identifier: it is expressed as an https URI.
    _rule("ORCID", r"(?:www\.)?orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", "https://orcid.org/{}"),
)


def named_properly(address: str) -> tuple[str, str] | None:
    """Return an authority and the IRI by which it names the thing of an address, None where that is the address.

    >>> named_properly("https://www.wikidata.org/wiki/Q668")
    ('Wikidata', 'http://www.wikidata.org/entity/Q668')
    >>> named_properly("http://www.wikidata.org/entity/Q668")
    """
    for rule in RULES:
        if found := rule.addresses.fullmatch(address):
            iri = rule.iri.format(found[1])
            return None if iri == address else (rule.authority, iri)
    return None
