"""Several graphs as the default graph of a query: a set of triples, as rdflib's Dataset has it."""

from collections import Counter
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Dataset
from rdflib.plugins import sparql

from communique.union import ask, with_union

DATA = """
@prefix : <http://example.org/> .
:g { :a :p 1 ; :q _:b . :b :p 2 }
:h { :a :p 1 ; :q _:b . :c :p 3 }
:i { :a :p 1 . :d :p 4 }
:alone { :e :p 5 }
:far { :f :p 6 }
"""
PROLOGUE = "BASE <http://example.org/> PREFIX : <#> PREFIX ex: <http://example.org/>"
SEVERAL = "FROM <g> FROM <h> FROM <i>"
QUERIES = (
    "SELECT * {} { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) {} { ?s ?p ?o }",
    "SELECT ?a ?c {} { ?a ex:p ?b . ?b ex:p ?c }",
    "SELECT ?a ?b {} { ?a ex:p/ex:q ?b }",
    "SELECT ?a ?b {} { ?a ex:p+ ?b }",
    "SELECT * {} { ?a ex:p ?b OPTIONAL { ?b ex:q ?c } }",
    "SELECT (COUNT(?b) AS ?n) (COUNT(DISTINCT ?b) AS ?d) {} { ?a ?p ?b }",
    "SELECT * {} { ?a ex:p ?b MINUS { ?a ex:q ?b } }",
    "SELECT * {} { ?a ex:p ?b GRAPH ?g { ?b ?q ?c } }",
)


def store_of(data: str) -> ox.Store:
    store = ox.Store()
    store.extend(with_union(ox.parse(data, format=ox.RdfFormat.TRIG)))
    return store


class Copies(list[ox.Store]):
    """Makes empty stores and counts them."""

    def __call__(self) -> ox.Store:
        self.append(ox.Store())
        return self[-1]


def rows(data: str | ox.Store, text: str, *, copies: Any = ox.Store, **graphs: Any) -> Counter[Any]:
    store = store_of(data) if isinstance(data, str) else data
    found = ask(store, f"{PROLOGUE} {text}", empty=copies, **graphs)
    names = [variable.value for variable in found.variables]
    return Counter(tuple(None if row[n] is None else value_of(row[n]) for n in names) for row in found)


def value_of(term: Any) -> str:
    return "a blank node" if isinstance(term, ox.BlankNode) else str(term.value)


def judged(data: str, text: str, names: list[str]) -> Counter[Any]:
    dataset = Dataset()
    dataset.parse(data=data, format="trig")
    found = dataset.query(f"{PROLOGUE} {text}")
    return Counter(tuple(None if (v := row.get(n)) is None else str(v) for n in names) for row in found.bindings)


@pytest.mark.parametrize(
    ("graphs", "triples"),
    [
        ("", 7),
        ("FROM <g>", 3),
        ("FROM <g> FROM <g>", 3),
        ("FROM <g> FROM ex:g FROM <http://example.org/\\u0067>", 3),
        ("FROM <g> FROM <h>", 4),
        (SEVERAL, 5),
        ("FROM <g> FROM <alone>", 4),
        ("FROM <g> FROM <none> FROM <none>", 3),
        (f"{SEVERAL} FROM <alone> FROM <far>", 7),
        ("FROM NAMED <g> FROM NAMED <h>", 0),
        ("FROM <h> FROM NAMED <g> FROM <g> FROM NAMED <i>", 4),
    ],
)
def test_the_default_graph_has_each_triple_once(graphs: str, triples: int) -> None:
    assert rows(DATA, f"SELECT * {graphs} {{ ?s ?p ?o }}").total() == triples


def test_what_graphs_have_in_common_is_not_multiplied_in_a_join() -> None:
    assert rows(DATA, f"SELECT * {SEVERAL} {{ ?s ex:p 1 ; ex:p ?o ; ex:q ?b }}").total() == 1


