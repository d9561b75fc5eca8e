"""What does the source say? Answered from its passage graphs alone; and what must stay out of them.

The second half compares positions, hashes and printed strings with the text of the source where that is at hand.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest

from communique.project import Project
from communique.store import Store

ROOT = Path(__file__).parents[1]
TEXT = ROOT.parent / "shared" / "sources" / "sectsco-796390.txt"
CMQ = "https://w3id.org/communique/ns#"
SCO = "https://w3id.org/communique/sco/"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SOURCE = ox.NamedNode(SCO + "source/sectsco-796390")
NOTATION = ox.NamedNode("http://www.w3.org/2004/02/skos/core#notation")
PREFIXES = f"""
PREFIX cmq: <{CMQ}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX meeting: <{SCO}meeting/>
PREFIX normative-statement: <{SCO}normative-statement/>
PREFIX person: <{SCO}person/>
PREFIX reporting-mode: <https://w3id.org/communique/code/reporting-mode/>
PREFIX state: <{SCO}state/>
PREFIX statistical-claim: <{SCO}statistical-claim/>
"""

TERMS_OF_A_REPORT = """
    about agreedBy aimsAt atLevel attestedAt bodyOf chairedBy citesSource content convenedWithin decidedBy deliveredBy
    dependsOn discussed earliest edtf hasAttendanceMode hasBase hasChairmanship hasComparator hasDate hasDecision
    hasDecisionType hasParticipant hasParticipation hasReportingMode hasRole hasScope hasSpeech hasUnit heldBy hostedBy
    inCapacityOf inSeries latest listingOrder madeBy measures nameAsPrinted ofOffice ofPopulation officeAsPrinted
    officeOf onBehalfOf ordinal plannedFor purpose value valueAsPrinted verbatim
"""
REPORTED_KINDS = """
    Chairmanship Claim Collective DateExpression Decision Inconsistency NormativeStatement OfficeHolding Participation
    PlannedMeeting Proposal Speech StatisticalClaim Uptake
