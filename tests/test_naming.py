"""Naming: the names of RDFC-1.0, or an answer in time."""

import time

import pyoxigraph as ox
import pytest

from communique.errors import DataError
from communique.syntax.naming import BlankNodeWatch, canonical

P = ox.NamedNode("http://example.org/p")


def all_to_all(count: int) -> list[ox.Quad]:
    nodes = [ox.BlankNode(f"b{number}") for number in range(count)]
    return [ox.Quad(node, P, other) for node in nodes for other in nodes if node != other]


def reference(quads: list[ox.Quad]) -> set[ox.Quad]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@pytest.mark.parametrize("count", [1, 2, 5, 7])
def test_names_are_those_of_rdfc(count: int) -> None:
    assert set(canonical(all_to_all(count))) == reference(all_to_all(count))


def test_what_is_named_in_another_process_keeps_its_literals() -> None:
    quads = [*all_to_all(7), ox.Quad(ox.BlankNode("b1"), P, ox.Literal("01.0", datatype=ox.NamedNode("urn:t")))]
    assert set(canonical(quads)) == reference(quads)


def test_blank_nodes_that_are_too_much_alike_are_refused_in_time() -> None:
    start = time.monotonic()
    with pytest.raises(DataError, match=r"14 of them are too much alike, that of _:b0 <http://example.org/p> _:b"):
        canonical(all_to_all(14), seconds=1)
    assert time.monotonic() - start < 20


def test_a_blank_node_inside_a_triple_term_is_seen() -> None:
    watch = BlankNodeWatch()
    subject = ox.NamedNode("http://example.org/s")
    inside = ox.Triple(subject, P, ox.BlankNode("b"))
    assert len(list(watch.passing([ox.Quad(subject, P, subject)]))) == 1
    assert not watch.seen
    assert list(watch.passing([ox.Quad(subject, P, inside)])) == [ox.Quad(subject, P, inside)]
    assert watch.seen
