"""Documents: the graph of a resource, readable as Turtle, the same in every syntax."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.descriptions.description import describe
from communique.descriptions.facts import Description
from communique.descriptions.labels import Labels
from communique.descriptions.presentation import Presentation
from communique.errors import UsageError
from communique.formats import NQUADS, NTRIPLES, RDFXML
from communique.iris import Prefixes
from communique.project import Project
from communique.representations import documents
from communique.representations.context import Context
from communique.representations.derivation import derive
from communique.representations.jsonld import jsonld
from communique.representations.terms import Terms
from communique.representations.turtle import Turtle, turtle
from communique.store import Store

ROOT = Path(__file__).parents[1]
CMQ = "https://w3id.org/communique/ns#"
HEADER = """
@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PREFIXES = Prefixes({"ex": "http://example.org/", "cmq": CMQ})
X = ox.NamedNode("http://example.org/x")


class Example:
    """A store and the description of ex:x in it."""

    def __init__(self, quads: Iterable[ox.Quad] | str, *languages: str) -> None:
        text = HEADER + quads if isinstance(quads, str) else None
        self.store = Store.of(ox.parse(text, format=ox.RdfFormat.TRIG) if text else quads)
        self.labels = Labels(self.store, languages or ("en",))
        self.description = describe(self.store, resource=X, presentation=Presentation.read(self.store))

    def turtle(self) -> str:
        return turtle(self.description, labels=self.labels, prefixes=PREFIXES).decode()

    def graph(self) -> set[str]:
        return canonical(ox.Quad(*each) for each in documents.document_graph(self.description, labels=self.labels))