"""


@cache
def everything() -> Store:
    return Store.load(Project.open(ROOT))


@cache
def passages() -> tuple[ox.NamedNode, ...]:
    """Return the passages of the source in the order of their notations."""
    found = everything().quads(None, ox.NamedNode(CMQ + "inDocument"), SOURCE, None)
    return tuple(sorted({quad.subject for quad in found}, key=lambda passage: passage.value))


@cache
def reported() -> Store:
    """Return what the passages state, and nothing else."""
    return Store.of([quad for passage in passages() for quad in everything().quads(None, None, None, passage)])


def rows(query: str) -> list[tuple[str, ...]]:
    result = reported().query(PREFIXES + query)
    assert isinstance(result, ox.QuerySolutions)
    return [tuple("" if value is None else value.value for value in row) for row in result]


def says(query: str) -> bool:
    return bool(reported().query(PREFIXES + query))


def value(subject: ox.NamedNode, predicate: str) -> str:
    """Return the one value that the registers give."""
    (quad,) = everything().quads(subject, ox.NamedNode(predicate), None, None)
    assert not isinstance(quad.object, ox.BlankNode | ox.Triple)
    return quad.object.value


# What the source says


def test_participants_are_ten_in_the_order_printed() -> None:
    names = (
        "SELECT DISTINCT ?name { ?p cmq:hasParticipant ?x ; cmq:nameAsPrinted ?name ; cmq:listingOrder ?n } ORDER BY ?n"
    )
    assert [name for (name,) in rows(names)] == [
        "Tushar Mehta",
        "Gizat Nurdauletov",
        "Zhang Jun",
        "Abai Moldokmatov",
        "Aamir Rehman",
        "Igor Krasnov",
        "Yusuf Rakhmon",
        "Nigmatilla Yuldashev",
        "Vladimir Norov",
        "Jumakhon Giyosov",
    ]


def test_participants_come_for_eight_states_and_two_bodies() -> None:
    query = "SELECT DISTINCT ?party { ?p cmq:onBehalfOf ?party ; cmq:listingOrder ?n } ORDER BY ?n"
    assert [party.removeprefix(SCO) for (party,) in rows(query)] == [
        *("state/" + code for code in ("ind", "kaz", "chn", "kgz", "pak", "rus", "tjk", "uzb")),
        "organisation/sco",
        "organisation/sco-rats-executive-committee",
    ]


def test_every_participant_holds_an_office() -> None:
    query = "SELECT DISTINCT ?p { ?p cmq:inCapacityOf [ cmq:heldBy ?x ; cmq:ofOffice ?y ] . ?y cmq:officeOf ?z }"
    assert len(rows(query)) == 10


def test_four_decisions_are_of_the_prosecutors_general_and_one_of_the_heads_of_delegations() -> None:
    query = "SELECT DISTINCT ?n ?by { ?d cmq:listingOrder ?n ; cmq:decidedBy [ cmq:nameAsPrinted ?by ] } ORDER BY ?n"
    assert [by for _, by in rows(query)] == ["the prosecutors general"] * 4 + ["The heads of\u00a0delegations"]


def test_five_proposals_are_made_by_norov_with_a_purpose() -> None:
    query = "SELECT DISTINCT ?p { ?p a cmq:Proposal ; cmq:madeBy person:vladimir-norov ; cmq:purpose ?x }"
    assert len(rows(query)) == 5


def test_figures_are_six() -> None:
    query = "SELECT DISTINCT ?s ?value { ?s a cmq:StatisticalClaim ; cmq:value ?value } ORDER BY ?value"
    assert [int(float(number)) for _, number in rows(query)] == [12, 30, 31, 55, 21_000_000, 4_600_000_000]


def test_nine_statements_are_quoted_and_norovs() -> None:
    query = "SELECT DISTINCT ?s { ?s cmq:hasReportingMode reporting-mode:direct-quotation ; cmq:madeBy ?who }"
    assert len(rows(query)) == len(rows(query.replace("?who", "person:vladimir-norov"))) == 9


def test_india_has_the_chairmanship() -> None:
    assert says("ASK { meeting:prosecutors-general-19 cmq:hasChairmanship [ cmq:chairedBy state:ind ] }")


def test_twentieth_meeting_is_planned_in_kazakhstan_for_2022() -> None:
    plan = (
        "?plan a cmq:PlannedMeeting ; cmq:ordinal 20 ; cmq:hostedBy state:kaz ; cmq:plannedFor [ cmq:verbatim '2022' ]"
    )
    assert says(f"ASK {{ {plan} }}")


def test_date_is_printed_with_two_days() -> None:
    assert rows("SELECT ?v { meeting:prosecutors-general-19 cmq:hasDate [ cmq:verbatim ?v ] }") == [
        ("21 October 29, 2021",)
    ]


# What the source does not say


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            "?a org:memberOf|org:hasMember|schema:memberOf|schema:member ?b", id="a state is a member of the SCO"
        ),
        pytest.param(
            "?a foaf:gender|schema:gender|schema:birthDate|schema:birthPlace ?b", id="gender or birth of anyone"
        ),
        pytest.param("?a cmq:chairedBy ?b . ?b a foaf:Person", id="a person chaired"),
        pytest.param("?a cmq:chairedBy ?b FILTER(?b != state:ind)", id="anybody but India chaired"),
        pytest.param("?a schema:location|schema:containedInPlace ?b", id="a place or city"),
        pytest.param("?a a schema:Place", id="there is a place"),
        pytest.param(
            "?a dcterms:issued|dcterms:date|dcterms:created|schema:datePublished ?b", id="when the page was published"
        ),
        pytest.param("?a cmq:ofProposal|cmq:byDecision|cmq:hasStrength ?b", id="a proposal was accepted"),
        pytest.param(
            "?a cmq:hasParticipant person:vladimir-norov ; cmq:onBehalfOf state:uzb",
            id="Norov took part for Uzbekistan",
        ),
        pytest.param(
            "?a cmq:hasParticipant person:jumakhon-giyosov ; cmq:onBehalfOf state:tjk",
            id="Giyosov took part for Tajikistan",
        ),
        pytest.param("?a cmq:hasParticipant ?b ; cmq:onBehalfOf ?c, ?d FILTER(?c != ?d)", id="one took part for two"),
        pytest.param("?a cmq:hasMember ?b", id="who the heads of delegations are"),
        pytest.param("?a cmq:hasRank ?b", id="the rank of an office"),
        pytest.param(
            "?a cmq:reading|schema:startDate|schema:endDate ?b", id="which day it was, or since when an office is held"
        ),
        pytest.param("?a cmq:hasRole ?b FILTER(!STRENDS(STR(?b), '/participant'))", id="there were observers"),
        pytest.param("meeting:prosecutors-general-19 cmq:hostedBy ?b", id="a state hosted the 19th meeting"),
        pytest.param("normative-statement:prosecutors-general-19-close-contacts cmq:madeBy ?b", id="who says we"),
        pytest.param("?a cmq:citesSource ?b ; cmq:madeBy ?c", id="who cites the UN"),
        pytest.param("statistical-claim:prosecutors-general-19-children cmq:hasBase ?b", id="of what children are 30%"),
        pytest.param("?a cmq:madeIn ?b", id="statements were made in the speech"),
        pytest.param("?a a cmq:Inconsistency", id="figures clash"),
        pytest.param("?a cmq:executed ?b", id="the 20th meeting took place"),
        pytest.param("?a cmq:ordinal ?b FILTER(?b != 19 && ?b != 20)", id="other meetings of the series"),
        pytest.param(
            "?a owl:sameAs|skos:exactMatch|skos:closeMatch|skos:broadMatch|skos:broader ?b", id="what others call it"
        ),
        pytest.param("?a rdfs:label|skos:prefLabel|skos:altLabel|skos:notation|foaf:name ?b", id="names of our own"),
    ],
)
def test_source_does_not_say(query: str) -> None:
    assert not says(f"ASK {{ {query} }}")


def test_no_national_body_is_reported_but_the_chinese() -> None:
    assert rows("SELECT DISTINCT ?s { ?b cmq:bodyOf ?s }") == [(SCO + "state/chn",)]


def test_passages_use_the_terms_of_a_report_and_no_others() -> None:
    used = {predicate for (predicate,) in rows("SELECT DISTINCT ?p { ?s ?p ?o }")}
    assert used == {CMQ + name for name in TERMS_OF_A_REPORT.split()} | {
        RDF_TYPE.value,
        "http://www.w3.org/ns/org#unitOf",
    }


# Evidence


def test_source_has_fifty_eight_passages() -> None:
    assert [value(passage, NOTATION.value) for passage in passages()] == [
        "E01",
        "E01d",
        *(f"E{number:02}" for number in range(2, 58)),
    ]


def test_every_passage_states_something_or_is_marked() -> None:
    mark = ox.NamedNode(CMQ + "assertsNothing")
    silent = [p for p in passages() if not list(everything().quads(None, None, None, p))]
    assert [p for p in silent if not list(everything().quads(p, mark, None, None))] == []


def test_what_the_source_reports_is_typed_in_no_register() -> None:
    voices = {CMQ + name for name in ("Passage", "Interpretation", "ExternalReport")}
    speaking = {q.subject for voice in voices for q in everything().quads(None, RDF_TYPE, ox.NamedNode(voice), None)}
    names = {"http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#altLabel"}
    things = {
        q.subject
        for kind in REPORTED_KINDS.split()
        for q in everything().quads(None, RDF_TYPE, ox.NamedNode(CMQ + kind), None)
    }
    beside = {
        quad.predicate.value
        for thing in things
        for quad in everything().quads(thing, None, None, None)
        if quad.graph_name not in speaking
    }
    assert beside <= names


def test_positions_lie_within_the_document() -> None:
    length = int(value(SOURCE, CMQ + "characterLength"))
    spans = [span(passage) for passage in passages()]
    assert [s for s in spans if not 0 <= s[0] < s[1] <= length] == []


def span(passage: ox.NamedNode) -> tuple[int, int]:
    return int(value(passage, "http://www.w3.org/ns/oa#start")), int(value(passage, "http://www.w3.org/ns/oa#end"))


# With the text of the source at hand

with_text = pytest.mark.skipif(not TEXT.exists(), reason="the text of the source is not at hand")


@cache
def text() -> str:
    # newline="" keeps the line breaks: each counts one code point.
    with TEXT.open(encoding="utf-8", newline="") as file:
        return file.read()


def words_of(passage: ox.NamedNode) -> str:
    start, end = span(passage)
    return text()[start:end]


@with_text
def test_document_is_the_one_described() -> None:
    content = TEXT.read_bytes()
    described = (
        value(SOURCE, CMQ + "sha256"),
        value(SOURCE, CMQ + "byteLength"),
        value(SOURCE, CMQ + "characterLength"),
    )
    assert described == (hashlib.sha256(content).hexdigest(), str(len(content)), str(len(text())))


@with_text
def test_every_passage_stands_where_it_is_said_to_stand() -> None:
    hashes = {p: hashlib.sha256(words_of(p).encode()).hexdigest() for p in passages()}
    assert [p for p, digest in hashes.items() if digest != value(p, CMQ + "sha256")] == []


@with_text
def test_every_passage_has_the_number_of_its_paragraph() -> None:
    numbers = {p: text()[: span(p)[0]].count("\n") + 1 for p in passages()}
    assert [p for p, number in numbers.items() if number != int(value(p, CMQ + "paragraph"))] == []


@with_text
def test_passages_cover_the_document_but_for_connectives() -> None:
    covered = {position for p in passages() for position in range(*span(p))}
    rest = "".join(c if i not in covered else "|" for i, c in enumerate(text()))
    gaps = {" ".join(gap.split()).strip(' ,."') for gap in rest.split("|")} - {""}
    assert gaps <= {"and", "of whom", "of whom,", "as well as", "In addition", "and also", "as well as the"}


@with_text
def test_printed_strings_stand_in_the_passage_that_states_them() -> None:
    printed = [ox.NamedNode(CMQ + name) for name in ("nameAsPrinted", "officeAsPrinted", "valueAsPrinted", "verbatim")]
    quads = [quad for predicate in printed for quad in reported().quads(None, predicate, None, None)]
    assert len(quads) > 30
    assert [q for q in quads if q.object.value not in words_of(q.graph_name)] == []


@with_text
def test_literals_of_interpretations_are_printed() -> None:
    quads = everything().quads(None, ox.NamedNode(CMQ + "literal"), None, None)
    address = value(SOURCE, "http://schema.org/url")
    assert [q.object.value for q in quads if q.object.value not in text() + address] == []


@with_text
def test_every_link_into_the_page_finds_the_words_of_its_passage() -> None:
    trimmed = {p: " ".join(words_of(p).split()).strip('".') for p in passages()}
    found = {p: text_fragment(value(p, "http://schema.org/url")) for p in passages()}
    assert [p for p in passages() if trimmed[p] != found[p]] == []


def text_fragment(url: str) -> str | None:
    """Return the words that a browser finds, all white space being equal (WICG, URL Fragment Text Directives)."""
    page = " ".join(text().split())
    parts = urlsplit(url).fragment.removeprefix(":~:text=").split(",")
    before = unquote(parts.pop(0)[:-1]) + " " if parts[0].endswith("-") else ""
    after = " " + unquote(parts.pop()[1:]) if parts[-1].startswith("-") else ""
    start, *end = [re.escape(unquote(part)) for part in parts]
    words = start + (rf"(?!\w).*?(?<!\w){end[0]}" if end else "")
    match = re.search(rf"{re.escape(before)}(?<!\w)({words})(?!\w){re.escape(after)}", page)
    return match[1] if match else None


@with_text
def test_no_sentence_of_the_source_is_reprinted() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("the files of the repository are not known without git")
    names = [name for p in passages() if value(p, NOTATION.value) in PARTICIPANTS for name in runs(words_of(p))]
    forbidden = set(runs(text())) - set(names)
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    assert [file.name for file in files if file.is_file() and not forbidden.isdisjoint(runs(readable(file)))] == []


PARTICIPANTS = {f"E{number:02}" for number in range(6, 16)}


def runs(words: str) -> list[tuple[str, ...]]:
    """Return every ten words that follow one another."""
    found = re.findall(r"[\w'’-]+", words.lower())
    return [tuple(found[i : i + 10]) for i in range(len(found) - 9)]


def readable(file: Path) -> str:
    return unquote(file.read_bytes().decode("utf-8", "ignore").replace("\\u00A0", " "))
