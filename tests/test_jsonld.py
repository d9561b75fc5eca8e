"""JSON-LD: pleasant for programs, and always the graph of the Turtle; PyLD is the judge."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from communique.descriptions.description import describe
from communique.descriptions.labels import Labels
from communique.descriptions.presentation import Presentation
from communique.errors import ProjectError
from communique.project import Project
from communique.representations.context import Context
from communique.representations.documents import document_graph
from communique.representations.jsonld import JsonLd, jsonld
from communique.store import Store

ROOT = Path(__file__).parents[1]
HEADER = """
@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
X = ox.NamedNode("http://example.org/x")
EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS: dict[str, Any] = {
    "id": "@id",
    "type": "@type",
    "Thing": EX + "Thing",
    "label": {"@id": "http://www.w3.org/2000/01/rdf-schema#label", "@container": "@language"},
    "notes": {"@id": EX + "note", "@container": ["@language", "@set"]},
    "link": {"@id": EX + "link", "@type": "@id"},
    "links": {"@id": EX + "links", "@type": "@id", "@container": "@set"},
    "role": {"@id": EX + "role", "@type": "@vocab"},
    "observer": EX + "role/observer",
    "count": {"@id": EX + "count", "@type": XSD + "integer"},
    "date": {"@id": EX + "date", "@type": XSD + "date"},
    "share": {"@id": EX + "share", "@type": XSD + "decimal"},
    "name": EX + "name",
    "statedIn": {"@id": "https://w3id.org/communique/ns#statedIn", "@type": "@id", "@container": "@set"},
    "scoped": {"@id": EX + "scoped", "@context": {"a": EX + "a"}},
}


def written(
    quads: Iterable[ox.Quad] | str,
    *,
    terms: dict[str, Any] | None = None,
    prefixes: dict[str, str] | None = None,
    under_whole_context: bool = True,
) -> Any:
    """The document of ex:x, which all readers read as the graph that defines it."""
    quads = ox.parse(HEADER + quads, format=ox.RdfFormat.TRIG) if isinstance(quads, str) else quads
    store = Store.of(quads)
    labels = Labels(store, ("en",))
    description = describe(store, resource=X, presentation=Presentation.read(store))
    context = Context(TERMS if terms is None else terms, prefixes={"ex": EX} if prefixes is None else prefixes)
    document = json.loads(jsonld(description, labels=labels, context=context))
    graph = canonical(ox.Quad(*triple) for triple in document_graph(description, labels=labels))
    assert read_by_pyoxigraph(document) == read_by_pyld(document) == graph
    if under_whole_context:
        whole = {**document, "@context": json.loads(context.text)["@context"]}
        assert read_by_pyoxigraph(whole) == graph
    return document


def canonical(quads: Iterable[ox.Quad]) -> set[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def read_by_pyoxigraph(document: Any) -> set[str]:
    return canonical(ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))


def read_by_pyld(document: Any) -> set[str]:
    text = pyld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refuse})
    return canonical(ox.parse(text, format=ox.RdfFormat.N_QUADS))


def refuse(url: str, options: Any) -> None:
    raise AssertionError(f"a reader had to fetch {url}")


def test_terms_of_the_context_are_the_keys() -> None:
    document = written('ex:x a ex:Thing ; rdfs:label "x"@en ; ex:count 19 ; ex:date "2021-10-29"^^xsd:date .')
    assert {key: value for key, value in document.items() if key != "@context"} == {
        "id": EX + "x",
        "type": "Thing",
        "label": {"en": "x"},
        "count": 19,
        "date": "2021-10-29",
    }


def test_only_the_terms_in_use_are_carried() -> None:
    assert list(written("ex:x ex:count 19 .")["@context"]) == ["id", "type", "count"]


def test_keys_without_a_term_are_compact_iris() -> None:
    document = written("ex:x ex:other 1 .")
    assert (document["ex:other"], document["@context"]["ex"]) == (1, EX)


def test_keys_without_a_prefix_are_iris() -> None:
    assert written("ex:x <http://other.example/p> 1 .")["http://other.example/p"] == 1


def test_a_prefix_that_is_also_a_scheme_is_not_used() -> None:
    document = written("ex:x ex:other <ex:y> .", under_whole_context=False)
    assert document[EX + "other"] == {"id": "ex:y"}


def test_sets_are_arrays_even_of_one() -> None:
    assert written("ex:x ex:links ex:y ; ex:link ex:y .")["links"] == [EX + "y"]


def test_several_values_are_an_array() -> None:
    assert written("ex:x ex:name 'b', 'a' .")["name"] == ["a", "b"]


