"""How a service is asked, what is tried again, and what its manners become."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from communique.cli import main
from communique.errors import UsageError
from communique.remote.answers import ACCEPT_RESULTS, rows_of
from communique.remote.failures import failure_of
from communique.remote.service import Service, ServiceError, TooLarge
from communique.remote.store import RemoteStore
from services import RESULTS, Manners, mannered

QUADS = list(ox.parse("<x:a> <x:p> 1, 2, 3 .", format=ox.RdfFormat.TURTLE))
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"x:a"}}]}}'
ALL = "SELECT ?s { ?s ?p ?o }"
JSON = {"Content-Type": RESULTS}


@pytest.fixture
def manners() -> Manners:
    return Manners()


@pytest.fixture
def service(manners: Manners) -> Iterator[Service]:
    with mannered(QUADS, manners) as url:
        service = Service(url, timeout=5, sleep=lambda _: None)
        yield service
        service.close()


def rows(service: Service, query: str = ALL) -> list[tuple[Any, ...]]:
    found = RemoteStore(service).query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(row) for row in found]


def test_graphs_of_the_command_are_those_of_the_protocol(manners: Manners, tmp_path: Path) -> None:
    with mannered(QUADS, manners) as url:
        options = ("--store", url, "--default-graph", "urn:a", "--default-graph", "urn:b", "--named-graph", "owl:c")
        ended = CliRunner().invoke(main, ["query", "-", "-p", str(tmp_path), *options], input="ASK {}")
    assert ended.exit_code == 0, ended.output
    named = {name: values for name, values in manners.bodies[0].items() if name != "query"}
    owl = "http://www.w3.org/2002/07/owl#c"
    assert named == {"default-graph-uri": ["urn:a", "urn:b"], "named-graph-uri": [owl]}


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_by_itself_is_tried_again(service: Service, manners: Manners, status: int) -> None:
    manners.replies = [(status, {}, b""), (status, {"Retry-After": "1"}, b"")]
    assert len(rows(service)) == 3
    assert len(manners.requests) == 3


def test_a_service_that_asks_to_wait_is_waited_for(service: Service, manners: Manners) -> None:
    waited: list[float] = []
    service.sleep = waited.append
    manners.replies = [(503, {"Retry-After": "2"}, b"")]
    rows(service)
    assert waited == [2.0]


def test_a_service_that_is_full_is_asked_again_by_one_at_a_time(service: Service, manners: Manners) -> None:
    manners.takes, manners.pause = 1, 0.2
    service.sleep = lambda _: time.sleep(0.3)
    with ThreadPoolExecutor(6) as askers:
        assert [len(each) for each in askers.map(lambda _: rows(service), range(6))] == [3] * 6


def test_tries_come_to_an_end(service: Service, manners: Manners) -> None:
    manners.replies = [(503, {}, b"busy")] * 9
    with pytest.raises(ServiceError, match=r"/sparql: answered 503: busy"):
        rows(service)
    assert len(manners.requests) == 4


def test_what_does_not_pass_by_itself_is_not_tried_again(service: Service, manners: Manners) -> None:
    manners.replies = [(500, {"Content-Type": "text/html"}, b"<h1>Oops</h1><p>no disk</p>")] * 2
    with pytest.raises(ServiceError, match="answered 500: Oops no disk"):
        rows(service)
    assert len(manners.requests) == 1


@pytest.mark.parametrize(
    ("headers", "said", "status", "detail"),
    [
        ({}, b"Virtuoso S1T00 Error SR171: Transaction timed out", 504, "did not answer in time"),
        ({"X-SQL-State": "S1TAT"}, b"Virtuoso S1TAT Error", 504, "did not answer in time"),
        ({}, b"Virtuoso 22012 Error SR084: Division by 0.", 502, "cannot evaluate this query: write it otherwise."),
        ({}, b"Virtuoso 07S01 Error: no DELIM\n\nSPARQL query:\ndefine x", 502, "Virtuoso 07S01 Error: no DELIM"),
        ({}, b"Virtuoso 40001 Error SR172: deadlock", 502, "gave no answer that can be used. Try again later."),
    ],
)  # fmt: skip
def test_time_that_is_over_and_faulty_values_are_told_from_other_faults_of_virtuoso(
    service: Service, manners: Manners, headers: dict[str, str], said: bytes, status: int, detail: str
) -> None:
    manners.replies = [(500, headers, said)] * 2
    with pytest.raises(ServiceError) as raised:
        rows(service)
    assert len(manners.requests) == 1
    assert failure_of(raised.value).status == status
    assert detail in failure_of(raised.value).detail
    assert "define" not in failure_of(raised.value).detail


def test_nobody_listening_is_said(service: Service) -> None:
    nobody = Service("http://127.0.0.1:1/sparql", sleep=lambda _: None)
    with pytest.raises(ServiceError, match=r"http://127.0.0.1:1/sparql: cannot be reached: .*refused"):
        rows(nobody)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((200, {"Content-Type": "text/html"}, b"<title>Hello</title>"), "with text/html instead of results: Hello"),
        ((200, {}, b""), "a body without a type"),
        ((200, JSON, ROWS[:-3]), "damaged or was cut"),
        ((200, JSON, ROWS + b"\n## Query cancelled due to timeout ##"), "damaged or was cut"),
        ((206, JSON, ROWS), "answered 206"),
        ((200, {**JSON, "X-SQL-State": "S1TAT", "X-SQL-Message": "slow"}, ROWS), "a part of the answer only: slow"),
        ((302, {"Location": "https://evil.example/"}, b""), "Name the address https://evil.example/ instead"),
        ((401, {}, b""), "COMMUNIQUE_STORE_USER"),
        ((404, {}, b""), "Is this the address of the SPARQL endpoint"),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_an_error(service: Service, manners: Manners, reply: Any, words: str) -> None:
    manners.replies = [reply]
    with pytest.raises(ServiceError, match=words):
        rows(service)
    assert len(manners.requests) == 1


CUT = (200, {**JSON, "X-SPARQL-MaxRows": "1"}, ROWS)


def test_a_cap_on_rows_that_the_service_does_not_name_again_was_none(service: Service, manners: Manners) -> None:
    """Virtuoso now and then takes the number of another setting for it where several ask at once."""
    manners.replies = [CUT]
    assert len(rows(service)) == len(QUADS)
    assert len(manners.requests) == 2


def test_a_cap_on_rows_that_the_service_names_twice_is_an_error_and_known_from_then_on(
    service: Service, manners: Manners
) -> None:
    for replies in ([CUT, CUT], [CUT]):
        manners.replies, manners.requests = replies, []
        expected = len(replies)
        with pytest.raises(ServiceError, match="cuts answers at 1 rows"):
            rows(service)
        assert len(manners.requests) == expected


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b'{"head":{"vars":["x"]},"results":{"bindings":[]}}', r"asked for the columns \?s \?n and gave \?x\. Is this"),
        (b'{"head":{"vars":[]},"results":{"bindings":[{}]}}', r"asked for the columns \?s \?n and gave none"),
        (
            b'{"head":{"vars":["s","n"]},"results":{"bindings":[{"n":{"type":"literal","value":"many"}}]}}',
            r'what cannot stand in the column \?n: "many"\. Is this',
        ),
        (b'{"head":{},"boolean":true}', "answered a SELECT with a boolean"),
    ],
)  # fmt: skip
def test_rows_of_other_columns_than_were_asked_for_are_an_error_that_names_the_service(
    service: Service, manners: Manners, reply: bytes, words: str
) -> None:
    manners.replies = [(200, JSON, reply)]
    query = "SELECT ?s (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o } GROUP BY ?s"
    with pytest.raises(ServiceError, match=f"{service.url}: .*{words}"):
        list(rows_of(service.ask(query, accept=ACCEPT_RESULTS), url=service.url, query=query)[0])


def test_it_is_told_once_that_a_service_is_waited_for() -> None:
    told: list[str] = []
    with mannered(QUADS, Manners(pause=0.5)) as url:
        for patience in (0.1, 10.0):
            with closing(Service(url, timeout=60.0, patience=patience, tell=told.append)) as service:
                for _ in range(2):
                    service.ask("ASK {}", accept=RESULTS).body.close()
    assert told == [f"{url}: has not answered for 0.1 s; waiting for 60 s more"]


def test_a_row_without_anything_stands_for_no_group(service: Service, manners: Manners) -> None:
    """RDFLib gives one where there is nothing to group."""
    manners.replies = [(200, JSON, b'{"head":{"vars":["s","n"]},"results":{"bindings":[{}]}}')]
    query = "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s"
    found, _ = rows_of(service.ask(query, accept=RESULTS), url=service.url, query=query)
    assert list(found) == []


def test_columns_may_come_in_another_order_and_with_more(service: Service, manners: Manners) -> None:
    given = '{"head":{"vars":["x","o","s"]},"results":{"bindings":[{"s":{"type":"uri","value":"x:a"},"o":%s,"x":%s}]}}'
    value = '{"type":"literal","value":"1"}'
    manners.replies = [(200, JSON, (given % (value, value)).encode())]
    query = "SELECT ?s ?o { ?s ?p ?o }"
    found, count = rows_of(service.ask(query, accept=ACCEPT_RESULTS), url=service.url, query=query)
    assert (list(found), count) == ([(ox.NamedNode("x:a"), ox.Literal("1"))], 1)


def test_a_body_that_ends_early_is_asked_for_again(service: Service, manners: Manners) -> None:
    manners.replies = [(200, {**JSON, "Content-Length": str(len(ROWS) + 9), "Connection": "close"}, ROWS)]
    assert len(rows(service)) == 3
    assert len(manners.requests) == 2


def test_an_answer_beyond_the_limit_is_refused(service: Service) -> None:
    service.limit = 100
    with pytest.raises(TooLarge, match="has more than"):
        rows(service)


def test_xml_is_read_as_well(service: Service, manners: Manners) -> None:
    xml = b"""<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>
        <results><result><binding name="s"><uri>x:a</uri></binding></result></results></sparql>"""
    manners.replies = [(200, {"Content-Type": "application/sparql-results+xml; charset=utf-8"}, xml)]
    assert rows(service) == [(ox.NamedNode("x:a"),)]


def test_labels_of_blank_nodes_may_be_anything(service: Service, manners: Manners) -> None:
    cells = [{"s": {"type": "bnode", "value": value}} for value in ("nodeID://b1", "nodeID://b1", "b1", "")]
    cells.append({"s": {"type": "literal", "value": '"type": "bnode", "value": "nodeID://b1"'}})
    content = {"head": {"vars": ["s"]}, "results": {"bindings": cells}}
    manners.replies = [(200, JSON, json.dumps(content).encode())]
    first, again, other, *_, literal = (row[0] for row in rows(service))
    assert first == again != other
    assert literal.value == cells[-1]["s"]["value"]


@pytest.mark.parametrize("more", [b'}, "metadata": {"httpRequests": 3}}', b', "ordered": false}, "x": [1]}', b"}}"])
def test_members_of_results_that_nobody_knows_are_left_out(service: Service, manners: Manners, more: bytes) -> None:
    cell = b'{"s": {"type": "uri", "value": "x:a"}}'
    content = b'{"head": {"vars": ["s"], "link": []}, "results": {"bindings": [' + cell + b"]"
    manners.replies = [(200, JSON, content + more), (200, JSON, content[:-9] + more)]
    assert rows(service) == [(ox.NamedNode("x:a"),)]
    with pytest.raises(ServiceError, match="damaged or was cut"):
        rows(service)


def test_virtuosos_boolean_is_a_boolean(service: Service, manners: Manners) -> None:
    content = b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{"__ASK_RETVAL":{"type":"typed-literal",'
    content += b'"datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"%s"}}]}}'
    manners.replies = [(200, JSON, content % b"1"), (200, JSON, content % b"0")]
    store = RemoteStore(service)
    assert [bool(store.query("ASK {}")) for _ in range(2)] == [True, False]


def test_a_dialect_that_only_the_service_knows_is_refused_in_its_words(service: Service, manners: Manners) -> None:
    manners.replies = [(400, {"Content-Type": "text/plain"}, b"no such function ex:f")]
    with pytest.raises(UsageError, match="refuses it: no such function ex:f"):
        rows(service, "SELECT (<x:f>(1) AS ?s) {}")


@pytest.mark.parametrize("url", ["ftp://example.org/", "example.org/sparql", "http:///sparql"])
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(UsageError, match="is no address of a SPARQL service"):
        Service(url)


def test_an_address_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(UsageError, match="holds no password") as caught:
        Service("https://ada:secret@example.org/sparql")
    assert "secret" not in str(caught.value)


def test_a_token_goes_with_every_request_and_into_no_message(manners: Manners, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_STORE_TOKEN", "s3cret")
    with mannered(QUADS, manners) as url:
        service = Service(url)
        manners.replies = [(403, {}, b"no")]
        with pytest.raises(ServiceError) as caught:
            rows(service)
        service.close()
    assert manners.headers[0]["authorization"] == "Bearer s3cret"
    assert "s3cret" not in str(caught.value) + repr(service)


@pytest.mark.parametrize(
    ("challenge", "scheme"),
    [('Basic realm="x"', "Basic YWRhOnB3"), ('Digest realm="x", nonce="n", qop="auth"', "Digest ")],
)
def test_a_challenge_is_answered_once_it_is_made(
    manners: Manners, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, challenge: str, scheme: str
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ada password pw\n", encoding="utf-8")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    wanted = (401, {"WWW-Authenticate": challenge}, b"")
    manners.replies = [wanted, *([wanted] * scheme.startswith("Digest"))]
    with mannered(QUADS, manners) as url:
        service = Service(url)
        assert len(rows(service)) == 3
        service.close()
    assert "authorization" not in manners.headers[0]
    assert manners.headers[-1]["authorization"].startswith(scheme)


def test_without_credentials_none_are_sent(service: Service, manners: Manners) -> None:
    rows(service)
    assert "authorization" not in manners.headers[0]
