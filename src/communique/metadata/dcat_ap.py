"""The names that DCAT-AP 3 prescribes for what a project says in other words; nothing is said that it does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from communique.descriptions.catalog import language_of
from communique.descriptions.presentation import TYPE
from communique.descriptions.well_known import TWO_LETTERS
from communique.metadata.eu_tables import AUTHORITY, table_of, title_of_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from communique.formats import Format

ADMS = "http://www.w3.org/ns/adms#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
LANGUAGE, SOURCE, FORMAT = (NamedNode(DCTERMS + name) for name in ("language", "source", "format"))
THEME, TAXONOMY, DATASET = (NamedNode(DCAT + name) for name in ("theme", "themeTaxonomy", "Dataset"))
CATALOG, RECORD, IN_RECORD = (NamedNode(DCAT + name) for name in ("Catalog", "CatalogRecord", "record"))
DERIVED = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
IN_SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#ConceptScheme")
TITLE = NamedNode(DCTERMS + "title")
THREE_LETTERS = {two: three.upper() for three, two in TWO_LETTERS.items()}
FILE_TYPES = {
    "turtle": "RDF_TURTLE",
    "trig": "RDF_TRIG",
    "ntriples": "RDF_N_TRIPLES",
    "nquads": "RDF_N_QUADS",
    "jsonld": "JSON_LD",
    "rdfxml": "RDF_XML",
    "csv": "CSV",
}
# The shapes of DCAT-AP know the terms of SPDX by https, SPDX itself by http.
ALGORITHM = NamedNode("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
SPDX = "http://spdx.org/rdf/terms#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_ALGORITHM_FACTS = (
    Quad(ALGORITHM, TYPE, NamedNode(SPDX + "ChecksumAlgorithm")),
    Quad(ALGORITHM, NamedNode("http://www.w3.org/2002/07/owl#sameAs"), NamedNode(SPDX + "checksumAlgorithm_sha256")),
)
_FROM_TABLES = {
    *(LANGUAGE, FORMAT, THEME, NamedNode(ADMS + "status"), NamedNode("http://data.europa.eu/r5r/availability")),
    *(
        NamedNode(DCTERMS + name)
        for name in ("accessRights", "accrualPeriodicity", "creator", "publisher", "spatial", "type")
    ),
}
_DATA_THEMES = NamedNode(AUTHORITY + "data-theme")


def file_type(format: Format) -> NamedNode | None:
    """Return the file type of the EU's authority table, or None."""
    name = FILE_TYPES.get(format.name)
    return NamedNode(f"{AUTHORITY}file-type/{name}") if name else None


def measure_quads(file: NamedNode | BlankNode, *, size: int, sha256: str, sum_: NamedNode) -> Iterator[Quad]:
    """Give the size of a file in bytes and its SHA-256 in hexadecimal, the latter at the node `sum_`."""
    bytes_ = Literal(str(size), datatype=NamedNode(XSD + "nonNegativeInteger"))
    yield Quad(file, NamedNode(DCAT + "byteSize"), bytes_)
    yield Quad(file, NamedNode(SPDX + "checksum"), sum_)
    yield Quad(sum_, NamedNode(SPDX + "algorithm"), ALGORITHM)
    yield Quad(sum_, NamedNode(SPDX + "checksumValue"), Literal(sha256, datatype=NamedNode(XSD + "hexBinary")))


def as_in_dcat_ap(quads: Iterable[Quad]) -> set[Quad]:
    """Return a description of a catalogue in the terms of DCAT-AP.

    Languages are those of the EU's table where it is known which; a source that is no dataset is what a dataset was
    derived from, while the source of a record is the record that it was made from; each term of an EU table is in its
    scheme.
    """
    given = set(quads)
    datasets = {quad.subject for quad in given if quad.predicate == TYPE and quad.object in (DATASET, CATALOG)}
    records = records_in(given)
    found = {_renamed(quad, datasets, records) for quad in given}
    found.update(each for quad in tuple(found) for each in _schemes(quad))
    if any(quad.object == ALGORITHM for quad in found):
        found.update(_ALGORITHM_FACTS)
    themed = any(quad.object == _DATA_THEMES for quad in found)
    catalogs = [quad.subject for quad in given if quad.predicate == TYPE and quad.object == CATALOG]
    return found | ({Quad(each, TAXONOMY, _DATA_THEMES) for each in catalogs} if themed else set())


def records_in(quads: Iterable[Quad]) -> set[object]:
    """Return the records of a catalogue, those that it calls so and those that it lists."""
    return {
        quad.subject if quad.predicate == TYPE else quad.object
        for quad in quads
        if (quad.predicate == TYPE and quad.object == RECORD) or quad.predicate == IN_RECORD
    }


def _renamed(quad: Quad, datasets: Collection[object], records: Collection[object]) -> Quad:
    if quad.predicate == LANGUAGE and isinstance(quad.object, NamedNode | Literal):
        code = THREE_LETTERS.get(language_of(quad.object).split("-")[0])
        return Quad(quad.subject, LANGUAGE, NamedNode(f"{AUTHORITY}language/{code}")) if code else quad
    if quad.predicate == SOURCE and quad.subject not in records and quad.object not in datasets:
        return Quad(quad.subject, DERIVED, quad.object)
    return quad


def _schemes(quad: Quad) -> Iterator[Quad]:
    if quad.predicate in _FROM_TABLES and isinstance(quad.object, NamedNode) and (table := table_of(quad.object.value)):
        scheme = NamedNode(table)
        yield Quad(quad.object, IN_SCHEME, scheme)
        yield Quad(scheme, TYPE, SCHEME)
        yield Quad(scheme, TITLE, Literal(title_of_table(table), language="en"))