def test_several_labels_of_one_language_are_an_array() -> None:
    assert written('ex:x rdfs:label "a"@en, "b"@en, "в"@ru .')["label"] == {"en": ["a", "b"], "ru": "в"}


def test_language_maps_that_are_sets_hold_arrays() -> None:
    assert written('ex:x ex:note "a"@en .')["notes"] == {"en": ["a"]}


def test_an_untagged_label_is_in_the_map_of_languages() -> None:
    assert written('ex:x rdfs:label "a" .')["label"] == {"@none": "a"}


def test_a_label_that_is_no_text_has_a_key_of_its_own() -> None:
    assert (
        written('ex:x rdfs:label 1, "a"@en .', prefixes={"rdfs": "http://www.w3.org/2000/01/rdf-schema#"})["rdfs:label"]
        == 1
    )


def test_linked_things_carry_their_labels() -> None:
    document = written('ex:x ex:link ex:y . ex:y rdfs:label "y"@en ; ex:count 1 .')
    assert document["link"] == {"id": EX + "y", "label": {"en": "y"}}


def test_codes_are_words_and_their_labels_stand_apart() -> None:
    document = written(
        """ex:x ex:role <http://example.org/role/observer> .
        <http://example.org/role/observer> rdfs:label "Observer"@en ."""
    )
    assert document["role"] == "observer"
    assert document["@included"] == [{"id": EX + "role/observer", "label": {"en": "Observer"}}]


def test_codes_without_a_word_are_iris() -> None:
    assert written("ex:x ex:role ex:other .")["role"] == EX + "other"


def test_nested_things_stand_in_place() -> None:
    document = written("""ex:x a ex:Thing ; ex:link ex:y . ex:y ex:name "inside" .
        ex:S sh:targetClass ex:Thing ; sh:property [ sh:path ex:link ; sh:node ex:T ] .""")
    assert document["link"] == {"id": EX + "y", "name": "inside"}


def test_things_that_nest_in_a_circle_end() -> None:
    document = written("""ex:x a ex:Thing ; ex:link ex:y . ex:y a ex:Thing ; ex:link ex:x .
        ex:S sh:targetClass ex:Thing ; sh:property [ sh:path ex:link ; sh:node ex:S ] .""")
    assert document["link"]["link"] == EX + "x"


def test_values_stand_in_the_order_of_listing() -> None:
    document = written("ex:x ex:links ex:a, ex:b . ex:b cmq:listingOrder 1 . ex:a cmq:listingOrder 2 .")
    assert document["links"] == [EX + "b", EX + "a"]


def test_evidence_is_linked() -> None:
    assert written("ex:g { ex:x ex:count 1 } ex:g a cmq:Passage .")["statedIn"] == [EX + "g"]


def test_blank_nodes_have_no_names_unless_they_need_one() -> None:
    assert written("ex:x ex:link [ ex:name 'n' ] .")["link"] == {"name": "n"}
    assert written("ex:x ex:links _:b ; ex:link _:b . _:b ex:name 'n' .")["link"] == {"id": "_:b1", "name": "n"}


def test_a_blank_node_of_which_nothing_is_said_is_kept() -> None:
    assert written("ex:x ex:link [] .")["link"] == {}


def test_lists_keep_their_order() -> None:
    assert written("ex:x ex:name ( 'b' 'a' ( ) ) .")["name"] == {
        "@list": ["b", "a", {"id": ox.NamedNode(f"{RDF}nil").value}]
    }


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.mark.parametrize("literal", ['"007"', '"9007199254740993"', '"-0"', '"abc"', '"1.0"', '""'])
def test_integers_that_json_would_change_stay_text(literal: str) -> None:
    quad = ox.Quad(
        X, ox.NamedNode(EX + "count"), ox.Literal(literal.strip('"'), datatype=ox.NamedNode(XSD + "integer"))
    )
    value = written([quad])["count"]
    stored = next(iter(Store.of([quad]).quads())).object
    assert isinstance(stored, ox.Literal) and str(value) == stored.value


def test_decimals_stay_text() -> None:
    assert written("ex:x ex:share 49.2 .")["share"] == "49.2"


@pytest.mark.parametrize(
    "text", ['"x"^^rdf:HTML', '"{}"^^rdf:JSON', '"x"^^ex:t', '"2021"^^xsd:gYear', '"x"@en', "false"]
)
@pytest.mark.parametrize("path", ["name", "count", "link", "role", "other"])
def test_values_that_a_term_does_not_expect_say_what_they_are(text: str, path: str) -> None:
    written(f"ex:x ex:{path} {text} .")


