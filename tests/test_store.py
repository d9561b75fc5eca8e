"""The store: everything that a project says, in the graph of who says it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_server

import pyoxigraph as ox
import pytest

from communique.descriptions.bases import files_of
from communique.errors import DataError, UsageError
from communique.project import Project
from communique.store import Store
from communique.syntax import parse_file

PREFIXES = """
@prefix e: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
"""


def loaded(root: Path, **files: str) -> Store:
    """Load a project of files whose names come with `__` for a slash and `_` for a dot."""
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if "{" in content[:1] else PREFIXES + content, encoding="utf-8")
    return Store.load(Project.open(root))


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://e/{name}")


def graphs_of(store: Store, subject: str) -> set[str]:
    return {str(quad.graph_name) for quad in store.quads(node(subject))}


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    results = store.query(query)
    assert isinstance(results, ox.QuerySolutions)
    return sorted(tuple(str(term) for term in row) for row in results)


def test_data_stays_in_the_graph_in_which_it_is_written(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_trig="e:a e:p 1 . e:g { e:b e:p 1 } e:o a owl:Ontology .")
    assert graphs_of(store, "a") == graphs_of(store, "o") == {"DEFAULT"}
    assert graphs_of(store, "b") == {"<http://e/g>"}


@pytest.mark.parametrize("role", ["ontology", "shapes"])
def test_vocabulary_goes_into_the_graph_of_its_header(tmp_path: Path, role: str) -> None:
    store = loaded(tmp_path, **{"data__x_ttl": "e:a e:p 1 .", f"{role}__o_ttl": "e:c e:p 1 . e:ns a owl:Ontology ."})
    assert graphs_of(store, "c") == graphs_of(store, "ns") == {"<http://e/ns>"}


def test_only_concept_scheme_is_a_header_as_well(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_ttl="e:a e:p 1 .", ontology__o_ttl="e:c e:p 1 . e:code a skos:ConceptScheme .")
    assert graphs_of(store, "c") == {"<http://e/code>"}


@pytest.mark.parametrize("header", ["", "e:x a skos:ConceptScheme . e:y a skos:ConceptScheme .", "[] a owl:Ontology ."])
def test_vocabulary_without_a_header_stays_in_the_default_graph(tmp_path: Path, header: str) -> None:
    store = loaded(tmp_path, data__x_ttl="e:a e:p 1 .", ontology__o_ttl=f"e:c e:p 1 . {header}")
    assert graphs_of(store, "c") == {"DEFAULT"}


def test_query_sees_all_graphs_as_one(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_trig="e:a e:p 1 . e:g { e:a e:q 2 }")
    assert len(rows(store, "SELECT ?x { e:a e:p ?x ; e:q ?y }")) == 1


def test_triple_of_several_graphs_counts_once(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_trig="e:g { e:a e:p 1 } e:h { e:a e:p 1 } e:a e:p 1 .")
    assert rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [('"1"^^<http://www.w3.org/2001/XMLSchema#integer>',)]


def test_query_with_graph_sees_who_says_what(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_trig="e:a e:p 1 . e:g { e:a e:q 2 }")
    assert rows(store, "SELECT ?g { GRAPH ?g { ?s ?p ?o } }") == [("<http://e/g>",)]


def test_bundled_ontology_is_background_and_no_part_of_the_store(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_ttl="e:a e:p 1 .")
    meeting = ox.NamedNode("https://w3id.org/communique/ns#Meeting")
    assert len(store) == 1
    assert store.background is not None
    assert list(store.background.quads(meeting))


def test_prefixes_are_those_that_the_project_declares(tmp_path: Path) -> None:
    declaration = "e:ns a owl:Ontology ; sh:declare [ sh:prefix 'ex' ; sh:namespace 'http://e/' ] ."
    store = loaded(tmp_path, data__x_ttl="e:a e:p 1 .", ontology__o_ttl=declaration)
    assert store.prefixes.curie("http://e/a") == "ex:a"


def test_prefixes_of_files_fill_in(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_ttl="e:a e:p 1 .")
    assert store.prefixes.curie("http://e/a") == "e:a"
    assert store.prefixes.curie("http://www.w3.org/ns/org#Post") == "org:Post"


@pytest.mark.parametrize(
    ("declared", "others", "meant"),
    [
        ("", "", "http://www.opengis.net/ont/geosparql#"),
        ("", "@prefix geo: <http://other/> . geo:a geo:b 1 .", "http://www.w3.org/2003/01/geo/wgs84_pos#"),
        ("e:ns sh:declare [ sh:prefix 'geo' ; sh:namespace 'http://g/' ] .", "", "http://g/"),
    ],
)
def test_what_all_files_mean_by_a_prefix_counts_before_what_it_means_elsewhere(
    tmp_path: Path, declared: str, others: str, meant: str
) -> None:
    data = "@prefix geo: <http://www.opengis.net/ont/geosparql#> . <http://e/x> geo:asWKT 'POINT(1 2)' ."
    store = loaded(tmp_path, data__x_ttl=data, data__y_ttl=others, data__z_ttl=PREFIXES + declared)
    assert store.prefixes["geo"] == meant


def test_of_two_meanings_of_a_prefix_the_more_frequent_is_kept(tmp_path: Path) -> None:
    other = "@prefix e: <http://other/> . e:a e:p 1 ."
    store = loaded(tmp_path, data__a_ttl=other, data__b_ttl="e:a e:p 1 .", data__c_ttl="e:b e:p 1 .")
    assert store.prefixes["e"] == "http://e/"


@pytest.mark.parametrize(
    ("namespace", "prefix"),
    [
        ("https://example.org/vocab/pottery#", "pottery"),
        ("https://pots.example.org/Ontology/1.2/", "pots"),
        ("https://w3id.org/pots/ns#", "pots"),
        ("https://pots.example.org/v2/2024-01/", "pots"),
        ("https://data.pots.org/id/", "pots"),
        ("https://www/ns/", "ns"),
        ("https://example.org/org#", "example"),  # `org` is well known
        ("https://example.org/%D0%B3/pots.owl#", "pots"),
        ("https://org/skos#", "skos2"),
        ("http://www.w3.org/ns/org#", "org"),
    ],
)
def test_a_namespace_that_files_call_by_the_empty_prefix_alone_has_a_name(
    tmp_path: Path, namespace: str, prefix: str
) -> None:
    store = loaded(tmp_path, data__x_ttl=f"@prefix : <{namespace}> . :a :p 1 .")
    assert store.prefixes.curie(namespace + "a") == f"{prefix}:a"


def test_each_namespace_without_a_name_has_one_of_its_own(tmp_path: Path) -> None:
    first, second = ("@prefix : <http://a/pots#> . :a :p 1 .", "@prefix : <http://b/pots#> . :a :p 1 .")
    store = loaded(tmp_path, data__a_ttl=second, data__b_ttl=first)
    assert [store.prefixes.curie(f"http://{each}/pots#a") for each in "ab"] == ["pots:a", "b:a"]


def test_what_one_file_calls_by_a_prefix_and_another_by_none_has_that_prefix(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        data__a_ttl="@prefix : <http://a/pots#> . :a :p 1 .",
        data__b_ttl="@prefix p: <http://a/pots#> . p:a p:p 1 .",
    )
    assert store.prefixes.curie("http://a/pots#a") == "p:a"


@pytest.mark.parametrize(
    ("vocabulary", "said", "written"),
    [
        ("http://e/pots", 'vann:preferredNamespacePrefix "pt" ; vann:preferredNamespaceUri "http://e/pots#"', ""),
        ("http://e/pots", "vann:preferredNamespacePrefix 'pt:' ; vann:preferredNamespaceUri <http://e/pots#>", "other"),
        ("http://e/pots", 'vann:preferredNamespacePrefix "pt"', ""),
        ("http://e/pots#", 'vann:preferredNamespacePrefix "pt"', "other"),
    ],
)
def test_a_vocabulary_has_the_prefix_that_it_prefers(tmp_path: Path, vocabulary: str, said: str, written: str) -> None:
    prefixes = f"@prefix vann: <http://purl.org/vocab/vann/> . @prefix {written}: <http://e/pots#> ."
    text = f"{prefixes} <{vocabulary}> a owl:Ontology ; {said} . {written}:A a owl:Class ."
    assert loaded(tmp_path, ontology__x_ttl=text).prefixes.curie("http://e/pots#A") == "pt:A"


@pytest.mark.parametrize("preferred", ["skos", "1 x", "", "e"])
def test_a_prefix_that_is_none_or_is_taken_is_not_preferred(tmp_path: Path, preferred: str) -> None:
    text = (
        "@prefix : <http://a/pots#> . @prefix vann: <http://purl.org/vocab/vann/> ."
        f'<http://a/pots#> a owl:Ontology ; vann:preferredNamespacePrefix "{preferred}" ;'
        "  sh:declare [ sh:prefix 'e' ; sh:namespace 'http://e/' ] . :Pot a owl:Class ."
    )
    assert loaded(tmp_path, ontology__x_ttl=text).prefixes.curie("http://a/pots#Pot") == "pots:Pot"


def test_prefixes_need_no_declaration_in_a_query(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_ttl="e:a a skos:Concept .")
    assert rows(store, "SELECT ?s { ?s a skos:Concept }") == [("<http://e/a>",)]


def test_declaration_in_a_query_wins(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__x_ttl="e:a e:p 1 .")
    assert rows(store, "PREFIX skos: <http://e/> SELECT ?o { skos:a skos:p ?o }") != []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {\n  ?s dct:title ?o }", "query:2:6: the prefix dct: is not declared"),
        ("SELECT * { http://e/a ?p ?o }", "query:1:12: http://e/a is an IRI, which stands in angle brackets: <...>"),
        ("SELECT * { ?s ?p }", "query:1:19: something is missing"),
        ("SELECT * { ?s ?p ?o } LIMIT x", "query:1:29: cannot be read from 'x' on"),
        ("SELECT * { ?s <p> ?o }", "query:1:15: <p> is a relative IRI"),
        ("SELECT ?a { ?s ?p ?o } GROUP BY ?s", "variable that is unbound"),
        ("PREFIX e: <http://e/> INSERT DATA { e:a e:p 1 }", "INSERT is an update"),
        ("", "something is missing"),
    ],
)
def test_malformed_query_is_refused_with_its_place(query: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Store().query(query)
    assert message in str(caught.value)


def test_string_that_looks_like_a_name_needs_no_prefix() -> None:
    with pytest.raises(UsageError, match="something is missing"):
        Store().query("SELECT * { ?s ?p 'no:name', <http://e/x:y> # no:name \n")


@contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """Give a port and the connections that were opened to it."""
    calls: list[str] = []
    with create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)

        def wait() -> None:
            with suppress(TimeoutError):
                calls.append(str(server.accept()[1]))

        thread = threading.Thread(target=wait)
        thread.start()
        yield server.getsockname()[1], calls
        thread.join()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT*{?s ?p ?o.service silent<URL>{?a ?b ?c}}",
        "PREFIX SERVICE: <http://e/> SELECT * { SERVICE<URL> {} }",
        "ASK { FILTER EXISTS { SERVICE SILENT <URL> { ?s ?p ?o } } }",
        "LOAD <URL>",
    ],
)
def test_query_that_would_reach_out_is_refused_before_it_does(query: str) -> None:
    with listener() as (port, calls), pytest.raises(UsageError, match="refused"):
        Store().query(query.replace("URL", f"http://127.0.0.1:{port}/"))
    assert calls == []


def test_from_never_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<http://e/a> <http://e/p> 1 .")
    assert rows(Store(), f"SELECT * FROM <{path.as_uri()}> {{ ?s ?p ?o }}") == []


def test_problems_of_all_files_come_in_one_error(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        loaded(tmp_path, data__a_ttl="e:a", data__b_ttl="e:b e:p 1 .", data__c_nq="oops", shapes__d_ttl="x:a a e:b .")
    assert [problem.path.name for problem in caught.value.problems if problem.path] == ["a.ttl", "c.nq", "d.ttl"]


def test_problems_of_the_folder_are_among_them(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/l.ttl").symlink_to("nowhere")
    with pytest.raises(DataError, match="leads nowhere"):
        loaded(tmp_path, data__a_ttl="e:a e:p 1 .")


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__a_ttl="_:b0 e:p 1 .", data__b_ttl="_:b0 e:p 1 .")
    assert len(store) == 2


def test_two_loads_give_the_same_labels_of_blank_nodes(tmp_path: Path) -> None:
    files = {"data__a_ttl": "[] e:p [ e:q ( 1 2 ) ] .", "data__b_ttl": "[] e:p _:x ."}
    assert {str(quad) for quad in loaded(tmp_path, **files)} == {str(quad) for quad in loaded(tmp_path, **files)}


def test_published_context_may_be_named_by_its_address(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        data__a_jsonld='{"@context": "http://e/context.jsonld", "@id": "http://e/a", "name": "A"}',
        data__z_ttl='e:d void:uriSpace "http://e/" .',
        ontology__context_jsonld='{"@context": {"name": "http://e/name"}}',
    )
    assert list(store.quads(node("a"), node("name")))


def test_subjects_are_sorted_iris() -> None:
    store = Store.of([ox.Quad(term, node("p"), node("o")) for term in (node("b"), node("a"), ox.BlankNode())])
    assert store.subjects() == [node("a"), node("b")]


def test_graph_names_are_sorted() -> None:
    store = Store.of([ox.Quad(node("s"), node("p"), node("o"), graph) for graph in (node("b"), node("a"))])
    assert store.graph_names() == [node("a"), node("b")]


def test_origins_tell_the_files_that_write_into_a_graph(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__a_trig="e:g { e:a e:p 1 }", data__b_trig="e:g { e:b e:p 1 } e:c e:p 1 .")
    assert [file.name for file in store.origins[node("g")]] == ["data/a.trig", "data/b.trig"]
    assert [file.name for file in store.origins[ox.DefaultGraph()]] == ["data/b.trig"]


def test_files_of_a_subject_are_found(tmp_path: Path) -> None:
    store = loaded(tmp_path, data__a_trig="e:g { e:a e:p 1 }", data__b_trig="e:g { e:b e:p 1 }")
    assert [file.name for file in files_of(store, node("b"))] == ["data/b.trig"]


def test_progress_names_each_file(tmp_path: Path) -> None:
    loaded(tmp_path, data__a_ttl="e:a e:p 1 .", data__b_ttl="e:a e:p 1 .")
    seen: list[str] = []
    Store.load(Project.open(tmp_path), progress=lambda file: seen.append(file.name))
    assert seen[:2] == ["data/a.ttl", "data/b.ttl"]


def test_canonical_hash_does_not_depend_on_syntax_order_or_labels(tmp_path: Path) -> None:
    (tmp_path / "a.trig").write_text("<http://e/g> { _:x <http://e/p> _:y . _:y <http://e/q> 1 }")
    (tmp_path / "b.nq").write_text(
        '_:n <http://e/q> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g> .\n'
        "_:m <http://e/p> _:n <http://e/g> .\n"
    )
    hashes = {Store.of(parse_file(tmp_path / name)).canonical_hash() for name in ("a.trig", "b.nq")}
    assert len(hashes) == 1


def test_canonical_hash_is_that_of_the_canonical_n_quads() -> None:
    from hashlib import sha256

    store = Store.of([ox.Quad(node("s"), node("p"), ox.BlankNode("x"))])
    assert store.canonical_hash() == sha256(b"<http://e/s> <http://e/p> _:c14n0 .\n").hexdigest()


def test_quads_that_join_for_a_while_leave_nothing_behind() -> None:
    subject, predicate, value, graph, other = (ox.NamedNode(f"http://e/{name}") for name in "spogh")
    quad = ox.Quad(subject, predicate, value, graph)
    store = Store.of([quad])
    with store.joined_by([quad, ox.Quad(subject, predicate, value, other)]):
        assert len(store) == 2
    assert (list(store), store.graph_names()) == ([quad], [graph])
