"""The ontology: every term is defined, exemplified and named in three languages."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from communique.syntax.mappings import JUSTIFICATIONS, ROW_SLOTS, SEMAPV, SET_SLOTS
from ontology_files import (
    BASE,
    DCTERMS,
    DEFINITION,
    LABEL,
    LANGUAGES,
    NS,
    ONTOLOGY,
    OWL,
    PREF_LABEL,
    PREFIX_LINE,
    RDFS,
    ROOT,
    SECTIONS,
    SH,
    SKOS,
    STATUS,
    TYPE,
    VANN,
    codes,
    languages,
    ontology,
    prefix_lines,
    prefixes,
    quads,
    terms,
    types,
)


@pytest.mark.parametrize("predicate", [LABEL, DEFINITION])
def test_every_term_has_one_label_and_one_definition_in_each_language(predicate: str) -> None:
    wrong = [term for term in terms() if languages(term, predicate) != Counter(LANGUAGES)]
    assert terms()
    assert not wrong


@pytest.mark.parametrize("predicate", [PREF_LABEL, DEFINITION])
def test_every_code_has_one_name_and_one_definition_in_each_language(predicate: str) -> None:
    wrong = [code for code in codes() if languages(code, predicate) != Counter(LANGUAGES)]
    assert codes()
    assert not wrong


def test_every_label_of_a_term_of_others_is_given_in_all_languages() -> None:
    foreign = [iri for iri in ontology() if not iri.startswith(BASE)]
    wrong = [iri for iri in foreign if languages(iri, LABEL) != Counter(LANGUAGES)]
    assert foreign
    assert not wrong


def test_every_property_and_every_class_of_others_has_a_label() -> None:
    used = {
        value.value
        for folder in ("ontology", "shapes", "data")
        for quad in quads(folder)
        for value in (quad.predicate, quad.object if quad.predicate.value == TYPE else quad.predicate)
        if not value.value.startswith(BASE)
    }
    assert not used - {iri for iri, facts in ontology().items() if facts[LABEL]}


def test_all_that_a_mapping_set_states_has_a_label() -> None:
    stated = {*SET_SLOTS.values(), *ROW_SLOTS.values(), *(SEMAPV + name for name in JUSTIFICATIONS)}
    assert not stated - {iri for iri, facts in ontology().items() if facts[LABEL]}


def test_subjects_of_the_other_files_are_in_alphabetical_order_within_their_sections() -> None:
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        for section in re.split(r"^# .*$", path.read_text(encoding="utf8"), flags=re.MULTILINE):
            subjects = re.findall(r"^([a-z0-9-]+:[\w-]+)$", section, re.MULTILINE)
            # A list of codes comes before its codes.
            assert subjects == sorted(subjects, key=lambda s: re.sub(r"^code:(.*)", r"\1:", s)), path.name


def test_terms_of_others_get_labels_and_nothing_else() -> None:
    said = {iri: set(facts) - {LABEL} for iri, facts in ontology().items() if not iri.startswith(BASE)}
    assert not {iri: facts for iri, facts in said.items() if facts}


@pytest.mark.parametrize("predicate", [f"{RDFS}isDefinedBy", STATUS])
def test_every_term_has_exactly_one_status_and_one_ontology(predicate: str) -> None:
    assert not [term for term in terms() if len(ontology()[term][predicate]) != 1]


def test_every_term_has_an_example() -> None:
    assert not [term for term in terms() if not ontology()[term][f"{SKOS}example"]]


def test_every_class_says_in_a_note_when_to_use_it() -> None:
    classes = [term for term in terms() if f"{OWL}Class" in types(term)]
    assert not [term for term in classes if not ontology()[term][f"{SKOS}scopeNote"]]


def test_every_definition_is_one_sentence() -> None:
    english = {
        term: value.value
        for term in (*terms(), *codes())
        for value in ontology()[term][DEFINITION]
        if value.language == "en"
    }
    assert not {term: text for term, text in english.items() if not re.fullmatch(r"[^.]+\.", text)}


def test_every_label_of_a_term_is_its_own() -> None:
    for kind in SECTIONS.values():
        for language in LANGUAGES:
            labels = Counter(
                value.value
                for term in terms()
                if types(term) & kind
                for value in ontology()[term][LABEL]
                if value.language == language
            )
            assert not {label for label, count in labels.items() if count > 1}


def test_every_term_has_one_kind_and_is_defined_in_one_block() -> None:
    subjects = Counter(re.findall(r"^(cmq:\w+)$", (ONTOLOGY / "meeting.ttl").read_text(encoding="utf8"), re.MULTILINE))
    assert set(subjects.values()) == {1}
    assert not [term for term in terms() if len(types(term)) != 1]


def test_only_the_file_of_the_terms_defines_terms() -> None:
    defined = {quad.subject.value for quad in parse(path=ONTOLOGY / "meeting.ttl") if quad.predicate.value == TYPE}
    assert set(terms()) <= defined


def test_every_named_term_of_the_namespace_is_defined() -> None:
    used = {
        value.value
        for folder in ("ontology", "shapes", "data")
        for quad in quads(folder)
        for value in (quad.subject, quad.predicate, quad.object)
        if isinstance(value, NamedNode) and value.value.startswith(NS)
    }
    assert not used - set(terms())


def test_every_datatype_of_the_namespace_is_defined() -> None:
    used = {
        quad.object.datatype.value
        for folder in ("ontology", "shapes", "data")
        for quad in quads(folder)
        if isinstance(quad.object, Literal) and quad.object.datatype.value.startswith(NS)
    }
    assert not used - set(terms())


def test_no_two_terms_are_equal_when_case_is_folded() -> None:
    folded = Counter(term.casefold() for term in terms())
    assert not {term for term, count in folded.items() if count > 1}


def test_the_sections_of_the_terms_are_in_alphabetical_order() -> None:
    text = (ONTOLOGY / "meeting.ttl").read_text(encoding="utf8")
    titles = re.findall(r"^# (Classes|Properties|Datatypes)$", text, re.MULTILINE)
    assert titles == list(SECTIONS)
    for title, section in zip(
        titles, re.split(r"^# (?:Classes|Properties|Datatypes)$", text, flags=re.MULTILINE)[1:], strict=True
    ):
        subjects = re.findall(r"^cmq:(\w+)$", section, re.MULTILINE)
        assert subjects == sorted(subjects)
        assert all(types(NS + subject) & SECTIONS[title] for subject in subjects)


def blocks() -> Iterator[tuple[str, list[str]]]:
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        body = PREFIX_LINE.sub("", path.read_text(encoding="utf8"))
        for block in re.split(r"\n\.\n", body):
            lines = [line for line in block.splitlines() if line and not line.startswith(("#", "."))]
            if lines:
                yield path.name, lines


def test_predicates_of_a_block_stand_one_a_line_in_alphabetical_order_after_the_type() -> None:
    for name, (subject, *lines) in blocks():
        predicates = [line.split()[0] for line in lines if line.startswith("  ")]
        assert len(predicates) == len(lines), (name, subject)
        rest = predicates[1:] if predicates[0] == "a" else predicates
        assert rest == sorted(rest), (name, subject)


@pytest.mark.parametrize("name", ["ns", "code"])
def test_the_header_of_the_ontology_is_complete(name: str) -> None:
    header = ontology()[f"{BASE}{name}"]
    assert f"{OWL}Ontology" in types(f"{BASE}{name}")
    for predicate in (f"{DCTERMS}title", f"{DCTERMS}description"):
        assert {value.language for value in header[predicate]} == LANGUAGES
    assert [value.value for value in header[f"{DCTERMS}license"]] == ["https://creativecommons.org/licenses/by/4.0/"]
    (version,) = (value.value for value in header[f"{OWL}versionInfo"])
    assert [value.value for value in header[f"{OWL}versionIRI"]] == [f"{BASE}{name}/{version}"]
    (created,), (modified,) = header[f"{DCTERMS}created"], header[f"{DCTERMS}modified"]
    assert created.value <= modified.value
    assert len(header[f"{DCTERMS}creator"]) == 1


def test_the_header_names_prefix_and_namespace() -> None:
    header = ontology()[f"{BASE}ns"]
    assert [value.value for value in header[f"{VANN}preferredNamespacePrefix"]] == ["cmq"]
    assert [value.value for value in header[f"{VANN}preferredNamespaceUri"]] == [NS]


def test_every_file_of_the_ontology_has_one_header() -> None:
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        headers = {
            q.subject.value
            for q in parse(path=path)
            if q.predicate.value == TYPE and q.object.value == f"{OWL}Ontology"
        }
        assert headers == {f"{BASE}code" if path.name == "codes.ttl" else f"{BASE}ns"}, path.name


def test_every_prefix_is_declared_once() -> None:
    declared = [quad.object.value for quad in quads("ontology") if quad.predicate.value == f"{SH}prefix"]
    assert declared == sorted(set(declared))
    assert len(set(prefixes().values())) == len(prefixes())


@pytest.mark.parametrize("folder", ["ontology", "shapes", "data"])
def test_every_prefix_of_a_file_is_declared_with_the_same_namespace(folder: str) -> None:
    wrong = {
        (path.name, prefix, namespace)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".ttl", ".trig"}
        for prefix, namespace in PREFIX_LINE.findall(path.read_text(encoding="utf8"))
        # A shapes file calls its own graph by the short names that suit it.
        if prefixes().get(prefix) != namespace and not namespace.startswith(f"{BASE}shapes/")
    }
    assert not wrong


def test_every_code_is_in_its_scheme_and_has_the_end_of_its_iri_as_notation() -> None:
    for code in codes():
        facts = ontology()[code]
        if f"{SKOS}Concept" in types(code):
            scheme, _, notation = code.rpartition("/")
            assert [value.value for value in facts[f"{SKOS}inScheme"]] == [scheme]
            above = [value.value for value in (*facts[f"{SKOS}topConceptOf"], *facts[f"{SKOS}broader"])]
            assert above and all(iri == scheme or iri.startswith(f"{scheme}/") for iri in above)
            assert [value.value for value in facts[f"{SKOS}notation"]] == [notation]
            assert f"{SKOS}ConceptScheme" in types(scheme)


def test_every_code_that_is_used_is_defined() -> None:
    used = {
        quad.object.value
        for folder in ("ontology", "shapes", "data")
        for quad in quads(folder)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(f"{BASE}code/")
        if quad.predicate.value != f"{OWL}versionIRI"
    }
    assert not used - set(codes())


def statement(text: str) -> tuple[Any, Any, Any]:
    (quad,) = parse(prefix_lines() + text, format=RdfFormat.TURTLE)
    return quad.subject, quad.predicate, quad.object


def is_real(term: str, example: Any) -> bool:
    """A thing is an instance of the class in the data; a statement uses the term and stands in the data."""
    if isinstance(example, NamedNode):
        kinds = {
            quad.object.value for quad in quads("data") if quad.subject == example and quad.predicate.value == TYPE
        }
        below = {iri for iri in terms() if term in {value.value for value in ontology()[iri][f"{RDFS}subClassOf"]}}
        return bool(kinds & {term, *below})
    subject, predicate, value = statement(example.value)
    if term == f"{NS}statedIn":  # derived: the value is the name of a graph that speaks of the subject
        return any(quad.subject == subject and quad.graph_name == value for quad in quads("data"))
    uses = {predicate.value, value.datatype.value if isinstance(value, Literal) else None}
    return term in uses and any(
        (q.subject, q.predicate, q.object) == (subject, predicate, value) for q in quads("data")
    )


def test_every_example_is_real() -> None:
    examples = [(term, example) for term in terms() for example in ontology()[term][f"{SKOS}example"]]
    assert not [(term, example.value) for term, example in examples if not is_real(term, example)]
