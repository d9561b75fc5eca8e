"""What a catalogue says of those that its properties name: agents, licences, standards, pages, places, themes.

DCAT-AP 3 calls them supporting entities. Of each, the catalogue has what DCAT-AP or GeoDCAT-AP says of its class, and
its names; the rest is in its own document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from communique.descriptions.labels import texts
from communique.descriptions.presentation import TYPE
from communique.metadata.authors import author
from communique.metadata.dcat_values import DCAT, DCTERMS, FOAF, PROV, RANGES, SKOS, TIME
from communique.metadata.eu_tables import LICENCE_TYPE, english_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.store import Term
    from communique.website.site import Site

LOCN = "http://www.w3.org/ns/locn#"
ORG = "http://www.w3.org/ns/org#"
SCHEMA = "http://schema.org/"
AGENT, CONCEPT, SCHEME = FOAF + "Agent", SKOS + "Concept", SKOS + "ConceptScheme"
LICENCE, LOCATION = DCTERMS + "LicenseDocument", DCTERMS + "Location"
DCT_TYPE, TITLE = DCTERMS + "type", DCTERMS + "title"
NAMING = (FOAF + "name", "http://www.w3.org/2000/01/rdf-schema#label", SKOS + "prefLabel")
PERIOD = {SCHEMA + "startDate": DCAT + "startDate", SCHEMA + "endDate": DCAT + "endDate"}
GEOGRAPHIC_NAME = LOCN + "geographicName"
BOUNDS = (DCAT + "bbox", DCAT + "centroid", LOCN + "geometry")
SAID = {
    AGENT: (
        DCT_TYPE,
        SKOS + "inScheme",
        LOCN + "address",
        *(FOAF + each for each in ("mbox", "phone", "homepage", "workplaceHomepage")),
    ),
    CONCEPT: (SKOS + "inScheme", SKOS + "notation"),
    SCHEME: (TITLE,),
    LICENCE: (DCT_TYPE, TITLE),
    LOCATION: (*BOUNDS, SKOS + "inScheme", GEOGRAPHIC_NAME, DCTERMS + "identifier"),
    DCTERMS + "PeriodOfTime": (*PERIOD.values(), TIME + "hasBeginning", TIME + "hasEnd"),
    DCTERMS + "Standard": (TITLE, DCTERMS + "identifier"),
    FOAF + "Document": (TITLE,),
    PROV + "Activity": (TITLE,),
    "http://data.europa.eu/eli/ontology#LegalResource": (TITLE,),
    TIME + "Instant": tuple(
        TIME + each for each in ("inXSDDate", "inXSDDateTime", "inXSDDateTimeStamp", "inXSDgYear", "inXSDgYearMonth")
    ),
}
"""What is said of the instances of a class beside their names."""
ONCE = {(AGENT, DCT_TYPE), *((LOCATION, each) for each in BOUNDS)}
"""What DCAT-AP lets the instances of a class have one value of."""
AGENTS = {PROV + "agent", *(DCTERMS + each for each in ("contributor", "rightsHolder"))}
"""Properties that name agents, though DCAT-AP demands nothing of their values."""
NAMED_BY = {AGENT: FOAF + "name", CONCEPT: SKOS + "prefLabel", SCHEME: TITLE, LOCATION: SKOS + "prefLabel"}
"""The property by which DCAT-AP names the instances of a class, places as GeoDCAT-AP does."""
WELL_KNOWN_TEXT = NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")


def told_of_value(site: Site, quad: Quad) -> Iterator[Quad]:
    """Give what belongs into a catalogue of the value of one of its properties, and of what this names in turn."""
    path, node = quad.predicate.value, quad.object
    cls = AGENT if path in AGENTS else RANGES.get(path)
    if cls is None or not isinstance(node, NamedNode | BlankNode):
        return
    said = sorted({Quad(*each.triple) for each in site.store.quads(node)}, key=str)
    stated = {each.predicate.value for each in said}
    for each in said:
        if _belongs(site, cls, each):
            yield each
            yield from told_of_value(site, each)
        elif (end := PERIOD.get(each.predicate.value)) and end not in stated:
            yield Quad(node, NamedNode(end), each.object)
    yield from _names(site, cls, node)


def _belongs(site: Site, cls: str, quad: Quad) -> bool:
    path = quad.predicate.value
    if quad.predicate == TYPE:
        return cls == AGENT and isinstance(quad.object, NamedNode) and quad.object.value.startswith((FOAF, ORG))
    if path not in SAID.get(cls, ()):
        return path in NAMING
    if (cls, path) in ONCE:
        return quad.object == _best(site, cls, quad)
    return _taken(site, cls, path, quad.object)


def _best(site: Site, cls: str, quad: Quad) -> Term | None:
    """Return which value is given where DCAT-AP takes one: types of its tables, and texts that most programs read."""
    values = {each.object for each in site.store.quads(quad.subject, quad.predicate)}
    taken = [each for each in values if _taken(site, cls, quad.predicate.value, each)]
    return min(taken, key=lambda each: (not _is_common(each), str(each)), default=None)


def _taken(site: Site, cls: str, path: str, value: Term) -> bool:
    """Tell whether DCAT-AP takes a value: a place as a text, a type of licence of ADMS, another type with a name."""
    if path != DCT_TYPE:
        return (cls, path) not in ONCE or isinstance(value, Literal)
    if cls == LICENCE:
        return isinstance(value, NamedNode) and value.value.startswith(LICENCE_TYPE) and _is_common(value)
    return _is_common(value) or bool(texts(site.store, value))


def _is_common(value: Term) -> bool:
    if isinstance(value, Literal):
        return value.datatype == WELL_KNOWN_TEXT
    return isinstance(value, NamedNode) and bool(english_name(value.value))


def _names(site: Site, cls: str, node: NamedNode | BlankNode) -> Iterator[Quad]:
    """Give the names of a thing by the property that DCAT-AP prescribes, in the languages in which it has none."""
    if cls not in NAMED_BY:
        return
    path = NamedNode(NAMED_BY[cls])
    stated = {each.object.language or "" for each in site.store.quads(node, path) if isinstance(each.object, Literal)}
    names = texts(site.store, node)
    if not names and cls == AGENT and (name := author(site, node).name):
        names = {"": name}
    if not names and cls == LOCATION:
        named = (quad.object for quad in site.store.quads(node, NamedNode(GEOGRAPHIC_NAME)))
        names = {each.language or "": each.value for each in named if isinstance(each, Literal)}
    for language, text in names.items():
        if not stated or (language and not stated & {"", language}):
            yield Quad(node, path, Literal(text, language=language or None))
