"""What search engines read on a page."""

from pathlib import Path

import pytest

from html_pages import Page as Html
from made_projects import build, html, make_site

MEETING = """
:m a cmq:Meeting ; rdfs:label "The meeting"@en, "Встреча"@ru ; cmq:convenedWithin :sco ; cmq:inSeries :series ;
    cmq:hasAttendanceMode <https://w3id.org/communique/code/attendance-mode/videoconference> ; cmq:discussed :topic ;
    schema:startDate "2021-10-29"^^xsd:date ; schema:location :astana ; cmq:hasParticipation :p1 .
:p1 a cmq:Participation ; cmq:hasParticipant :ada .
:ada a foaf:Person ; rdfs:label "Ada"@en .
:sco rdfs:label "SCO"@en . :astana rdfs:label "Astana"@en .
"""


def meeting(tmp_path: Path) -> dict[str, object]:
    return html(make_site(tmp_path, MEETING), "m").structured


def test_a_meeting_is_an_event(tmp_path: Path) -> None:
    assert meeting(tmp_path)["@type"] == "Event"


def test_those_who_took_part_are_its_attendees(tmp_path: Path) -> None:
    assert meeting(tmp_path)["attendee"] == {"@type": "Person", "@id": "https://example.org/id/ada", "name": "Ada"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "The meeting"),
        ("startDate", "2021-10-29"),
        ("eventAttendanceMode", "https://schema.org/OnlineEventAttendanceMode"),
        ("organizer", {"@type": "Organization", "@id": "https://example.org/id/sco", "name": "SCO"}),
        ("location", {"@type": "Place", "@id": "https://example.org/id/astana", "name": "Astana"}),
    ],
)
def test_an_event_tells_what_is_known(tmp_path: Path, key: str, value: object) -> None:
    assert meeting(tmp_path)[key] == value


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        (":x a foaf:Person .", "Person"),
        (":x a dcat:Dataset .", "Dataset"),
        (":x a skos:Concept .", "DefinedTerm"),
        (":x a schema:Book .", "Book"),
        (":x a :Unknown .", "Thing"),
        (':x rdfs:label "x" .', "Thing"),
    ],
)
def test_a_class_has_its_type(tmp_path: Path, fact: str, kind: str) -> None:
    assert html(make_site(tmp_path, fact), "x").structured["@type"] == kind


def test_texts_are_in_the_language_of_the_page(tmp_path: Path) -> None:
    site = make_site(tmp_path, ':x a foaf:Person ; dcterms:description "one"@en, "один"@ru .')
    assert html(site, "x").structured["description"] == "one"


def test_the_same_elsewhere_is_named(tmp_path: Path) -> None:
    site = make_site(tmp_path, ":x a foaf:Person ; owl:sameAs <https://www.wikidata.org/entity/Q7259> .")
    assert html(site, "x").structured["sameAs"] == "https://www.wikidata.org/entity/Q7259"


def test_a_dataset_tells_search_engines_its_files_period_and_places(tmp_path: Path) -> None:
    about = """:dataset dcterms:spatial :astana ; dcterms:temporal [ schema:startDate "2002-10-31"^^xsd:date ] .
        :astana rdfs:label "Astana"@en ."""
    found = Html((build(tmp_path, about) / "dataset.html").read_text(encoding="utf-8")).structured
    assert found["temporalCoverage"] == "2002-10-31/.."
    assert found["spatialCoverage"] == [{"@type": "Place", "@id": "https://example.org/id/astana", "name": "Astana"}]
    files = {each["encodingFormat"]: each["contentUrl"] for each in found["distribution"]}
    assert files["text/turtle"] == "https://example.org/id/dumps/data.ttl"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dcterms:language <http://id.loc.gov/vocabulary/iso639-1/en>", "en"),
        ("dcterms:language <http://publications.europa.eu/resource/authority/language/ZHO>", "zh"),
        ("schema:inLanguage <http://lexvo.org/id/iso639-3/rus>", "ru"),
        ('dcterms:language "zh-Hant"', "zh-Hant"),
        ('dcterms:language "rus"', "ru"),
        ('schema:inLanguage "Old Norse"', {"@type": "Language", "name": "Old Norse"}),
        ("dcterms:language :norse", {"@type": "Language", "@id": "https://example.org/id/norse", "name": "Norse"}),
    ],
)
def test_a_language_is_a_tag_where_it_has_one(tmp_path: Path, said: str, told: object) -> None:
    site = make_site(tmp_path, f':x a dcat:Dataset ; {said} . :norse rdfs:label "Norse"@en .')
    assert html(site, "x").structured["inLanguage"] == told


@pytest.mark.parametrize("path", ["schema:author", "schema:creator", "dcterms:creator", "dcterms:publisher"])
def test_whoever_made_a_thing_is_a_person_if_the_data_say_so(tmp_path: Path, path: str) -> None:
    site = make_site(tmp_path, f":x a schema:Book ; {path} :ada . :ada a foaf:Person ; foaf:name 'Ada' .")
    made = html(site, "x").structured[path.partition(":")[2]]
    assert made == {"@type": "Person", "@id": "https://example.org/id/ada", "name": "Ada"}


def test_an_institution_that_made_a_thing_is_no_person(tmp_path: Path) -> None:
    site = make_site(tmp_path, ":x a schema:Book ; dcterms:creator :us . :us a foaf:Organization ; foaf:name 'Us' .")
    assert html(site, "x").structured["creator"]["@type"] == "Organization"
