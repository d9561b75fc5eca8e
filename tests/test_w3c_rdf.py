"""The W3C suites of RDF 1.1 syntaxes (`rdf-tests`), through the code of `communique convert`."""

import io
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest

from communique.errors import DataError
from communique.formats import NQUADS
from communique.store import Store
from communique.syntax import parse_file, parse_stream
from communique.syntax.conversion import convert

SUITES = Path(__file__).parents[2] / "shared" / "suites" / "w3c-rdf-tests" / "rdf"
SUITE_SIZES = {"rdf-turtle": 313, "rdf-trig": 356, "rdf-n-triples": 70, "rdf-n-quads": 87, "rdf-xml": 166}
# What fails in pyoxigraph itself, with the reason.
KNOWN_FAILURES = {
    "xml-canon-test001": "XML literals are not brought into canonical form",
    "xml-canon-test002": "XML literals are not brought into canonical form",
}

TESTS = """
    PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
    SELECT ?test ?kind ?base ?action ?result {
        ?manifest mf:entries/rdf:rest*/rdf:first ?test . ?test a ?kind ; mf:action ?action .
        OPTIONAL { ?manifest mf:assumedTestBase ?base }
        OPTIONAL { ?test mf:result ?result }
    }
"""

pytestmark = pytest.mark.skipif(not SUITES.is_dir(), reason="the W3C suites are not at ../shared/suites")


@pytest.mark.parametrize("suite", SUITE_SIZES)
def test_suite_passes(suite: str) -> None:
    folder = SUITES / suite
    tests = list(Store.of(parse_file(folder / "manifest.ttl", base=(folder / "manifest.ttl").as_uri())).query(TESTS))
    failures = {name: why for test in tests for name, why in [run(test, folder)] if why}
    assert {name: why for name, why in failures.items() if name not in KNOWN_FAILURES} == {}
    assert suite != "rdf-xml" or failures.keys() == KNOWN_FAILURES.keys()
    assert len(tests) == SUITE_SIZES[suite]


def run(test: ox.QuerySolution, folder: Path) -> tuple[str, str]:
    """Return the name of a test and why it fails, or an empty string."""
    name = test["test"].value.rpartition("#")[2]
    action = path_of(test["action"])
    relative = action.relative_to(folder).as_posix()
    base = test["base"].value + relative if test["base"] else None
    negative = "Negative" in test["kind"].value
    try:
        converted = canonical(action, base)
    except DataError as error:
        return name, "" if negative else f"refused: {error}"
    if negative:
        return name, "accepted"
    if test["result"] and converted != canonical(path_of(test["result"]), None):
        return name, "another graph"
    return name, ""


def canonical(path: Path, base: str | None) -> set[str]:
    """Convert to N-Quads and return what comes out, in canonical form."""
    output = io.BytesIO()
    convert(parse_file(path, base=base), output, to=NQUADS)
    dataset = ox.Dataset(parse_stream(io.BytesIO(output.getvalue()), format=NQUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def path_of(node: ox.NamedNode) -> Path:
    return Path(unquote(urlsplit(node.value).path))
