"""The tests of the SPARQL 1.1 Protocol, in read-only form: what would update is refused, and nothing changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

SUITE = Path(__file__).parents[3] / "shared/suites/w3c-rdf-tests/sparql/sparql11/protocol"
MANIFEST = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#"
HT, MF, CNT = (
    "http://www.w3.org/2011/http#",
    "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
    "http://www.w3.org/2011/content#",
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
TABULAR = BOOLEAN | {"text/csv", "text/tab-separated-values"}
GRAPH = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C test suites are not beside the repository")


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: set[str]
    boolean: bool | None
    format: str | None

    @property
    def is_update(self) -> bool:
        updates = "update" in self.headers.get("content-type", "") or "update=" in self.path + self.body.decode(
            "latin-1"
        )
        return updates or (self.method == "POST" and self.body[:6].upper() in (b"INSERT", b"CLEAR "))


class Suite:
    def __init__(self) -> None:
        self.store = ox.Store()
        self.store.load(path=str(SUITE / "manifest.ttl"), base_iri=MANIFEST.removesuffix("#"))

    def one(self, subject: Any, predicate: str) -> Any:
        return next((q.object for q in self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)), None)

    def items(self, node: Any) -> Iterator[Any]:
        while node is not None and node != ox.NamedNode(RDF + "nil"):
            yield self.one(node, RDF + "first")
            node = self.one(node, RDF + "rest")

    def tests(self) -> dict[str, list[Exchange]]:
        entries = self.items(next(self.store.quads_for_pattern(None, ox.NamedNode(MF + "entries"), None)).object)
        return {entry.value.partition("#")[2]: list(self.exchanges(entry)) for entry in entries}

    def exchanges(self, test: Any) -> Iterator[Exchange]:
        for request in self.items(self.one(self.one(test, MF + "action"), HT + "requests")):
            response, body = self.one(request, HT + "resp"), self.one(request, HT + "body")
            fields = list(self.items(self.one(request, HT + "headers")))
            statuses = self.store.quads_for_pattern(response, ox.NamedNode(MF + "expectedStatus"), None)
            boolean, format_name = self.one(response, MF + "expectedBoolean"), self.one(response, MF + "expectedFormat")
            yield Exchange(
                self.one(request, HT + "methodName").value,
                self.one(request, HT + "absolutePath").value.replace("/sparql/", "/sparql"),
                {self.one(f, HT + "fieldName").value.lower(): self.one(f, HT + "fieldValue").value for f in fields},
                self.text(body),
                {each.object.value.rpartition("StatusCode")[2] for each in statuses},
                None if boolean is None else boolean.value == "true",
                None if format_name is None else format_name.value,
            )

    def text(self, body: Any) -> bytes:
        if body is None:
            return b""
        encoding = self.one(body, CNT + "characterEncoding")
        return self.one(body, CNT + "chars").value.encode(encoding.value if encoding else "utf-8")


def data() -> Iterator[ox.Quad]:
    for number in (1, 2, 3):
        graph = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf")
        for quad in ox.parse(path=str(SUITE / f"data{number}.nt")):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def send(client: TestClient, exchange: Exchange) -> Any:
    return client.request(exchange.method, exchange.path, headers=exchange.headers, content=exchange.body or None)


def fault(client: TestClient, exchange: Exchange) -> str:
    response = send(client, exchange)
    if exchange.is_update:
        return "" if 400 <= response.status_code < 500 else f"an update was answered with {response.status_code}"
    if (
        f"{response.status_code // 100}xx" not in exchange.statuses
        and str(response.status_code) not in exchange.statuses
    ):
        return f"{response.status_code} is not {sorted(exchange.statuses)}: {response.text[:200]}"
    media_type = response.headers["content-type"].partition(";")[0]
    if exchange.format and media_type not in {"boolean": BOOLEAN, "tabular": TABULAR, "RDF": GRAPH}[exchange.format]:
        return f"{media_type} is not {exchange.format}"
    if exchange.boolean is not None and response.json()["boolean"] is not exchange.boolean:
        return f"the answer is not {exchange.boolean}"
    return ""


def test_all_34_protocol_tests_pass_in_read_only_form(server: Any) -> None:
    tests = Suite().tests()
    faults = {}
    with server(data()) as client:
        for name, exchanges in tests.items():
            # After an update that was refused, what it would have written is not there.
            refused = any(exchange.is_update for exchange in exchanges)
            checked = [each for each in exchanges if each.is_update] if refused else exchanges
            found = [problem for exchange in checked if (problem := fault(client, exchange))]
            if found:
                faults[name] = found
    assert len(tests) == 34
    assert not faults
