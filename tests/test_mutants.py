"""The first dataset, and what is said of it when one thing in it is made wrong.

A mutant is the dataset after one SPARQL update. It is caught by the shape that is there for its fault.
"""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.project import Project
from communique.shacl.source_text import TextCheck, check_texts
from communique.shacl.validation import VIOLATION, WARNING, ValidationReport, ValidationResult, validate
from communique.store import Store

ROOT = Path(__file__).parents[1]
# Not part of the repository: the project does not reprint its sources.
SOURCE = ROOT.parent / "shared/sources/sectsco-796390.txt"
BASE = "https://w3id.org/communique/"
KINDS = (
    *("chairmanship", "claim", "date", "decision", "external", "graph", "inconsistency", "interpretation", "meeting"),
    *("participation", "person", "planned-meeting", "proposal", "source", "speech", "state", "statistical-claim"),
    *("topic", "uptake"),
)
PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in {
        **{kind: f"{BASE}sco/{kind}/" for kind in KINDS},
        "passage": f"{BASE}sco/source/sectsco-796390/",
        "code": f"{BASE}code/",
        "cmq": f"{BASE}ns#",
        "dcterms": "http://purl.org/dc/terms/",
        "oa": "http://www.w3.org/ns/oa#",
        "schema": "http://schema.org/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


def insert(graph: str, triples: str) -> str:
    return f"INSERT DATA {{ GRAPH {graph} {{ {triples} }} }}"


def delete(subject: str, key: str) -> str:
    return f"DELETE WHERE {{ GRAPH ?graph {{ {subject} {key} ?value }} }}"


def replace(subject: str, key: str, value: str) -> str:
    return (
        f"DELETE {{ GRAPH ?graph {{ {subject} {key} ?value }} }}"
        f" INSERT {{ GRAPH ?graph {{ {subject} {key} {value} }} }}"
        f" WHERE {{ GRAPH ?graph {{ {subject} {key} ?value }} }}"
    )


def move(subject: str, graph: str) -> str:
    return (
        f"DELETE {{ GRAPH ?graph {{ {subject} ?key ?value }} }} INSERT {{ GRAPH {graph} {{ {subject} ?key ?value }} }}"
        f" WHERE {{ GRAPH ?graph {{ {subject} ?key ?value }} GRAPH graph:sources {{ ?graph a cmq:Passage }} }}"
    )


MEETING, DATE = "meeting:prosecutors-general-19", "date:prosecutors-general-19"
CLAIM, GIRLS = "claim:prosecutors-general-19-darknet", "statistical-claim:prosecutors-general-19-girls"
SUM = "inconsistency:prosecutors-general-19-sum-of-shares"
MUTANTS = {
    "a decision moved from its passage into a register": (
        move("decision:prosecutors-general-19-1", "graph:register"),
        "evidence#KindsInEvidence",
    ),
    "a decision moved into an interpretation": (
        move("decision:prosecutors-general-19-1", "interpretation:date-29-october"),
        "evidence#WordsInPassage",
    ),
    "a decision moved into a graph that nobody knows": (
        move("decision:prosecutors-general-19-1", "graph:unknown"),
        "evidence#KindsInEvidence",
    ),
    "a reported fact put into a register": (
        insert("graph:register", f"{MEETING} cmq:ordinal 19"),
        "evidence#FactsInEvidence",
    ),
    "a reported fact that stands in the default graph alone": (
        f"INSERT DATA {{ {MEETING} cmq:hostedBy state:ind }}",
        "evidence#FactsInEvidence",
    ),
    "a passage that was emptied": ("CLEAR GRAPH passage:e03", "evidence#SomethingStated"),
    "a passage marked as stating nothing": (
        insert("graph:sources", "passage:e03 cmq:assertsNothing true"),
        "evidence#NothingStated",
    ),
    "a reading put into a passage": (
        insert("passage:e01d", f'{DATE} cmq:reading "2021-10-29"^^xsd:date'),
        "evidence#ReadingsInInterpretation",
    ),
    "an end beyond the document": (replace("passage:e55", "oa:end", "3954"), "evidence#EndWithinDocument"),
    "an end before the start": (replace("passage:e55", "oa:end", "3843"), "evidence#StartBeforeEnd"),
    "a passage that starts before the paragraph above it": (
        replace("passage:e16", "oa:start", "100"),
        "evidence#PassagesInOrder",
    ),
    "two passages on one stretch": (replace("passage:e01d", "oa:start", "0"), "evidence#PassageOnce"),
    "a passage of two documents": (
        insert("graph:sources", "source:other a cmq:SourceDocument . passage:e03 cmq:inDocument source:other"),
        "evidence#Passage-inDocument",
    ),
    "a passage without a gist": (delete("passage:e03", "cmq:gist"), "evidence#Passage-gist"),
    "an interpretation without a certainty": (
        delete("interpretation:date-29-october", "cmq:hasCertainty"),
        "evidence#Interpretation-hasCertainty",
    ),
    "an interpretation without an author": (
        delete("interpretation:date-29-october", "<http://www.w3.org/ns/prov#wasAttributedTo>"),
        "evidence#Interpretation-wasAttributedTo",
    ),
    "external facts without a document": (
        "DELETE { GRAPH ?graph { ?report cmq:inDocument ?document } }"
        " WHERE { GRAPH ?graph { ?report cmq:inDocument ?document ; a cmq:ExternalReport } }",
        "evidence#ExternalReport-inDocument",
    ),
    "a place in the list of participants given twice": (
        replace("participation:prosecutors-general-19-02", "cmq:listingOrder", "1"),
        "meeting#ParticipationPlaceOnce",
    ),
    "a place in the list of decisions given twice": (
        replace("decision:prosecutors-general-19-2", "cmq:listingOrder", "1"),
        "meeting#DecisionPlaceOnce",
    ),
    "a participation without a participant": (
        delete("participation:prosecutors-general-19-03", "cmq:hasParticipant"),
        "meeting#Participation-hasParticipant",
    ),
    "a participation of two people": (
        insert("passage:e08", "participation:prosecutors-general-19-03 cmq:hasParticipant person:igor-krasnov"),
        "meeting#Participation-hasParticipant",
    ),
    "a proposal that is typed a decision too": (
        insert("passage:e41", "proposal:prosecutors-general-19-1 a cmq:Decision"),
        "meeting#Thing-type",
    ),
    "a planned meeting that is typed a meeting too": (
        insert("passage:e55", "planned-meeting:prosecutors-general-20 a cmq:Meeting"),
        "meeting#Thing-type",
    ),
    "a decision without content": (
        delete("decision:prosecutors-general-19-1", "cmq:content"),
        "meeting#Statement-content",
    ),
    "a meeting with two numbers": (insert("passage:e02", f"{MEETING} cmq:ordinal 20"), "meeting#Meeting-ordinal"),
    "an unknown code": (
        replace(MEETING, "cmq:hasAttendanceMode", "<https://w3id.org/communique/code/attendance-mode/telepathy>"),
        "meeting#Meeting-hasAttendanceMode",
    ),
    "an earliest day after the latest": (
        replace(DATE, "cmq:earliest", '"2021-10-30"^^xsd:date'),
        "meeting#EarliestBeforeLatest",
    ),
    "a reading outside of the bounds": (
        insert("interpretation:date-29-october", f'{DATE} cmq:reading "2021-11-29"^^xsd:date'),
        "meeting#ReadingWithinBounds",
    ),
    "a last day before the first": (
        insert("interpretation:date-29-october", f'{MEETING} schema:endDate "2021-10-28"^^xsd:date'),
        "meeting#StartBeforeEnd",
    ),
    "shares that add up to more than the whole": (replace(GIRLS, "cmq:value", "34.0"), "meeting#SharesWithinWhole"),
    "a percentage above a hundred": (replace(GIRLS, "cmq:value", "100.5"), "meeting#PercentageWithinHundred"),
    "a total that is not the sum": (replace(SUM, "cmq:total", "99.0"), "meeting#TotalAddsUp"),
    "an uptake of a claim": (
        f"DELETE {{ GRAPH ?graph {{ ?uptake cmq:ofProposal ?proposal }} }}"
        f" INSERT {{ GRAPH ?graph {{ ?uptake cmq:ofProposal {CLAIM} }} }}"
        f" WHERE {{ GRAPH ?graph {{ ?uptake cmq:ofProposal ?proposal }} }}",
        "meeting#Uptake-ofProposal",
    ),
    "a chairmanship that is held by nobody": (
        delete("chairmanship:prosecutors-general-19", "cmq:chairedBy"),
        "meeting#Chairmanship-chairedBy",
    ),
    "statements that depend on each other": (
        insert(
            "passage:e31",
            "claim:prosecutors-general-19-new-sites cmq:dependsOn claim:prosecutors-general-19-market-expansion",
        ),
        "meeting#NoCircles",
    ),
    "a speech given by a state": (
        replace("speech:prosecutors-general-19-norov", "cmq:deliveredBy", "state:ind"),
        "meeting#Speech-deliveredBy",
    ),
}


@cache
def project() -> Project:
    return Project.open(ROOT)


@cache
def dataset() -> Store:
    return Store.load(project())


@cache
def report() -> ValidationReport:
    return validate(dataset(), project=project())


def mutant(update: str) -> Store:
    quads = ox.Store()
    quads.extend(dataset())
    quads.update(PREFIXES + update)
    return Store.of(quads)


def shape_of(result: ValidationResult) -> str:
    return str(result.source_shape.value).removeprefix(f"{BASE}shapes/")


def culprit(result: ValidationResult) -> str:
    """What a result is about: a rule across things has a class as its focus node, and the thing as its value."""
    return str((result.value if result.focus_node.value.startswith(f"{BASE}ns#") else result.focus_node).value)  # type: ignore[union-attr]


def test_the_dataset_violates_no_shape() -> None:
    assert report().of(VIOLATION) == ()


def test_the_known_defects_of_the_source_are_the_warnings() -> None:
    thing = f"{BASE}sco/"
    figures = ["victims", "women", "girls", "adult-men", "children"]
    source = {
        ("meeting#OneReading", "date/prosecutors-general-19"),
        ("meeting#PartWithinWhole", "statistical-claim/prosecutors-general-19-girls"),
        ("meeting#SharesMakeWhole", "statistical-claim/prosecutors-general-19-victims"),
        ("meeting#StatedSpeaker", "claim/prosecutors-general-19-child-victims"),
        ("evidence#SpeakerRead", "normative-statement/prosecutors-general-19-close-contacts"),
        *(("meeting#StatedSpeaker", f"statistical-claim/prosecutors-general-19-{figure}") for figure in figures),
    }
    found = {(shape_of(result), culprit(result).removeprefix(thing)) for result in report().of(WARNING)}
    assert {(shape, name) for shape, name in found if "-19" in name} == source


def test_a_warning_has_its_explanation_in_the_data() -> None:
    """An interpretation concerns what it is about, or the way of reporting says that the source names no speaker."""
    explained = dataset().query(
        f"""{PREFIXES} SELECT DISTINCT ?thing WHERE {{
          {{ ?interpretation cmq:concerns ?thing }} UNION {{
            ?thing cmq:hasReportingMode ?mode
            FILTER(?mode IN (<{BASE}code/reporting-mode/unattributed>, <{BASE}code/reporting-mode/narrated>)) }}
        }}"""
    )
    assert isinstance(explained, ox.QuerySolutions)
    known = {str(row["thing"].value) for row in explained}
    assert {culprit(result) for result in report().of(WARNING)} <= known


@pytest.mark.parametrize(("update", "shape"), MUTANTS.values(), ids=MUTANTS.keys())
def test_a_mutant_is_caught(update: str, shape: str) -> None:
    changed = mutant(update)
    assert set(changed) != set(dataset())
    assert shape in {shape_of(result) for result in validate(changed, project=project()).of(VIOLATION)}


def compared(store: Store) -> TextCheck:
    return check_texts(store, texts=[SOURCE], files=[file.path for file in project().files("data")])


@pytest.mark.skipif(not SOURCE.exists(), reason="the text of the source is not at hand")
def test_every_passage_agrees_with_the_text() -> None:
    assert compared(dataset()) == TextCheck(documents=1, passages=58)


@pytest.mark.skipif(not SOURCE.exists(), reason="the text of the source is not at hand")
@pytest.mark.parametrize("key", ["oa:start", "oa:end"])
@pytest.mark.parametrize("shift", [-1, 1])
def test_an_offset_shifted_by_one_is_caught_in_every_passage(key: str, shift: int) -> None:
    update = f"""DELETE {{ GRAPH ?graph {{ ?passage {key} ?offset }} }}
      INSERT {{ GRAPH ?graph {{ ?passage {key} ?shifted }} }}
      WHERE {{ GRAPH ?graph {{ ?passage {key} ?offset }} BIND(?offset + {shift} AS ?shifted) }}"""
    told = {problem.message.partition(": ")[0] for problem in compared(mutant(update)).problems}
    assert len(told) == 58
