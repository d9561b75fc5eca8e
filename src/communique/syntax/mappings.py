"""Mappings: links to things of others that somebody vouches for, as SSSOM has them, and what they state as RDF.

A mapping set is a named graph. A row is asserted in it if a person answers for it: its justification is that of a
person (`semapv:ManualMappingCuration`, `semapv:MappingReview`), or it names a reviewer. All others are proposals, which
state nothing, and so do rows with the modifier `Not`. https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CMQ = "https://w3id.org/communique/ns#"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PAV = "http://purl.org/pav/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
BUILT_IN = {"sssom": SSSOM, "semapv": SEMAPV, "owl": OWL, "skos": SKOS, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}
"""Prefixes that need no declaration (SSSOM, section on IRI prefixes)."""
RELATIONS = {
    SKOS: (
        "broadMatch", "broader", "broaderTransitive", "closeMatch", "exactMatch", "mappingRelation", "narrowMatch",
        "narrower", "narrowerTransitive", "related", "relatedMatch", "semanticRelation",
    ),
    OWL: (
        "differentFrom", "disjointWith", "equivalentClass", "equivalentProperty", "inverseOf",
        "propertyDisjointWith", "sameAs",
    ),
    RDFS: ("isDefinedBy", "seeAlso", "subClassOf", "subPropertyOf"),
    RDF: ("type",),
}  # fmt: skip
"""The properties between things that these vocabularies have; any other name in them is a mistake."""
JUSTIFICATIONS = (
    "BackgroundKnowledgeBasedMatching", "CompositeMatching", "InstanceBasedMatching", "LexicalMatching",
    "LexicalSimilarityThresholdMatching", "LogicalReasoning", "ManualMappingCuration", "MappingChaining",
    "MappingInversion", "MappingReview", "SemanticSimilarityThresholdMatching", "StructuralMatching",
    "UnspecifiedMatching",
)  # fmt: skip
"""What SSSOM 1.1 allows for the slot `mapping_justification`.

