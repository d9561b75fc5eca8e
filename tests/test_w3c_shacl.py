"""The W3C's SHACL test suite, through `validate_files` and the standard report."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.errors import DataError
from communique.shacl.validation import validate_files
from communique.store import Store
from communique.syntax import parse_file

SUITE = Path(__file__).parents[2] / "shared" / "suites" / "w3c-shacl" / "tests"
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
COMPARED = ("focusNode", "resultPath", "value", "resultSeverity", "sourceShape", "sourceConstraintComponent")

# $shapesGraph is optional in SHACL (section 5.3.1), and pyshacl does not have it.
KNOWN_FAILURES = {"sparql/pre-binding/shapesGraph-001"}


@dataclass(frozen=True)
class Case:
    name: str
    data: Path
    shapes: Path
    store: Store
    expected: ox.NamedNode | ox.BlankNode


def _cases() -> Iterator[Case]:
    for path in sorted(SUITE.rglob("*.ttl")) if SUITE.is_dir() else []:
        base = path.resolve().as_uri()
        store = Store.of(parse_file(path, base=base))
        for quad in store.quads(None, ox.NamedNode(RDF + "type"), ox.NamedNode(SHT + "Validate")):
            action = _value(store, quad.subject, MF + "action")
            data, shapes = (
                path.parent / Path(_value(store, action, SHT + kind).value).name
                for kind in ("dataGraph", "shapesGraph")
            )
            name = path.relative_to(SUITE).with_suffix("").as_posix()
            yield Case(name, data, shapes, store, _value(store, quad.subject, MF + "result"))


def _value(store: Store, subject: ox.NamedNode | ox.BlankNode, predicate: str) -> ox.NamedNode | ox.BlankNode:
    return next(store.quads(subject, ox.NamedNode(predicate))).object  # type: ignore[return-value]


def _spelt(store: Store, node: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    """A term as text; a blank node by what is said of it, so that paths are compared by their structure."""
    if not isinstance(node, ox.BlankNode):
        return str(node)
    return f"[{' '.join(sorted(f'{quad.predicate} {_spelt(store, quad.object)}' for quad in store.quads(node)))}]"


def _results(store: Store, report: ox.NamedNode | ox.BlankNode) -> Counter[tuple[tuple[str, ...], ...]]:
    results = [quad.object for quad in store.quads(report, ox.NamedNode(SH + "result"))]
    return Counter(
        tuple(
            tuple(_spelt(store, quad.object) for quad in store.quads(each, ox.NamedNode(SH + name)))
            for name in COMPARED
        )
        for each in results
    )


CASES = list(_cases())


@pytest.mark.skipif(not CASES, reason="the W3C test suites are not beside the repository")
def test_the_suite_is_complete() -> None:
    assert sum(case.name.startswith("core/") for case in CASES) == 98


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_report_is_that_of_the_suite(case: Case) -> None:
    fails = case.expected == ox.NamedNode(SHT + "Failure")
    if fails or case.name in KNOWN_FAILURES:
        with pytest.raises(DataError):
            validate_files([case.data], shapes=[case.shapes])
        return
    report = validate_files([case.data], shapes=[case.shapes])
    store = Store.of(ox.Quad(*triple) for triple in report.graph)
    top = next(store.quads(None, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport"))).subject
    assert _results(store, top) == _results(case.store, case.expected)
    assert _value(store, top, SH + "conforms") == _value(case.store, case.expected, SH + "conforms")
