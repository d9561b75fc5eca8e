"""The ontology, the shapes and the data of the repository as the tests of the ontology see them: files, read once."""

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, parse

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
BASE = "https://w3id.org/communique/"
NS = f"{BASE}ns#"
LANGUAGES = {"en", "ru", "zh"}

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
DCTERMS = "http://purl.org/dc/terms/"
VANN = "http://purl.org/vocab/vann/"
STATUS = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
TYPE = f"{RDF}type"
LABEL, DEFINITION, PREF_LABEL = f"{RDFS}label", f"{SKOS}definition", f"{SKOS}prefLabel"

SECTIONS = {
    "Classes": {f"{OWL}Class"},
    "Properties": {f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"},
    "Datatypes": {f"{RDFS}Datatype"},
}
PREFIX_LINE = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>\s*\.?", re.IGNORECASE | re.MULTILINE)


@cache
def quads(folder: str) -> tuple[Quad, ...]:
    files = sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in {".ttl", ".trig"})
    return tuple(quad for path in files for quad in parse(path=path))


@cache
def ontology() -> dict[str, dict[str, list[Any]]]:
    """Subject -> predicate -> objects, of all files of the ontology."""
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads("ontology"):
        if isinstance(quad.subject, NamedNode):
            found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


@cache
def types(term: str) -> frozenset[str]:
    return frozenset(value.value for value in ontology()[term][TYPE])


@cache
def terms() -> tuple[str, ...]:
    kinds = set().union(*SECTIONS.values())
    return tuple(sorted(iri for iri in ontology() if iri.startswith(NS) and types(iri) & kinds))


@cache
def properties() -> tuple[str, ...]:
    return tuple(term for term in terms() if types(term) & SECTIONS["Properties"])


@cache
def codes() -> tuple[str, ...]:
    return tuple(
        sorted(
            iri
            for iri in ontology()
            if iri.startswith(f"{BASE}code/") and types(iri) & {f"{SKOS}Concept", f"{SKOS}ConceptScheme"}
        )
    )


@cache
def prefixes() -> dict[str, str]:
    pairs: dict[Any, dict[str, str]] = defaultdict(dict)
    for quad in quads("ontology"):
        if quad.predicate.value in {f"{SH}prefix", f"{SH}namespace"}:
            pairs[quad.subject][quad.predicate.value] = quad.object.value
    return {pair[f"{SH}prefix"]: pair[f"{SH}namespace"] for pair in pairs.values()}


def languages(term: str, predicate: str) -> Counter[str | None]:
    return Counter(value.language for value in ontology()[term][predicate])


def prefix_lines() -> str:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes().items())
