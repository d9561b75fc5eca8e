"""All quads of a service, whatever it cuts, or an error that says what to do."""

from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox
import pytest

from communique.remote.harvest import harvest
from communique.remote.service import Service, ServiceError
from services import Manners, mannered

PLAIN = "".join(f"ex:s{n} ex:p {n} ; ex:q 'v{n}' .\n" for n in range(20))
KNOTS = "".join(f"GRAPH ex:g{n} {{ ex:t{n} ex:has [ ex:name '{n}' ; ex:in [ ex:depth 2 ] ] }}\n" for n in range(4))


def quads(trig: str) -> list[ox.Quad]:
    return list(ox.parse(f"PREFIX ex: <http://example.org/>\n{trig}", format=ox.RdfFormat.TRIG))


def canonical(found: Any) -> list[str]:
    dataset = ox.Dataset(found)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def harvested(data: Sequence[ox.Quad], manners: Manners, only: Sequence[str] = ()) -> list[ox.Quad]:
    with mannered(data, manners) as url:
        service = Service(url)
        try:
            return list(harvest(service, only=only))
        finally:
            service.close()


@pytest.mark.parametrize("says_so", [True, False])
def test_pages_make_up_for_a_cap_on_rows(says_so: bool) -> None:
    data = quads(PLAIN)
    found = harvested(data, Manners(cap=7, says_so=says_so))
    assert len(found) == len(data)
    assert canonical(found) == canonical(data)


def test_blank_nodes_come_in_one_answer_and_the_rest_in_pages() -> None:
    data = quads(PLAIN + KNOTS)
    assert canonical(harvested(data, Manners(cap=16))) == canonical(data)


def test_blank_nodes_that_no_two_graphs_share_come_graph_by_graph() -> None:
    data = quads("".join(f"GRAPH ex:p{n} {{ ex:s{n} ex:p {n} }}\n" for n in range(9)) + KNOTS)
    manners = Manners(cap=5)
    assert canonical(harvested(data, manners)) == canonical(data)
    assert any("?g = <http://example.org/g3>" in query for query in manners.requests)


def test_too_many_blank_nodes_for_one_answer_are_an_error_and_never_guessed() -> None:
    graph = quads("GRAPH ex:g { " + "".join(f"ex:t{n} ex:has [] ." for n in range(30)) + " }")
    with pytest.raises(ServiceError, match=r"the graph <http://example.org/g> has 30 statements with blank nodes"):
        harvested(graph, Manners(cap=10))
    shared = quads("".join(f"GRAPH ex:g{n} {{ ex:t{n} ex:has _:x }}\n" for n in range(30)))
    with pytest.raises(ServiceError, match="what several graphs share has 30 statements with blank nodes"):
        harvested(shared, Manners(cap=10))


def test_pages_that_overlap_are_asked_for_in_order_or_refused() -> None:
    data = quads(PLAIN)
    manners = Manners(cap=7, shuffles=True)
    assert canonical(harvested(data, manners)) == canonical(data)


def test_graphs_can_be_chosen() -> None:
    found = harvested(quads(PLAIN + KNOTS), Manners(), only=["http://example.org/g1"])
    assert {quad.graph_name.value for quad in found} == {"http://example.org/g1"}  # type: ignore[union-attr]
    assert len(found) == 4


def test_a_triple_of_the_unnamed_graph_that_a_named_one_has_too_is_given_once() -> None:
    data = quads("ex:a ex:p 1 . GRAPH ex:g { ex:a ex:p 1 }")
    assert [str(quad.graph_name) for quad in harvested(data, Manners())] == ["<http://example.org/g>"]


def test_a_service_that_holds_nothing_gives_nothing() -> None:
    assert harvested([], Manners()) == []