def test_the_graphs_of_the_request_are_a_set_too_and_replace_those_of_the_query() -> None:
    def count(*names: str, text: str = "SELECT * FROM <far> FROM <i> { ?s ?p ?o }") -> int:
        return rows(DATA, text, default_graphs=[f"http://example.org/{each}" for each in names]).total()

    assert (count("g"), count("g", "g"), count("g", "h"), count("g", "alone")) == (3, 3, 4, 4)


@pytest.mark.parametrize(
    ("graphs", "found"),
    [
        (f"{SEVERAL} FROM NAMED <alone> FROM NAMED <far> FROM NAMED <far>", {"alone": 1, "far": 1}),
        (f"{SEVERAL} FROM NAMED <g>", {"g": 3}),
        (SEVERAL, {}),
        ("FROM NAMED <g> FROM NAMED <g>", {"g": 3}),
    ],
)
def test_graph_reads_those_that_are_named_for_it(graphs: str, found: dict[str, int]) -> None:
    expected = {(f"http://example.org/{name}",): count for name, count in found.items()}
    assert rows(DATA, f"SELECT ?g {graphs} {{ GRAPH ?g {{ ?s ?p ?o }} }}") == expected


def test_a_blank_node_that_graphs_share_is_one_in_their_merge_as_in_the_union() -> None:
    text = "SELECT ?b {} {{ ?a ex:q ?b }}"
    assert rows(DATA, text.format(SEVERAL)).total() == rows(DATA, text.format("")).total() == 1


@pytest.mark.parametrize(
    ("graphs", "number"),
    [
        ("FROM <g>", 0),
        ("FROM <g> FROM <g>", 0),
        ("FROM <g> FROM <alone>", 0),
        (f"{SEVERAL} FROM <alone> FROM <far>", 0),
        (SEVERAL, 1),
    ],
)
def test_graphs_are_copied_only_where_some_share_triples_and_others_are_left_out(graphs: str, number: int) -> None:
    copies = Copies()
    rows(DATA, f"SELECT * {graphs} {{ ?s ?p ?o }}", copies=copies)
    assert len(copies) == number


def test_a_query_that_is_wrong_is_told_where_before_its_graphs_are_looked_for() -> None:
    with pytest.raises(SyntaxError, match="error at 1:"):
        rows(DATA, "SELECT * FROM <g> FROM no:h { ?s ?p ?o }")


def test_a_query_whose_graphs_cannot_be_told_is_refused() -> None:
    with pytest.raises(SyntaxError, match="it cannot be told which graphs"):
        rows(DATA, "SELECT (COUNT(DISTINCT <x:(>) AS ?n) FROM <g> FROM <h> { ?s ?p ?o }")


triples = st.tuples(*(st.sampled_from(names) for names in ("abc", "pq", "abc")))
datasets = st.lists(st.frozensets(triples, max_size=5), min_size=4, max_size=4)


@pytest.mark.filterwarnings("ignore:(Conjunctive|Data).* is deprecated:DeprecationWarning")
@settings(max_examples=20, derandomize=True, deadline=None)
@given(datasets, st.lists(st.sampled_from("1234"), max_size=4), st.lists(st.sampled_from("1234"), max_size=2))
def test_the_answers_are_those_of_rdflib(graphs: list[frozenset[Any]], default: list[str], named: list[str]) -> None:
    data = "@prefix : <http://example.org/> .\n" + "\n".join(
        f":{number} {{ {' '.join(f':{s} :{p} :{o} .' for s, p, o in sorted(each))} }}"
        for number, each in enumerate(graphs, 1)
    )
    store = store_of(data)
    clauses = " ".join([f"FROM <{each}>" for each in default] + [f"FROM NAMED <{each}>" for each in named])
    before, sparql.SPARQL_LOAD_GRAPHS = sparql.SPARQL_LOAD_GRAPHS, False
    try:
        for query in QUERIES:
            text = query.replace("{}", clauses or "FROM NAMED <1> FROM <2>", 1)
            names = [each.value for each in ask(store, f"{PROLOGUE} {text}", empty=ox.Store).variables]
            assert rows(store, text) == judged(data, text, names), text
    finally:
        sparql.SPARQL_LOAD_GRAPHS = before
