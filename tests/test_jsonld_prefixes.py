"""Prefixes in JSON-LD: whatever the prefixes are called and wherever they lead, every reader gets the triples."""

from __future__ import annotations

import io
import json
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from canonical_quads import canonical, lines
from communique.descriptions.description import describe
from communique.descriptions.labels import Labels
from communique.descriptions.presentation import Presentation
from communique.distributions.dumps import dump
from communique.errors import ProjectError
from communique.formats import JSONLD, TURTLE
from communique.iris import Prefixes
from communique.representations.context import Context
from communique.representations.jsonld import jsonld
from communique.representations.turtle import turtle
from communique.store import Store

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TERMS: dict[str, Any] = {
    "@version": 1.1,
    "id": "@id",
    "type": "@type",
    "label": {"@id": LABEL, "@container": "@language"},
    "doi": "https://c.example/id/doi",
    "tel": {"@id": "https://c.example/id/tel", "@type": "@id"},
}
ID = "https://c.example/id/"
NAMES = ["", "did", "urn", "mailto", "http", "https", "id", "type", "a", "doi", "label", "x", "geo"]
NAMESPACES = [
    *("did:", "did:web:", "urn:", "urn:x:", "mailto:", "doi:", "a:", "x:", "geo:x/", "id:", "http:"),
    *("http://e.example/", ID),
]
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # what rdflib's own parser makes


def read_by_rdflib(text: bytes) -> set[str]:
    return lines(rdflib.Graph().parse(data=text, format="json-ld").serialize(format="nt"))


def read_by_pyld(text: bytes) -> set[str]:
    return lines(pyld.to_rdf(json.loads(text), {"format": "application/n-quads"}))


def read_by_all(text: bytes) -> set[str]:
    found = canonical(ox.parse(text, format=ox.RdfFormat.JSON_LD))
    assert found == read_by_pyld(text) == read_by_rdflib(text), text.decode()
    return found


class Site:
    """Some triples with the prefixes and the context under which they are published."""

    def __init__(self, text: str, prefixes: dict[str, str], terms: dict[str, Any] | None = None) -> None:
        self.quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
        self.store = Store.of(self.quads)
        self.prefixes = Prefixes(prefixes)
        self.context = Context(TERMS if terms is None else terms, prefixes=self.prefixes)

    def check(self) -> None:
        """All data come back from the dumps and from the documents, and the context itself can be read."""
        assert canonical(ox.parse(self.dumped(TURTLE), format=ox.RdfFormat.TURTLE)) == canonical(self.quads)
        assert read_by_all(self.dumped(JSONLD)) == canonical(self.quads)
        for resource in self.store.subjects():
            assert read_by_all(self.document(resource)) == canonical(
                ox.parse(self.turtle(resource), format=ox.RdfFormat.TURTLE)
            )
        whole = {**json.loads(self.context.text), "@id": ID, LABEL: [{"@value": "x"}]}
        assert read_by_all(json.dumps(whole).encode()) == lines(f'<{ID}> <{LABEL}> "x" .')

    def dumped(self, format: Any) -> bytes:
        out = io.BytesIO()
        dump(self.store, format=format, prefixes=self.prefixes, out=out, context=self.context)
        return out.getvalue()

    def document(self, resource: Any) -> bytes:
        description = describe(self.store, resource=resource, presentation=Presentation.read(self.store))
        return jsonld(description, labels=Labels(self.store, ("en",)), context=self.context)

    def turtle(self, resource: Any) -> bytes:
        description = describe(self.store, resource=resource, presentation=Presentation.read(self.store))
        text = turtle(description, labels=Labels(self.store, ("en",)), prefixes=self.prefixes)
        return text.encode() if isinstance(text, str) else text

    def dumped_nodes(self) -> Any:
        return json.loads(self.dumped(JSONLD))


@pytest.mark.parametrize("scheme", ["did", "mailto", "urn", "doi", "tel", "info"])
@pytest.mark.parametrize("rest", ["", "x:"])
def test_a_prefix_that_is_called_like_the_scheme_of_its_namespace(scheme: str, rest: str) -> None:
    namespace = f"{scheme}:{rest}"
    site = Site(
        f'<{ID}x> a <{namespace}T> ; <{namespace}p> 5, "x"^^<{namespace}dt>, <{namespace}y> .', {scheme: namespace}
    )
    site.check()
    node = site.dumped_nodes()["@graph"][0]
    assert f"{namespace}p" in node and node["type"] == f"{namespace}T"


def test_prefixes_that_lead_to_one_another_in_a_circle() -> None:
    Site("<a:x/s> <b:y/p> 1 ; <a:x/p> 2 .", {"a": "b:y/", "b": "a:x/"}).check()