The pattern of that slot in mapping-commons/sssom, `src/sssom_schema/schema/sssom_schema.yaml` at 0160ef8b, lists these
thirteen, and all are terms of SEMAPV: mapping-commons/semantic-mapping-vocabulary, `semapv-terms.tsv` at ce8462c2.
Later terms of SEMAPV, such as `LLMBasedMatching`, are not allowed there.
"""
MANUAL, REVIEWED = SEMAPV + "ManualMappingCuration", SEMAPV + "MappingReview"
BY_A_PERSON = frozenset({MANUAL, REVIEWED})
SET_SLOTS = {
    "mapping_set_title": DCTERMS + "title",
    "mapping_set_description": DCTERMS + "description",
    "mapping_set_version": OWL + "versionInfo",
    "license": DCTERMS + "license",
    "creator_id": DCTERMS + "creator",
    "creator_label": SSSOM + "creator_label",
    "mapping_date": PAV + "authoredOn",
    "publication_date": DCTERMS + "created",
    "mapping_tool": SSSOM + "mapping_tool",
    "object_source": SSSOM + "object_source",
    "see_also": RDFS + "seeAlso",
    "comment": RDFS + "comment",
}
"""What is said of a whole set, and the property that says it."""
ROW_SLOTS = {
    "mapping_justification": SSSOM + "mapping_justification",
    "confidence": SSSOM + "confidence",
    "author_id": PAV + "authoredBy",
    "author_label": SSSOM + "author_label",
    "reviewer_id": SSSOM + "reviewer_id",
    "reviewer_label": SSSOM + "reviewer_label",
    "mapping_date": PAV + "authoredOn",
    "mapping_tool": SSSOM + "mapping_tool",
    "object_label": SSSOM + "object_label",
    "object_source": SSSOM + "object_source",
    "comment": RDFS + "comment",
}
"""What is said of one mapping beside the link itself."""
_OF_BOTH = (
    "cardinality_scope", "comment", "creator_id", "creator_label", "curation_rule", "curation_rule_text", "license",
    "mapping_date", "mapping_provider", "mapping_tool", "mapping_tool_id", "mapping_tool_version", "object_match_field",
    "object_preprocessing", "object_source", "object_source_version", "object_type", "other", "predicate_type",
    "publication_date", "see_also", "similarity_measure", "subject_match_field", "subject_preprocessing",
    "subject_source", "subject_source_version", "subject_type",
)  # fmt: skip
SET_NAMES = (
    *_OF_BOTH, "curie_map", "extension_definitions", "issue_tracker", "mapping_set_confidence",
    "mapping_set_description", "mapping_set_id", "mapping_set_source", "mapping_set_title", "mapping_set_version",
    "sssom_version",
)  # fmt: skip
"""The slots of a mapping set in SSSOM 1.1, read here or not."""
ROW_NAMES = (
    *_OF_BOTH, "author_id", "author_label", "confidence", "derived_from", "issue_tracker_item", "mapping_cardinality",
    "mapping_justification", "mapping_source", "match_string", "object_category", "object_id", "object_label",
    "predicate_id", "predicate_label", "predicate_modifier", "record_id", "review_date", "reviewer_agreement",
    "reviewer_id", "reviewer_label", "similarity_score", "subject_category", "subject_id", "subject_label",
)  # fmt: skip
"""The slots of a mapping in SSSOM 1.1, read here or not."""


Slots = Mapping[str, tuple[NamedNode | Literal, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping: the link, and the values of its other slots by name; `line` is that of the file, 0 for a new one."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode
    slots: Slots = field(default_factory=dict)
    negated: bool = False
    line: int = 0

    @property
    def reviewed(self) -> bool:
        """Whether a person answers for the row."""
        justified = any(term.value in BY_A_PERSON for term in self.slots.get("mapping_justification", ()))
        return justified or bool(self.slots.get("reviewer_id") or self.slots.get("reviewer_label"))

    @property
    def asserted(self) -> bool:
        """Whether the row states its link: a person answers for it, and does not deny it."""
        return self.reviewed and not self.negated


@dataclass(frozen=True, slots=True)
class MappingSet:
    """A file of mappings: its IRI, what it says of itself, the columns of its table, its prefixes, its rows."""

    iri: NamedNode
    slots: Slots
    columns: tuple[str, ...]
    prefixes: Mapping[str, str]
    rows: tuple[Row, ...]


def fault_of_relation(predicate: NamedNode) -> tuple[str, str] | None:
    """Return a predicate that relates no things, in short, and what to do; None if it may relate them.

    >>> fault_of_relation(NamedNode(OWL + "sameas"))
    ('owl:sameas', 'Write owl:sameAs.')
    """
    for space, names in RELATIONS.items():
        name = predicate.value.removeprefix(space)
        if predicate.value.startswith(space) and name not in names:
            prefix = next(prefix for prefix, known in BUILT_IN.items() if known == space)
            return f"{prefix}:{name}", f"{_instead(name, names, prefix=prefix)}."
    return None


def fault_of_justification(iri: str) -> tuple[str, str] | None:
    """Return the name of a justification that SSSOM does not list, and what to do; None if it is of another vocabulary.

    >>> fault_of_justification("https://w3id.org/semapv/MappingReview")
    ('MappingReview', 'Write semapv:MappingReview, where semapv: is <https://w3id.org/semapv/vocab/>.')
    """
    name = iri.rpartition("/")[2]
    if not iri.startswith(SEMAPV.removesuffix("vocab/")) or (iri == SEMAPV + name and name in JUSTIFICATIONS):
        return None
    return name, f"{_instead(name, JUSTIFICATIONS, prefix='semapv')}, where semapv: is <{SEMAPV}>."


def _instead(name: str, names: Sequence[str], *, prefix: str) -> str:
    """Return the remedy for a name that is not among these: to write the one that it resembles, else any."""
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.75) or names
    return f"Write {' or '.join(f'{prefix}:{each}' for each in near)}"


def mapping_quads(found: MappingSet, *, prefix: str = "") -> Iterator[Quad]:
    """Give what a mapping set states: its links in the graph that has its name, outside of it what is said of them.

    `prefix` begins the names of the blank nodes that stand for the rows.
    """
    for cls in (CMQ + "Register", SSSOM + "MappingSet"):
        yield Quad(found.iri, TYPE, NamedNode(cls))
    yield from _said(found.iri, found.slots, SET_SLOTS)
    for row in found.rows:
        if row.asserted:
            yield Quad(row.subject, row.predicate, row.object, found.iri)
            node = BlankNode(f"{prefix}m{row.line}")
            yield Quad(found.iri, NamedNode(SSSOM + "mappings"), node)
            yield Quad(node, TYPE, NamedNode(OWL + "Axiom"))
            yield Quad(node, NamedNode(OWL + "annotatedSource"), row.subject)
            yield Quad(node, NamedNode(OWL + "annotatedProperty"), row.predicate)
            yield Quad(node, NamedNode(OWL + "annotatedTarget"), row.object)
            yield from _said(node, row.slots, ROW_SLOTS)


def _said(node: NamedNode | BlankNode, slots: Slots, properties: Mapping[str, str]) -> Iterator[Quad]:
    for name, property in properties.items():
        for term in slots.get(name, ()):
            yield Quad(node, NamedNode(property), term)
