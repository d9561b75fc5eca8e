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


# From what each authority itself says or writes in its RDF.
RULES = (
    # https://www.wikidata.org/wiki/Wikidata:Data_access, on the concept namespace of the linked data interface.
    _rule(
        "Wikidata",
        r"(?:(?:www|m)\.)?wikidata\.org/(?:entity/|wiki/|wiki/Property:|wiki/Special:EntityData/)([QP][1-9]\d*)"
        r"(?:\.\w+)?(?:[?#].*)?",
        "http://www.wikidata.org/entity/{}",
    ),
    # `rdf:about` of its RDF is http without a slash at the end: that answers 303 to the document, which has one
    # (https://outgoing.typepad.com/outgoing/2010/05/viafs-new-linked-data.html).
    _rule("VIAF", r"(?:www\.)?viaf\.org/viaf/([1-9]\d*)(?:/.*)?", "http://viaf.org/viaf/{}"),
    # https://www.geonames.org/ontology/documentation.html tells the feature from the document about it, in http still;
    # `rdf:about` in the document is https.
    _rule("GeoNames", r"(?:www\.|sws\.)?geonames\.org/([1-9]\d*)(?:/.*)?", "https://sws.geonames.org/{}/"),
    # Entity URIs, as against description URIs, of the Linked Data Service:
    # https://www.dnb.de/EN/Professionell/Metadatendienste/Datenbezug/LDS/ldsZugriff.html
    _rule(
        "GND",
        r"(?:(?:www\.)?d-nb\.info|explore\.gnd\.network|lobid\.org)/gnd/(\d[\dX-]*)(?:[./?#].*)?",
        "https://d-nb.info/gnd/{}",
    ),
    # `rdf:about` in the records of id.loc.gov is http without an ending.
    _rule(
        "Library of Congress",
        r"id\.loc\.gov/((?:authorities/(?:names|subjects|genreForms|demographicTerms|performanceMediums)"
        r"|vocabulary/[\w-]+)/[\w-]+)(?:\.[\w.]+)?",
        "http://id.loc.gov/{}",
    ),
    # https://www.iana.org/assignments/urn-formal/isni: it is resolved by https://isni.org/isni/ before it.
    _rule("ISNI", r"(?:www\.)?isni\.org/(?:isni/)?(\d{15}[\dX])/?", "https://isni.org/isni/{}"),
    # https://info.orcid.org/how-should-an-orcid-id-be-displayed: as a URI, with hyphens. It has been https since 2017.
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
