"""Dumps: nothing lost, the same bytes each time."""

from __future__ import annotations

import io
import json
import re
import tracemalloc
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_quads import canonical
from communique.descriptions.evidence import Evidences
from communique.distributions.dumps import dump, write_dumps
from communique.distributions.external_sort import RUN
from communique.errors import UsageError
from communique.formats import ANNOTATED, CSV, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from communique.iris import Prefixes
from communique.project import Project
from communique.representations.context import Context
from communique.store import Store

ROOT = Path(__file__).parents[1]
CMQ = "https://w3id.org/communique/ns#"
HEADER = """
@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
PREFIXES = Prefixes({"ex": "http://example.org/", "cmq": CMQ})
CONTEXT = Context.read((ROOT / "ontology" / "context.jsonld").read_bytes(), prefixes=PREFIXES)
SYNTAXES = {
    TURTLE: ox.RdfFormat.TURTLE,
    TRIG: ox.RdfFormat.TRIG,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    NQUADS: ox.RdfFormat.N_QUADS,
    JSONLD: ox.RdfFormat.JSON_LD,
    RDFXML: ox.RdfFormat.RDF_XML,
}
WITH_GRAPHS = (TRIG, NQUADS)
WITHOUT_GRAPHS = (TURTLE, NTRIPLES, JSONLD)


def store(text: str) -> Store:
    return Store.of(ox.parse(HEADER + text, format=ox.RdfFormat.TRIG))


def dumped(source: Store, format: Format, prefixes: Prefixes = PREFIXES) -> bytes:
    out = io.BytesIO()
    dump(source, format=format, prefixes=prefixes, out=out, context=CONTEXT)
    return out.getvalue()


def read(text: bytes, format: Format) -> set[str]:
    return canonical(ox.parse(text, format=SYNTAXES[format]))


EXAMPLE = """
ex:x ex:b 2 ; a ex:C ; ex:a _:n . _:n ex:c "in both" .
ex:g { ex:x rdfs:label "x"@en ; ex:b 2 . } ex:g a cmq:Passage . ex:h { ex:y ex:b _:n . }
"""


def test_turtle_groups_subjects_with_types_and_labels_first() -> None:
    text = dumped(store('ex:x ex:b 2 ; a ex:C ; rdfs:label "x"@en ; ex:a 1 . ex:a ex:b ex:x .'), TURTLE).decode()
    assert text == (
        "@prefix ex: <http://example.org/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        "ex:a\n  ex:b ex:x\n.\n\n"
        'ex:x\n  a ex:C ;\n  rdfs:label "x"@en ;\n  ex:a 1 ;\n  ex:b 2\n.\n'
    )


def test_trig_groups_graphs_and_subjects() -> None:
    text = dumped(store("ex:g { ex:y ex:a 1 . ex:x ex:a 2, 1 } ex:x ex:a 3 ."), TRIG).decode()
    assert text == (
        "@prefix ex: <http://example.org/> .\n\n"
        "ex:x\n  ex:a 3\n.\n\n"
        "ex:g {\n  ex:x\n    ex:a 1 ;\n    ex:a 2\n  .\n\n  ex:y\n    ex:a 1\n  .\n}\n"
    )


def test_nquads_are_canonical() -> None:
    found = store(EXAMPLE)
    lines = dumped(found, NQUADS).decode().splitlines()
    assert lines == sorted(f"{quad} ." for quad in canonical(found.quads()))


def test_formats_without_graphs_link_to_the_evidence() -> None:
    text = dumped(store(EXAMPLE), NTRIPLES).decode()
    assert [line for line in text.splitlines() if "statedIn" in line] == [
        f"<http://example.org/x> <{CMQ}statedIn> <http://example.org/g> ."
    ]


def test_jsonld_is_a_graph_under_the_terms_in_use() -> None:
    document = json.loads(dumped(store('ex:x rdfs:label "x"@en ; cmq:ordinal 19 .'), JSONLD))
    assert list(document["@context"]) == ["id", "type", "label", "ordinal"]
    assert document["@graph"] == [{"id": "http://example.org/x", "label": {"en": "x"}, "ordinal": 19}]


def test_jsonld_without_a_context_is_refused() -> None:
    with pytest.raises(UsageError):
        dump(store(EXAMPLE), format=JSONLD, prefixes=PREFIXES, out=io.BytesIO())


def test_a_table_is_no_dump() -> None:
    with pytest.raises(UsageError):
        dumped(store(EXAMPLE), CSV)


@pytest.mark.parametrize("format", SYNTAXES, ids=lambda each: each.name)
def test_the_order_in_which_data_are_loaded_leaves_no_trace(format: Format) -> None:
    quads = list(store(EXAMPLE).quads())
    renamed = {"n": ox.BlankNode("other")}
    other = [
        ox.Quad(
            renamed["n"] if isinstance(quad.subject, ox.BlankNode) else quad.subject,
            quad.predicate,
            renamed["n"] if isinstance(quad.object, ox.BlankNode) else quad.object,
            quad.graph_name,
        )
        for quad in reversed(quads)
    ]
    assert dumped(Store.of(quads), format) == dumped(Store.of(other), format)


@pytest.mark.parametrize("format", SYNTAXES, ids=lambda each: each.name)
def test_an_empty_store_gives_a_document(format: Format) -> None:
    assert read(dumped(Store.of(()), format), format) == set()


IRIS = [ox.NamedNode("http://example.org/" + name) for name in ("x", "x/y", "é", "a.", "")]
NODES = st.sampled_from([*IRIS, ox.NamedNode("ex:z"), ox.NamedNode("urn:x"), ox.BlankNode("a"), ox.BlankNode("b")])
# Texts that end like a statement with an object or a graph.
TEXTS = ("a <http://example.org/x>", 'a "<http://example.org/x', "a _:a", "<x> .", "a b", "one\n<x> .", "")
LOOK_ALIKES = st.sampled_from(
    [
        literal
        for text in TEXTS
        for literal in (
            ox.Literal(text),
            ox.Literal(text, language="id"),
            ox.Literal(text, language="ar", direction=ox.BaseDirection.RTL),
            ox.Literal(text, datatype=IRIS[0]),
        )
    ]
)
QUADS = st.lists(
    st.builds(
        ox.Quad,
        NODES,
        st.sampled_from([ox.NamedNode("http://example.org/p"), ox.NamedNode(CMQ + "ordinal"), ox.NamedNode("ex:q")]),
        st.one_of(NODES, st.builds(ox.Literal, st.text(max_size=3)), st.integers().map(ox.Literal), LOOK_ALIKES),
        st.sampled_from([ox.DefaultGraph(), IRIS[0], ox.BlankNode("a")]),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(QUADS)
def test_dumps_with_graphs_hold_the_dataset(quads: list[ox.Quad]) -> None:
    found = Store.of(quads)
    for format in WITH_GRAPHS:
        assert read(dumped(found, format), format) == canonical(found.quads())


@settings(max_examples=150, deadline=None)
@given(QUADS)
def test_dumps_without_graphs_hold_the_union(quads: list[ox.Quad]) -> None:
    found = Store.of(quads)
    union = canonical(ox.Quad(*quad.triple) for quad in found.quads())
    for format in WITHOUT_GRAPHS:
        assert read(dumped(found, format), format) == union


LIKELY = {
    "a": ["<C>", "<http://example.org/D>", "<https://schema.org/Person>"],
    "ex:link": [
        "<x>",
        "<y>",
        "<x/y>",
        "<a_1>",
        "<a_b>",
        "<-x>",
        "<http://other.example/x>",
        "<https://other.example/x#y>",
    ],
    "ex:odd": ["<mailto:x@en>", "<urn:x@en>", "<ftp://example.org/x>", "<http://example.org/>", "<<( <x> <y> <z> )>>"],
    "ex:said": ['"x"', '"y"', '"x"@en', '"y@en"@en', '"x"@ru', '"y@en"', '"x"@zh-hant', '"x"@en--ltr', '"\\""'],
    "ex:typed": ["1", "2", "0.5", "true", '"x"^^<y>', '"2021-01-01"^^xsd:date', '"1"^^xsd:string', '"@en"^^<x@en>'],
}


@settings(max_examples=120, deadline=None)
@given(st.data(), st.sampled_from([TURTLE, JSONLD]), st.sampled_from([{}, {"odd": "http://example.org/a_"}]))
def test_many_things_of_one_kind_are_written_as_each_alone(
    data: st.DataObject, format: Format, more: dict[str, str]
) -> None:
    prefixes = Prefixes({"ex": "http://example.org/", "cmq": CMQ, **more})
    head = "@base <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    verbs = data.draw(st.lists(st.sampled_from(sorted(LIKELY)), min_size=1, max_size=3, unique=True))
    columns = {}
    for verb in verbs:
        palette = data.draw(st.lists(st.sampled_from(LIKELY[verb]), min_size=1, max_size=2))
        columns[verb] = data.draw(st.lists(st.sampled_from(palette), min_size=13, max_size=15))
    texts = [
        f"{head} <s{number}> " + " ; ".join(f"{verb} {column[number]}" for verb, column in columns.items()) + " ."
        for number in range(13)
    ]
    apart = b"".join(_statements(dumped(store(text), format, prefixes)) for text in sorted(texts))
    together = _statements(dumped(store("".join(texts)), format, prefixes))
    assert together.replace(b",\n    {", b"\n    {").replace(b"\n\n", b"\n") == apart.replace(b"\n\n", b"\n")


def test_many_links_are_told_by_their_names_where_these_have_some() -> None:
    many = "".join(f"ex:s{n} cmq:hasAttendanceMode cmq:{'Meeting' if n % 2 else 'other'} ." for n in range(14))
    nodes = json.loads(dumped(store(many), JSONLD))["@graph"]
    assert {node["id"][20:]: node["attendanceMode"] for node in nodes} == {
        str(n): "Meeting" if n % 2 else f"{CMQ}other" for n in range(14)
    }


def _statements(text: bytes) -> bytes:
    """Return what stands after the prefixes, or within the graph."""
    if text.startswith(b"{"):
        return text.split(b'"@graph": [', 1)[1].removesuffix(b"\n  ]\n}\n")
    return b"".join(line for line in text.splitlines(keepends=True) if not line.startswith(b"@prefix"))


def test_a_triple_term_is_written_where_there_are_words_for_it() -> None:
    found = store("ex:x ex:b <<( ex:y ex:c 1 )>> . ex:g { ex:x ex:b <<( ex:y ex:c _:n )>>, ex:z . }")
    for format in WITH_GRAPHS:
        assert read(dumped(found, format), format) == canonical(found.quads())
    union = canonical(ox.Quad(*quad.triple) for quad in found.quads())
    for format in (TURTLE, NTRIPLES):
        assert read(dumped(found, format), format) == union


def test_a_literal_is_dumped_as_it_was_written() -> None:
    found = store('ex:x ex:b "01"^^<http://www.w3.org/2001/XMLSchema#integer>, 1, 49.20 . ex:g { ex:x ex:b 49.20 }')
    assert {line.split(b" ", 2)[2][:7] for line in dumped(found, NTRIPLES).splitlines()} == {
        b'"01"^^<', b'"1"^^<h', b'"49.20"'
    }  # fmt: skip
    for format in (TURTLE, TRIG, ANNOTATED):
        text = dumped(found, format)
        assert b"ex:b 49.20" in text and b"ex:b 1 " in text
        # Readers by value, as rdflib, would take 01 for 1.
        assert b'ex:b "01"^^' in text


@pytest.mark.parametrize("format", [*WITH_GRAPHS, TURTLE, NTRIPLES, ANNOTATED])
def test_a_literal_in_a_triple_term_is_dumped_as_it_was_written(format: Format) -> None:
    within = "ex:x ex:b <<( ex:y ex:c 49.20 )>>, <<( ex:y ex:c 49.2 )>>, <<( _:n ex:c <<( ex:y ex:c 007 )>> )>> ."
    text = dumped(store(f"{within} ex:g {{ {within} }} ex:g a cmq:Passage ."), format).decode()
    assert {"49.20", "49.2", "007"} <= set(re.findall(r"\b[\d.]*\d\b", text))


@pytest.mark.parametrize("more", [{}, {"odd": "http://example.org/a_"}], ids=["plain", "odd"])
def test_names_are_those_that_the_prefixes_give(more: dict[str, str]) -> None:
    prefixes = Prefixes({"ex": "http://example.org/", "cmq": CMQ, **more})
    names = ("a_x", "a", "x-1", "-x", "x.", "x.y", "é", "a/b", "%41")
    found = store("".join(f"<http://example.org/{name}> ex:b <urn:x> ." for name in names))
    expected = {prefixes.curie(iri) or f"<{iri}>" for iri in (f"http://example.org/{name}" for name in names)}
    assert expected <= set(dumped(found, TURTLE, prefixes).decode().splitlines())


def test_a_store_of_many_runs_is_dumped_whole() -> None:
    quads = [
        ox.Quad(
            ox.NamedNode(f"http://example.org/{number * 7919 % 10007}"),
            ox.NamedNode("http://example.org/p"),
            ox.Literal("x" * 300 + str(number)),
            ox.NamedNode(f"http://example.org/g{number % 7}"),
        )
        for number in range(15_000)
    ]
    found = Store.of(quads)
    assert dumped(found, NQUADS).decode().splitlines() == sorted(f"{quad} ." for quad in quads)
    assert set(ox.parse(dumped(found, TRIG), format=SYNTAXES[TRIG])) == set(quads)
    union = {ox.Quad(*quad.triple) for quad in quads}
    assert set(ox.parse(dumped(found, TURTLE), format=SYNTAXES[TURTLE])) == union
    assert set(ox.parse(dumped(found, JSONLD), format=SYNTAXES[JSONLD])) == union


@pytest.fixture(scope="module")
def real() -> Store:
    return Store.load(Project.open(ROOT))


@pytest.mark.parametrize("format", WITH_GRAPHS, ids=lambda each: each.name)
def test_dumps_of_the_first_dataset_have_the_hash_of_the_source(real: Store, format: Format) -> None:
    again = Store.of(ox.parse(dumped(real, format, real.prefixes), format=SYNTAXES[format]))
    assert again.canonical_hash() == real.canonical_hash()


def test_dumps_of_the_first_dataset_without_graphs_are_one_graph(real: Store) -> None:
    graphs = [read(dumped(real, format, real.prefixes), format) for format in (*WITHOUT_GRAPHS, RDFXML)]
    assert all(graph == graphs[0] for graph in graphs)


def test_the_union_is_all_that_dumps_without_graphs_say_but_for_the_evidence(real: Store) -> None:
    said = read(dumped(real, NTRIPLES, real.prefixes), NTRIPLES)
    union = canonical(ox.Quad(*quad.triple) for quad in real.quads())
    assert {line for line in said if f"> <{CMQ}statedIn> " not in line} == union


class _Nowhere(io.RawIOBase):
    """Takes all and keeps nothing."""

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]
        return len(piece)


def _peak(count: int) -> int:
    """Return the bytes in use at most while so many things are dumped, whose names and graph have a long beginning."""
    start = "https://data.example.org/organisation/meetings/of/the/working/parties/record/2021/"
    graph = ox.NamedNode(start + "g" * 60)
    texts = ((ox.NamedNode(f"{start}{number}"), ox.Literal(f"{number} " * 20)) for number in range(count))
    many = Store.of(ox.Quad(thing, ox.NamedNode(f"{start}p"), text, graph) for thing, text in texts)
    outs = {format: cast("IO[bytes]", _Nowhere()) for format in (*WITH_GRAPHS, *WITHOUT_GRAPHS)}
    tracemalloc.start()
    try:
        write_dumps(many, outs=outs, prefixes=PREFIXES, context=CONTEXT)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_store() -> None:
    assert _peak(36_000) < 1.25 * _peak(12_000)


def test_a_part_of_a_store_links_to_evidence_that_the_whole_knows() -> None:
    whole, out = store(EXAMPLE), io.BytesIO()
    part = Store.of(quad for quad in whole.quads() if quad.graph_name == ox.NamedNode("http://example.org/g"))
    dump(part, format=NTRIPLES, prefixes=PREFIXES, out=out, evidences=Evidences(whole))
    assert b"statedIn" in out.getvalue()


def test_graphs_and_objects_of_one_name_are_told_apart() -> None:
    # The engine writes these one after another: what the line of one ends with is also the end of the next.
    text = "<x:s> <x:p> <x:g> <x:g> .\n<x:s> <x:q> <x:g> .\n<x:s> <x:r> <x:o> <x:h> .\n<x:s> <x:r> <x:o> .\n"
    quads = [quad for order in (1, -1) for quad in list(ox.parse(text, format=ox.RdfFormat.N_QUADS))[::order]]
    for held in (quads[:4], quads[4:]):
        found = dumped(Store.of(held), NQUADS).decode().splitlines()
        assert found == sorted(text.splitlines(), key=lambda line: line.removesuffix(" ."))


@pytest.mark.parametrize("format", (*WITH_GRAPHS, *WITHOUT_GRAPHS), ids=lambda each: each.name)
def test_a_text_that_is_longer_than_a_run_is_dumped_whole(format: Format) -> None:
    text = 'x > . _:b " .\n<x:s> ' * (RUN // 8)
    held = Store.of(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(each)) for each in ("a", text, "z"))
    assert {quad.object.value for quad in ox.parse(dumped(held, format), format=SYNTAXES[format])} == {"a", text, "z"}


@pytest.mark.parametrize("data", ['ex:x ex:p "x" .', 'ex:g a cmq:Register ; ex:p "x" . ex:g { ex:x ex:p "x" . }'])
def test_prefixes_that_nothing_uses_are_not_declared(data: str) -> None:
    outs = {format: io.BytesIO() for format in (TURTLE, TRIG, ANNOTATED)}
    write_dumps(store(data), outs=outs, prefixes=PREFIXES, context=None)
    for out in outs.values():
        text = out.getvalue().decode()
        assert ("@prefix cmq:" in text) == ("cmq:Register" in text)