def test_a_namespace_whose_scheme_is_another_prefix() -> None:
    wgs84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"
    site = Site(f"<{ID}x> <geo:x/p> 1 ; <{wgs84}lat> 2 . <{ID}y> <{wgs84}lat> 2 .", {"loc": "geo:x/", "geo": wgs84})
    site.check()
    assert "geo:lat" in json.loads(site.document(ox.NamedNode(ID + "y")))


def test_the_empty_prefix_is_for_turtle_alone() -> None:
    site = Site(f'<{ID}x> a <{ID}P> ; <{ID}q> "v"^^<{ID}dt>, <{ID}y> .', {"": ID})
    site.check()
    assert b"a :P" in site.dumped(TURTLE)
    node = site.dumped_nodes()["@graph"][0]
    assert node["type"] == ID + "P" and {"@value": "v", "@type": ID + "dt"} in node[ID + "q"]


def test_a_namespace_with_an_empty_prefix_and_another_one_goes_by_the_other() -> None:
    site = Site(f"<{ID}x> <{ID}q> 1 .", {"": ID, "ex": ID})
    site.check()
    assert site.dumped_nodes()["@graph"][0]["ex:q"] == 1


@pytest.mark.parametrize("link", ["doi:10.1/x", "tel:1", "label:x", "id:x", "type:x"])
def test_a_term_that_is_called_like_the_scheme_of_a_link(link: str) -> None:
    Site(f'<{ID}x> <{ID}doi> "10.1/x" ; <{ID}tel> <{link}> ; <{LABEL}> "x"@en ; <{link}> 1 ; a <{link}> .', {}).check()


def test_prefixes_that_stay_are_used_where_another_one_is_the_scheme_of_a_link() -> None:
    site = Site(f"<{ID}x> <{ID}q> <z:1> ; <http://z.example/r> 1 .", {"ex": ID, "z": "http://z.example/"})
    site.check()
    node = site.dumped_nodes()["@graph"][0]
    assert node["ex:q"] == {"id": "z:1"} and node["http://z.example/r"] == 1


@pytest.mark.parametrize("namespace", ["ns#", "http://e.example/a b/", "http://e.example/<x>/", "_:"])
def test_a_namespace_that_is_no_iri_leaves_the_context_readable(namespace: str) -> None:
    Site(f"<{ID}x> <{ID}q> 1 .", {"bad": namespace}).check()


def test_keywords_and_iris_among_the_definitions_are_no_prefixes() -> None:
    Site(f"<{ID}x> <{ID}q> 1 .", {}, {"@vocab": ID}).check()
    terms = {"v": ID, "v:q": {"@id": ID + "q", "@type": "@id"}, ID + "p": {"@type": "@id"}, "id": "@id"}
    Site(f"<{ID}x> <{ID}q> <{ID}y> ; <{ID}p> <{ID}y> .", {}, terms).check()


@pytest.mark.parametrize("terms", [{"": ID}, {"did": "did:"}, {"urn": {"@id": "urn:x:"}}, {"a": "b:", "b": "a:"}])
def test_a_context_that_no_reader_takes_is_refused_with_the_term(terms: dict[str, Any]) -> None:
    with pytest.raises(
        ProjectError, match=r'^context\.jsonld: (a term is called "",|(did|urn|a) is defined by itself)'
    ):
        Context.read(json.dumps({"@context": terms}), name="context.jsonld")


def test_a_term_may_be_its_own_name_under_the_vocabulary() -> None:
    terms = {"@vocab": ID, "q": {"@id": "q"}, "p": "p", "r": {"@type": "@id"}, "https": "https://c.example/"}
    assert [term.name for term in Context.read(json.dumps({"@context": terms})).terms(ID + "q")] == ["q"]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMESPACES), max_size=6), st.data())
def test_any_prefixes_give_the_graph_of_the_turtle(prefixes: dict[str, str], data: st.DataObject) -> None:
    iri = st.builds("<{}{}>".format, st.sampled_from(NAMESPACES), st.sampled_from("pq"))
    node = st.one_of(iri, st.builds('"v"^^{}'.format, iri), st.just("1"), st.just('"v"@en'))
    path = st.one_of(iri, st.just("a"), st.just(f"<{LABEL}>"), st.just(f"<{ID}tel>"), st.just(f"<{ID}doi>"))
    triples = data.draw(st.lists(st.tuples(iri, path, node), min_size=1, max_size=6))
    Site("".join(f"{s} {p} {o} .\n" for s, p, o in triples), prefixes).check()