def canonical(quads: Iterable[ox.Quad]) -> set[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def parsed(text: bytes | str, format: ox.RdfFormat) -> set[str]:
    return canonical(ox.parse(text, format=format))


def test_turtle_is_written_for_people() -> None:
    example = Example(
        """
        ex:e01 { ex:x a ex:C ; ex:b ex:y, ex:z ; ex:a ex:n . ex:n ex:d "printed" . } ex:e01 a cmq:Passage .
        ex:x rdfs:label "x"@en, "икс"@ru . ex:y rdfs:label "y"@en, "i grec"@fr .
        ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:b ; sh:order 1 ],
            [ sh:path ex:a ; sh:order 2 ; sh:node ex:T ] .
        """
    )
    assert example.turtle() == (
        "@prefix cmq: <https://w3id.org/communique/ns#> .\n"
        "@prefix ex: <http://example.org/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "\n"
        "ex:x\n"
        "  a ex:C ;\n"
        '  rdfs:label "x"@en ;\n'
        '  rdfs:label "икс"@ru ;\n'
        "  ex:b ex:y ;\n"
        "  ex:b ex:z ;\n"
        "  ex:a ex:n ;\n"
        "  cmq:statedIn ex:e01\n"
        ".\n"
        "\n"
        "ex:n\n"
        '  ex:d "printed" ;\n'
        "  cmq:statedIn ex:e01\n"
        ".\n"
        "\n"
        "ex:y\n"
        '  rdfs:label "y"@en\n'
        ".\n"
    )


def test_blank_nodes_and_lists_stand_in_brackets() -> None:
    assert (
        Example("ex:x ex:a [ ex:b ( 1 [ ex:c 2 ] ) ; ex:d 3 ] .")
        .turtle()
        .endswith("ex:x\n  ex:a [\n    ex:b ( 1 [\n      ex:c 2\n    ] ) ;\n    ex:d 3\n  ]\n.\n")
    )


def test_a_blank_node_that_is_mentioned_twice_has_a_name() -> None:
    text = Example("ex:x ex:a _:n ; ex:b _:n . _:n ex:c 1 .").turtle()
    assert text.endswith("ex:x\n  ex:a _:b1 ;\n  ex:b _:b1\n.\n\n_:b1\n  ex:c 1\n.\n")


@pytest.mark.parametrize("text", ["19", "-0.50", "1.0e3", "true", '"19"', '"x"^^xsd:integer', '"1."^^xsd:decimal'])
def test_literals_keep_their_lexical_form(text: str) -> None:
    (quad,) = ox.parse(HEADER + f"ex:x ex:a {text} .", format=ox.RdfFormat.TURTLE)
    example = Example([quad])
    stored = next(iter(example.store.quads(X)))
    assert list(ox.parse(example.turtle(), format=ox.RdfFormat.TURTLE)) == [stored]


def test_only_numbers_that_readers_by_value_write_alike_stand_without_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = {
        "integer": ["0", "1", "-120", "9007199254740993"],
        "decimal": ["0.5", "49.20", "-0.50", "10.0"],
        "double": ["1.5E3", "-1.0E-7", "0.0E0"],
        "boolean": ["true", "false"],
    }
    quoted = {
        "integer": ["01", "+1", "-0", "00"],
        "decimal": ["1", "01.5", "+1.5", ".5", "1."],
        "double": ["1e3", "1.0e3", "15.0E3", "1.50E3", "1.5E03", "1.5E+3", "INF"],
        "boolean": ["1", "0"],
    }
    stated = [
        ox.Literal(text, datatype=ox.NamedNode(rdflib.XSD[each]))
        for found in (bare, quoted)
        for each in found
        for text in found[each]
    ]
    quads = [ox.Quad(X, ox.NamedNode("http://example.org/a"), literal) for literal in stated]
    written = Example(quads).turtle()
    for each, texts in bare.items():
        assert [text for text in texts if f"ex:a {text}" not in written] == [], each
    for each, texts in quoted.items():
        assert [text for text in texts if f'ex:a "{text}"^^xsd:{each}' not in written] == []
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    read = {(str(each), str(each.datatype)) for each in rdflib.Graph().parse(data=written, format="turtle").objects()}
    assert read == {(each.value, each.datatype.value) for each in stated}


def test_only_the_prefixes_in_use_are_declared_in_order() -> None:
    lines = Example("ex:x a cmq:Meeting ; ex:a rdf:nil .").turtle().splitlines()
    assert [line.split()[1] for line in lines if line.startswith("@prefix")] == ["cmq:", "ex:", "rdf:"]


def test_a_resource_that_is_only_mentioned_has_an_empty_document() -> None:
    assert Example("ex:y ex:a ex:x .").turtle() == ""


def test_stated_in_points_to_evidence_graphs_alone() -> None:
    example = Example("""ex:g { ex:x ex:a 1 } ex:h { ex:x ex:a 1 } ex:i { ex:x ex:b 1 } ex:x ex:c 1 .
        ex:g a cmq:Interpretation . ex:h a cmq:Passage .""")
    links = [line.split()[1] for line in example.turtle().splitlines() if "statedIn" in line]
    assert links == ["ex:h", "ex:g"]


def test_types_and_evidence_bring_no_labels_with_them() -> None:
    example = Example("""ex:g { ex:x a ex:C } ex:g a cmq:Passage ; rdfs:label "g"@en . ex:C rdfs:label "C"@en .""")
    assert "label" not in example.turtle()


def test_trig_keeps_the_graphs() -> None:
    example = Example("ex:g { ex:x ex:a 1, ex:y } ex:h { ex:x ex:a 1 } ex:x ex:b [ ex:c 1 ] .")
    text = documents.trig(example.description, labels=example.labels, terms=Terms(PREFIXES)).decode()
    assert text == (
        "@prefix ex: <http://example.org/> .\n\n"
        "ex:x\n  ex:b _:b1\n.\n\n_:b1\n  ex:c 1\n.\n\n"
        "ex:g {\n  ex:x\n    ex:a ex:y ;\n    ex:a 1\n  .\n}\n\n"
        "ex:h {\n  ex:x\n    ex:a 1\n  .\n}\n"
    )


def test_rdfxml_refuses_what_xml_cannot_say() -> None:
    example = Example("ex:x <http://example.org/1> 1 .")
    with pytest.raises(UsageError, match="does not end in a name"):
        derive(example.turtle().encode(), format=RDFXML)


@pytest.mark.parametrize("letter", ["\\u0001", "\\uFFFE", "\\b", "\x01", "\x1f", "\ufffe", "\uffff"])
def test_rdfxml_refuses_letters_that_xml_has_not_however_they_are_written(letter: str) -> None:
    turtle = f'<http://e/x> <http://e/p> "a{letter}b" .'
    with pytest.raises(UsageError, match="control characters"):
        derive(turtle.encode(), format=RDFXML)


@pytest.mark.parametrize("letter", ["\\n", "\\t", "\\u0041", "\x7f", "\u2028", "\ue000", "𝒳", "&<>]]>"])
def test_rdfxml_holds_all_other_letters(letter: str) -> None:
    turtle = f'<http://e/x> <http://e/p> "a{letter}b" .'.encode()
    made = derive(turtle, format=RDFXML)
    assert [*ox.parse(made, format=ox.RdfFormat.RDF_XML)] == [*ox.parse(turtle, format=ox.RdfFormat.TURTLE)]


def test_derived_documents_do_not_depend_on_the_names_that_a_parser_invents() -> None:
    turtle = b'<http://e/x> <http://e/p> [ <http://e/q> ( 1 [] ) ], [] ; <http://e/r> "_:b9" .'
    first, second = (derive(turtle, format=NTRIPLES) for _ in range(2))
    assert first == second
    assert first.splitlines() == sorted(first.splitlines())
    assert b'"_:b9"' in first


IRIS = st.sampled_from(
    [
        ox.NamedNode("http://example.org/" + name)
        for name in ("x", "y", "g", "h", "a/b", "é", "会议", "a.", "1", "", "a#b")
    ]
    + [ox.NamedNode(iri) for iri in ("urn:a:b", "ex:y", "mailto:a@b.c", "cmq:x", CMQ + "Passage", "tag:x,1:y//z")]
)
BLANKS = st.sampled_from([ox.BlankNode(name) for name in ("a", "b", "c")])
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
LITERALS = st.one_of(
    st.builds(ox.Literal, st.text(st.characters(exclude_categories=["Cs"]), max_size=8)),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag),
        st.text("aé\"\\\n\u2028'", max_size=3),
        st.sampled_from(["en", "zh-Hant", "ru"]),
    ),
    st.builds(
        lambda text, datatype: ox.Literal(text, datatype=ox.NamedNode(datatype)),
        st.sampled_from(
            ["1", "-0", "007", "true", "1.50", "1e3", "INF", "", "abc", "2021-10-29", "9007199254740993", "<b>", "{}"]
        ),
        st.sampled_from(
            [
                *(XSD + name for name in ("integer", "boolean", "decimal", "double", "date")),
                RDF + "HTML",
                RDF + "JSON",
                "ex:t",
            ]
        ),
    ),
)
PATHS = st.sampled_from(
    [
        ox.NamedNode(iri)
        for iri in (
            RDF + "type",
            "http://example.org/p",
            "http://example.org/1",
            "urn:p:q",
            "ex:q",
            "http://www.w3.org/2000/01/rdf-schema#label",
            "http://xmlns.com/foaf/0.1/name",
            CMQ + "hasRole",
            CMQ + "ordinal",
            CMQ + "hasParticipation",
            RDF + "first",
            RDF + "rest",
        )
    ]
)
GRAPHS = st.sampled_from([ox.DefaultGraph(), *(ox.NamedNode("http://example.org/" + name) for name in "gh")])
QUADS = st.lists(
    st.builds(
        ox.Quad,
        st.one_of(st.just(X), IRIS, BLANKS),
        PATHS,
        st.one_of(IRIS, BLANKS, LITERALS, st.just(ox.NamedNode(RDF + "nil"))),
        GRAPHS,
    ),
    min_size=1,
    max_size=12,
)
CONTEXT = Context.read((ROOT / "ontology" / "context.jsonld").read_bytes(), prefixes=PREFIXES)