@pytest.mark.parametrize("value", ["ex:y", "'text'", "[ ex:name 1 ]", "( 1 )"])
@pytest.mark.parametrize("path", ["name", "count", "link", "links", "role", "note", "scoped", "other"])
def test_nodes_where_a_term_expects_text_and_text_where_it_expects_a_node(value: str, path: str) -> None:
    written(f"ex:x ex:{path} {value} ; a [], 'type' .")


def test_terms_that_do_more_than_coerce_are_not_used() -> None:
    assert written("ex:x ex:scoped 1 .")["ex:scoped"] == 1


def test_context_may_use_prefixes_and_a_vocabulary() -> None:
    terms = {
        "@vocab": EX,
        "x": EX,
        "name": {"@id": "x:name"},
        "count": {"@type": XSD + "integer"},
        "link": {"@id": "link"},
    }
    document = written("ex:x ex:name 'n' ; ex:count 1 ; ex:link ex:y .", terms=terms)
    assert (document["name"], document["count"], document["link"]) == ("n", 1, {"@id": EX + "y"})


def test_prefixes_of_the_context_are_carried_in_full() -> None:
    terms = {"e": EX, "p": {"@id": "e:p-", "@prefix": True}}
    document = written("ex:x <http://example.org/p-/q> 1 ; ex:r 2 .", terms=terms, prefixes={})
    assert document["@context"] == {"e": EX}


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"@context": "https://example.org/c"}', '{"@context": {"@language": "en"}}']
)
def test_a_context_that_is_not_complete_in_itself_is_refused(text: str) -> None:
    with pytest.raises(ProjectError, match=r"^context\.jsonld: "):
        Context.read(text, name="context.jsonld")


def test_several_contexts_are_one() -> None:
    assert [
        term.name
        for term in Context.read('{"@context": [{"a": "http://e.org/a"}, {"b": "http://e.org/a"}]}').terms(
            "http://e.org/a"
        )
    ] == ["a", "b"]


def test_prefixes_give_way_to_terms() -> None:
    context = Context({"date": {"@id": EX + "date"}}, prefixes={"date": "http://example.org/date/", "d": EX})
    assert context.compact("http://example.org/date/1").name == "http://example.org/date/1"


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.load(Project.open(ROOT))


def document_of(store: Store, iri: str) -> Any:
    context = Context.read((ROOT / "ontology" / "context.jsonld").read_bytes(), prefixes=store.prefixes)
    description = describe(store, resource=ox.NamedNode(iri), presentation=Presentation.read(store))
    return json.loads(JsonLd(labels=Labels(store, ("en", "ru", "zh")), context=context).document(description))


def test_a_program_finds_the_participants_of_the_19th_meeting(store: Store) -> None:
    meeting = document_of(store, "https://w3id.org/communique/sco/meeting/prosecutors-general-19")
    assert meeting["participants"][0]["person"]["name"] == "Tushar Mehta"
    assert [each["listingOrder"] for each in meeting["participants"]] == list(
        range(1, len(meeting["participants"]) + 1)
    )


def test_every_fifth_document_of_the_first_dataset_means_the_same_under_the_whole_context(store: Store) -> None:
    context = Context.read((ROOT / "ontology" / "context.jsonld").read_bytes(), prefixes=store.prefixes)
    whole = json.loads(context.text)["@context"]
    presentation, writer = Presentation.read(store), JsonLd(labels=Labels(store, ("en",)), context=context)
    for node in store.subjects()[::5]:
        text = writer.document(describe(store, resource=node, presentation=presentation))
        document = {**json.loads(text), "@context": whole}
        assert read_by_pyoxigraph(document) == canonical(ox.parse(text, format=ox.RdfFormat.JSON_LD)), node


def test_pyld_reads_every_tenth_document_of_the_first_dataset_alike(store: Store) -> None:
    context = Context.read((ROOT / "ontology" / "context.jsonld").read_bytes(), prefixes=store.prefixes)
    presentation, writer = Presentation.read(store), JsonLd(labels=Labels(store, ("en",)), context=context)
    for node in store.subjects()[::10]:
        text = writer.document(describe(store, resource=node, presentation=presentation))
        assert read_by_pyld(json.loads(text)) == canonical(ox.parse(text, format=ox.RdfFormat.JSON_LD)), node


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["name", "note", "count", "label"]),
            st.text('a"\\\u0001\u2028é\U0001f600\n', max_size=5),
            st.sampled_from(["", "en", "zh-Hant"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_text_comes_back_as_it_is(values: list[tuple[str, str, str]]) -> None:
    written([ox.Quad(X, ox.NamedNode(EX + path), ox.Literal(text, language=tag or None)) for path, text, tag in values])
