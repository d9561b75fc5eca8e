"""Made-up meetings in the project's own ontology, as a project folder: the data of every benchmark.

    python tests/benchmarks/generate.py FOLDER [--triples 100000]

Deterministic: the same number of triples gives the same bytes. Each meeting has a source document of its own whose passages are named
graphs, ten participations, four decisions, a few statements and topics; people, offices, states and bodies come back from meeting to meeting.
"""

import argparse
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

BASE = "https://example.org/made-up/"
NAMESPACES = {
    "cmq": "https://w3id.org/communique/ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "oa": "http://www.w3.org/ns/oa#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "level": "https://w3id.org/communique/code/level/",
    "mode": "https://w3id.org/communique/code/reporting-mode/",
    "role": "https://w3id.org/communique/code/participation-role/",
    "attendance": "https://w3id.org/communique/code/attendance-mode/",
    "type": "https://w3id.org/communique/code/decision-type/",
    **{
        kind: f"{BASE}{kind}/"
        for kind in (
            "meeting",
            "series",
            "participation",
            "person",
            "office",
            "office-holding",
            "state",
            "organisation",
            "collective",
            "topic",
            "decision",
            "claim",
            "date",
            "chairmanship",
            "source",
            "passage",
            "graph",
        )
    },
}
STATES = 40
TOPICS = 120
PASSAGES = 16
TRIPLES_A_MEETING = 430
SYLLABLES = ["ka", "lo", "mi", "ra", "ten", "vo", "sha", "du", "ri", "el", "an", "bo", "ni", "ta", "su", "ge"]


def prefixes() -> str:
    """The prefix lines of every file."""
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMESPACES.items()) + "\n"


def name(seed: int) -> str:
    """A made-up name, always the same for a number."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choice(SYLLABLES) for _ in range(draw.randint(2, 3))).title() for _ in range(2))


def labels(text: str) -> str:
    """A label in three languages."""
    return f'rdfs:label "{text}"@en, "{text} (ru)"@ru, "{text} (zh)"@zh'


def register(people: int) -> Iterator[str]:
    """The authority records: states, offices, people, topics, the series."""
    yield f"graph:register a cmq:Register ; {labels('Register')} .\n"
    yield f"graph:sources a cmq:Register ; {labels('Sources')} .\n"
    yield f"series:assembly a cmq:MeetingSeries ; {labels('Meetings of the Assembly')} ; cmq:convenedWithin organisation:assembly .\n"
    yield f"organisation:assembly a org:Organization ; {labels('The Assembly')} .\n"
    for state in range(STATES):
        yield f"state:s{state} a cmq:State ; {labels(name(state + 10**6).split()[0])} .\n"
        yield f"office:o{state} a cmq:Office ; {labels(f'Prosecutor General {state}')} ; cmq:officeOf state:s{state} .\n"
    for topic in range(TOPICS):
        yield f'topic:t{topic} a cmq:Topic ; skos:prefLabel "Topic {topic}"@en, "Тема {topic}"@ru, "议题{topic}"@zh .\n'
    for person in range(people):
        yield f'person:p{person} a foaf:Person ; foaf:name "{name(person)}" ; {labels(name(person))} .\n'
        yield f"office-holding:h{person} a cmq:OfficeHolding ; {labels(f'{name(person)} in office')} ; cmq:heldBy person:p{person} ; cmq:ofOffice office:o{person % STATES} .\n"


def source(meeting: int) -> Iterator[str]:
    """The positions of the passages of one meeting's source document."""
    digest = hashlib.sha256(str(meeting).encode()).hexdigest()
    yield (
        f'source:d{meeting} a cmq:SourceDocument ; {labels(f"Report of meeting {meeting}")} ; cmq:sha256 "{digest}" ; '
        f"cmq:byteLength {PASSAGES * 100} ; cmq:characterLength {PASSAGES * 100} ; cmq:reportsOn meeting:m{meeting} ; "
        f"schema:url <https://news.example.org/{meeting}.html> .\n"
    )
    for number in range(PASSAGES):
        yield (
            f'passage:m{meeting}-e{number} a cmq:Passage ; {labels(f"Passage {number} on meeting {meeting}")} ; skos:notation "E{number:02}" ; '
            f'cmq:inDocument source:d{meeting} ; oa:start {number * 100} ; oa:end {number * 100 + 90} ; cmq:paragraph {number + 1} ; cmq:sha256 "{digest}" ; '
            f'cmq:gist "What passage {number} says, in one line."@en ; schema:url <https://news.example.org/{meeting}.html#:~:text=p{number}> .\n'
        )


