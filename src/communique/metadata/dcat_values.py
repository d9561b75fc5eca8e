"""Values in DCAT: the class of each, as the vocabularies and DCAT-AP 3 give it by its property, and what is told of it.

Where DCAT-AP demands something of the instances of a class, as a name of a concept, a value is called one only if that
is known: a portal takes what is not called a concept sooner than a concept without a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.metadata.dcat_ap import SOURCE, SPDX, records_in
from communique.metadata.eu_tables import english_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


ADMS = "http://www.w3.org/ns/adms#"
DCAT = "http://www.w3.org/ns/dcat#"
DCATAP = "http://data.europa.eu/r5r/"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
ODRL = "http://www.w3.org/ns/odrl/2/"
PROV = "http://www.w3.org/ns/prov#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TIME = "http://www.w3.org/2006/time#"
VCARD = "http://www.w3.org/2006/vcard/ns#"
RANGES = {
    DCTERMS + "publisher": FOAF + "Agent",
    DCTERMS + "creator": FOAF + "Agent",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "rights": DCTERMS + "RightsStatement",
    DCTERMS + "accessRights": DCTERMS + "RightsStatement",
    DCTERMS + "accrualPeriodicity": DCTERMS + "Frequency",
    DCTERMS + "provenance": DCTERMS + "ProvenanceStatement",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "temporal": DCTERMS + "PeriodOfTime",
    DCTERMS + "format": DCTERMS + "MediaTypeOrExtent",
    DCTERMS + "type": SKOS + "Concept",
    SKOS + "inScheme": SKOS + "ConceptScheme",
    DCATAP + "applicableLegislation": "http://data.europa.eu/eli/ontology#LegalResource",
    DCATAP + "availability": SKOS + "Concept",
    ADMS + "identifier": ADMS + "Identifier",
    ADMS + "sample": DCAT + "Distribution",
    ADMS + "status": SKOS + "Concept",
    FOAF + "homepage": FOAF + "Document",
    FOAF + "page": FOAF + "Document",
    DCAT + "accessService": DCAT + "DataService",
    DCAT + "catalog": DCAT + "Catalog",
    DCAT + "compressFormat": DCTERMS + "MediaType",
    DCAT + "contactPoint": VCARD + "Kind",
    DCAT + "dataset": DCAT + "Dataset",
    DCAT + "distribution": DCAT + "Distribution",
    DCAT + "hadRole": DCAT + "Role",
    DCAT + "inSeries": DCAT + "DatasetSeries",
    DCAT + "landingPage": FOAF + "Document",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "packageFormat": DCTERMS + "MediaType",
    DCAT + "qualifiedRelation": DCAT + "Relationship",
    DCAT + "record": DCAT + "CatalogRecord",
    DCAT + "servesDataset": DCAT + "Dataset",
    DCAT + "service": DCAT + "DataService",
    DCAT + "theme": SKOS + "Concept",
    DCAT + "themeTaxonomy": SKOS + "ConceptScheme",
    ODRL + "hasPolicy": ODRL + "Policy",
    PROV + "qualifiedAttribution": PROV + "Attribution",
    PROV + "wasGeneratedBy": PROV + "Activity",
    SPDX + "checksum": SPDX + "Checksum",
    TIME + "hasBeginning": TIME + "Instant",
    TIME + "hasEnd": TIME + "Instant",
}
"""The class of the values of a property."""
DESCRIBED = {
    NamedNode(path)
    for path in (
        *(DCTERMS + each for each in ("accessRights", "rights", "provenance", "hasVersion")),
        *(ADMS + each for each in ("identifier", "sample")),
        *(DCAT + each for each in ("accessService", "catalog", "contactPoint", "hasVersion", "inSeries")),
        *(DCAT + each for each in ("distribution", "qualifiedRelation", "record", "service")),
        ODRL + "hasPolicy",
        PROV + "qualifiedAttribution",
        SPDX + "checksum",
    )
}
"""Properties whose values say nothing outside a catalogue: what is said of them belongs into it."""
DEMANDED = {
    SKOS + "Concept": (SKOS + "prefLabel",),
    SKOS + "ConceptScheme": (DCTERMS + "title",),
    DCAT + "Catalog": (DCTERMS + "title", DCTERMS + "description", DCTERMS + "publisher"),
    DCAT + "CatalogRecord": (DCTERMS + "modified", FOAF + "primaryTopic"),
    DCAT + "DataService": (DCTERMS + "title", DCAT + "endpointURL"),
    DCAT + "Dataset": (DCTERMS + "title", DCTERMS + "description"),
    DCAT + "Distribution": (DCAT + "accessURL",),
    FOAF + "Agent": (FOAF + "name",),
    DCAT + "DatasetSeries": (DCTERMS + "title", DCTERMS + "description"),
    DCAT + "Relationship": (DCTERMS + "relation", DCAT + "hadRole"),
}
"""What DCAT-AP demands of the instances of a class that no property makes one by itself."""
_PREFERRED = NamedNode(SKOS + "prefLabel")


def values_typed(quads: Iterable[Quad]) -> set[Quad]:
    """Return a catalogue with the class of each value, and with the EU's English name of each concept of its tables."""
    found = set(quads)
    records = records_in(found)
    values = {
        (quad.object, cls)
        for quad in found
        if (cls := _class_of_value(quad, records)) and isinstance(quad.object, NamedNode | BlankNode)
    }
    for node, cls in values:
        if cls == SKOS + "Concept" and isinstance(node, NamedNode):
            found.update(_eu_name(node, found))
    said = {(quad.subject, quad.predicate.value) for quad in found}
    for node, cls in values:
        demanded = DEMANDED.get(cls, ())
        if all((node, path) in said for path in demanded):
            found.add(Quad(node, TYPE, NamedNode(cls)))
    return found


def _class_of_value(quad: Quad, records: Collection[object]) -> str | None:
    if quad.predicate == SOURCE and quad.subject in records:
        return DCAT + "CatalogRecord"
    return RANGES.get(quad.predicate.value)


def _eu_name(node: NamedNode, found: Collection[Quad]) -> Iterator[Quad]:
    """Give the name of a term of the EU's tables, unless it has one in English."""
    if name := english_name(node.value):
        named = (quad.object for quad in found if quad.subject == node and quad.predicate == _PREFERRED)
        if not any(isinstance(each, Literal) and each.language == "en" for each in named):
            yield Quad(node, _PREFERRED, Literal(name, language="en"))
