"""Labels: the best text for a reader, never none."""

import pyoxigraph as ox
import pytest

from communique.descriptions.labels import Label, Labels, local_name
from communique.store import Store

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""
X = ox.NamedNode("http://example.org/x")


def store(text: str) -> Store:
    return Store.of(ox.parse(PREFIXES + text, format=ox.RdfFormat.TRIG))


def label(text: str, *languages: str) -> Label:
    return Labels(store(text), languages).of(X)


def test_label_is_in_the_first_language_that_there_is() -> None:
    assert label('ex:x rdfs:label "Встреча"@ru, "Meeting"@en .', "ru", "en") == Label("Встреча", "ru")


def test_label_in_a_later_language_is_marked() -> None:
    assert label('ex:x rdfs:label "Meeting"@en .', "zh", "en") == Label("Meeting", "en", fallback=True)


def test_label_in_an_undeclared_language_is_marked() -> None:
    assert label('ex:x rdfs:label "Reunión"@es .', "en") == Label("Reunión", "es", fallback=True)


def test_untagged_label_fits_every_reader() -> None:
    assert label('ex:x foaf:name "Tushar Mehta" ; rdfs:label "Тушар Мехта"@ru .', "zh", "ru") == Label("Tushar Mehta")


def test_tagged_label_goes_before_an_untagged_one() -> None:
    assert label('ex:x foaf:name "Tushar Mehta" ; rdfs:label "Тушар Мехта"@ru .', "ru").text == "Тушар Мехта"


def test_preferred_label_goes_before_the_others() -> None:
    assert label('ex:x rdfs:label "b"@en ; skos:prefLabel "z"@en .', "en").text == "z"


@pytest.mark.parametrize(("language", "text"), [("de", "Jänner"), ("de-AT", "Jänner"), ("de-DE", "Jänner")])
def test_a_range_is_met_by_a_narrower_tag_and_cut_until_it_is_met(language: str, text: str) -> None:
    assert label('ex:x rdfs:label "Jänner"@de-AT, "January"@en .', language).text == text


def test_an_exact_tag_goes_before_a_narrower_one() -> None:
    assert label('ex:x rdfs:label "Jänner"@de-AT, "Januar"@de .', "de").text == "Januar"


def test_language_tags_are_compared_without_case() -> None:
    assert label('ex:x rdfs:label "會議"@zh-Hant .', "zh-HANT") == Label("會議", "zh-hant")


def test_no_languages_mean_that_nothing_is_marked() -> None:
    assert label('ex:x rdfs:label "b"@ru, "a"@en .') == Label("a", "en")


def test_label_falls_back_to_the_bundled_ontology() -> None:
    background = store('ex:x rdfs:label "bundled"@en .')
    assert Labels(Store(background=background), ("en",)).of(X).text == "bundled"


def test_label_falls_back_to_the_curie() -> None:
    assert Labels(Store.of(()), ("en",)).of(ox.NamedNode("http://www.w3.org/ns/org#Post")).text == "org:Post"


def test_label_falls_back_to_the_local_name() -> None:
    assert Labels(Store.of(()), ("en",)).of(X).text == "x"


def test_empty_label_is_none() -> None:
    assert label('ex:x rdfs:label " "@en .', "en").text == "x"


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://example.org/a#b", "b"),
        ("http://example.org/a/", "a"),
        ("http://example.org/%E4%BC%9A", "会"),
        ("http://example.org/%ff", "%ff"),
        ("http://example.org/%0a", "%0a"),
        ("urn:isbn:1", "urn:isbn:1"),
        ("#", "#"),
    ],
)
def test_local_name_is_readable_and_never_empty(iri: str, name: str) -> None:
    assert local_name(iri) == name


def test_label_of_a_literal_is_its_text() -> None:
    assert Labels(Store.of(()), ("en",)).of(ox.Literal("会议", language="zh")) == Label("会议", "zh", fallback=True)


def test_label_of_a_blank_node_says_nothing_of_its_identifier() -> None:
    assert Labels(Store.of(()), ("en",)).of(ox.BlankNode("b17")).text == "[ ]"


def test_all_labels_are_given_by_language() -> None:
    labels = Labels(store('ex:x rdfs:label "b"@en, "v"@ru ; skos:prefLabel "a"@en ; foaf:name "n" .'), ("en",))
    assert labels.all_of(X) == {"": ("n",), "en": ("a", "b"), "ru": ("v",)}


def test_statements_are_those_of_the_declared_languages() -> None:
    labels = Labels(store('ex:x rdfs:label "b"@en, "v"@ru, "w"@fr ; foaf:name "n" .'), ("en", "ru"))
    assert [literal.value for _, literal, _ in labels.statements(X)] == ["b", "v", "n"]


def test_statements_fall_back_to_the_only_language_there_is() -> None:
    labels = Labels(store('ex:x rdfs:label "w"@fr .'), ("en",))
    assert [literal.value for _, literal, _ in labels.statements(X)] == ["w"]


def test_name_of_a_shape_is_chosen_like_a_label() -> None:
    labels = Labels(Store.of(()), ("zh", "en"))
    assert labels.choose({"en": "Date", "ru": "Дата"}) == Label("Date", "en", fallback=True)