def meeting_graphs(meeting: int, people: int) -> Iterator[str]:
    """The named graphs of one meeting, a passage each."""
    draw = random.Random(meeting)
    this, year = f"meeting:m{meeting}", 1950 + meeting % 75
    yield (
        f"{this} a cmq:Meeting ; cmq:ordinal {meeting + 1} ; cmq:inSeries series:assembly ; cmq:convenedWithin organisation:assembly ; "
        f"cmq:hasAttendanceMode attendance:in-person ; cmq:hasDate date:m{meeting} ; cmq:hasChairmanship chairmanship:m{meeting} . "
        f'date:m{meeting} a cmq:DateExpression ; cmq:verbatim "1 May {year}" ; cmq:earliest "{year}-05-01"^^xsd:date ; cmq:latest "{year}-05-01"^^xsd:date . '
        f"chairmanship:m{meeting} a cmq:Chairmanship ; cmq:chairedBy state:s{meeting % STATES} ."
    )
    for order, person in enumerate(draw.sample(range(people), 10), 1):
        yield (
            f"{this} cmq:hasParticipation participation:m{meeting}-{order} . participation:m{meeting}-{order} a cmq:Participation ; cmq:hasParticipant person:p{person} ; "
            f"cmq:inCapacityOf office-holding:h{person} ; cmq:onBehalfOf state:s{person % STATES} ; cmq:hasRole role:participant ; cmq:listingOrder {order} ; "
            f'cmq:nameAsPrinted "{name(person)}" ; cmq:officeAsPrinted "Prosecutor General {person % STATES}" .'
        )
    for order, topic in enumerate(draw.sample(range(TOPICS), 4), 1):
        yield (
            f"{this} cmq:discussed topic:t{topic} ; cmq:hasDecision decision:m{meeting}-{order} . decision:m{meeting}-{order} a cmq:Decision ; cmq:listingOrder {order} ; "
            f'cmq:decidedBy collective:m{meeting} ; cmq:hasDecisionType type:substantive ; cmq:about topic:t{topic} ; cmq:content "To keep working on topic {topic}."@en . '
            f'collective:m{meeting} a cmq:Collective ; cmq:nameAsPrinted "the participants" .'
        )
    yield (
        f"claim:m{meeting} a cmq:Claim ; cmq:madeBy person:p{meeting % people} ; cmq:hasReportingMode mode:direct-quotation ; cmq:about topic:t{meeting % TOPICS} ; "
        f'cmq:content "Topic {meeting % TOPICS} grows."@en .'
    )


def own_labels(meeting: int) -> Iterator[str]:
    """The labels of what one meeting brings with it."""
    yield f"meeting:m{meeting} {labels(f'Meeting {meeting + 1} of the Assembly')} . date:m{meeting} {labels(f'Date of meeting {meeting + 1}')} .\n"
    yield f"chairmanship:m{meeting} {labels(f'Chairmanship of meeting {meeting + 1}')} . collective:m{meeting} {labels(f'Participants of meeting {meeting + 1}')} .\n"
    yield f"claim:m{meeting} {labels(f'Claim at meeting {meeting + 1}')} .\n"
    for order in range(1, 11):
        yield f"participation:m{meeting}-{order} {labels(f'Participation {order} in meeting {meeting + 1}')} .\n"
    for order in range(1, 5):
        yield f"decision:m{meeting}-{order} {labels(f'Decision {order} of meeting {meeting + 1}')} .\n"


def catalogue() -> str:
    """The self-description."""
    return (
        prefixes()
        + f"""@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix void: <http://rdfs.org/ns/void#> .
<{BASE}dataset> a dcat:Dataset, void:Dataset ; dcterms:title "Made-up meetings"@en ; dcterms:description "Meetings that never took place, made to measure how fast they are published."@en ;
  dcterms:publisher organisation:assembly ; dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ; void:uriSpace "{BASE}" ; dcat:version "1" ; dcterms:language <http://id.loc.gov/vocabulary/iso639-1/en> .
<{BASE}catalog> a dcat:Catalog ; dcterms:title "Made-up catalogue"@en ; dcterms:description "One made-up dataset."@en ; dcterms:publisher organisation:assembly ;
  dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ; dcat:dataset <{BASE}dataset> .
"""
    )


def write(folder: Path, *, triples: int) -> int:
    """Write the project into `folder` and return the number of its meetings; about `triples` triples (1,000 or more)."""
    meetings = max(1, triples // TRIPLES_A_MEETING)
    people = max(20, meetings * 2)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data/catalog.ttl").write_text(catalogue(), encoding="utf8")
    with (folder / "data/register.trig").open("w", encoding="utf8") as out:
        out.write(prefixes() + "graph:register {\n")
        out.writelines(register(people))
        for meeting in range(meetings):
            out.writelines(own_labels(meeting))
        out.write("}\ngraph:sources {\n")
        for meeting in range(meetings):
            out.writelines(source(meeting))
        out.write("}\n")
    with (folder / "data/meetings.trig").open("w", encoding="utf8") as out:
        out.write(prefixes())
        for meeting in range(meetings):
            for number, graph in enumerate(meeting_graphs(meeting, people)):
                out.write(f"passage:m{meeting}-e{number} {{ {graph} }}\n")
    return meetings


def main() -> None:
    """Write the made-up project that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--triples", type=int, default=100_000)
    options = parser.parse_args()
    print(write(options.folder, triples=options.triples), "meetings")


if __name__ == "__main__":
    main()