@settings(max_examples=300, deadline=None)
@given(QUADS)
def test_every_syntax_gives_the_same_graph(quads: list[ox.Quad]) -> None:
    example = Example(quads)
    description, labels = example.description, example.labels
    graph = example.graph()
    assert parsed(example.turtle(), ox.RdfFormat.TURTLE) == graph
    assert parsed(derive(example.turtle().encode(), format=NTRIPLES), ox.RdfFormat.N_TRIPLES) == graph
    assert parsed(jsonld(description, labels=labels, context=CONTEXT), ox.RdfFormat.JSON_LD) == graph


@settings(max_examples=100, deadline=None)
@given(QUADS)
def test_formats_with_graphs_give_the_same_dataset(quads: list[ox.Quad]) -> None:
    example = Example(quads)
    expected = canonical(documents.document_quads(example.description, labels=example.labels))
    trig = documents.trig(example.description, labels=example.labels, terms=Terms(PREFIXES))
    nquads = derive(trig, format=NQUADS)
    assert parsed(trig, ox.RdfFormat.TRIG) == parsed(nquads, ox.RdfFormat.N_QUADS) == expected


@settings(max_examples=100, deadline=None)
@given(QUADS)
def test_a_document_holds_every_triple_of_its_resource(quads: list[ox.Quad]) -> None:
    example = Example(quads)
    own = {quad.triple for quad in example.store.quads(X) if not isinstance(quad.object, ox.BlankNode)}
    assert own <= set(documents.document_graph(example.description, labels=example.labels))


@pytest.fixture(scope="module")
def real() -> tuple[Store, Labels, list[Description]]:
    store = Store.load(Project.open(ROOT))
    presentation = Presentation.read(store)
    found = [describe(store, resource=node, presentation=presentation) for node in store.subjects()]
    return store, Labels(store, ("en", "ru", "zh")), found


def test_turtle_and_jsonld_of_every_resource_of_the_first_dataset_are_one_graph(
    real: tuple[Store, Labels, list[Description]],
) -> None:
    store, labels, found = real
    writer = Turtle(labels=labels, prefixes=store.prefixes)
    context = Context.read((ROOT / "ontology" / "context.jsonld").read_bytes(), prefixes=store.prefixes)
    for description in found:
        expected = canonical(ox.Quad(*each) for each in documents.document_graph(description, labels=labels))
        assert parsed(writer.document(description), ox.RdfFormat.TURTLE) == expected, description.resource
        text = jsonld(description, labels=labels, context=context)
        assert parsed(text, ox.RdfFormat.JSON_LD) == expected, description.resource


def test_a_writer_that_is_used_again_writes_the_same(real: tuple[Store, Labels, list[Description]]) -> None:
    store, labels, found = real
    writer = Turtle(labels=labels, prefixes=store.prefixes)
    for description in (*found[:50], *found[:50]):
        assert writer.document(description) == turtle(description, labels=labels, prefixes=store.prefixes)
