"""The feed: what the data say that has changed, the newest first, valid and the same each time."""

from pathlib import Path
from xml.etree import ElementTree

from made_projects import build

ATOM = "{http://www.w3.org/2005/Atom}"
DATES = """
:old dcterms:issued "2020-01-01"^^xsd:date ; rdfs:label "Old"@en .
:new rdfs:label "Новое & <b>"@ru ; dcterms:issued "2021-01-01"^^xsd:date ;
    dcterms:modified "2026-02-03T04:05:06Z"^^xsd:dateTime .
:year dcterms:issued "2027"^^xsd:gYear . :odd dcterms:modified "2026-13-45" .
"""


def read(folder: Path, data: str) -> ElementTree.Element:
    return ElementTree.parse(build(folder, data) / "feed.atom").getroot()


def text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(ATOM + name) or ""


def test_the_newest_comes_first(tmp_path: Path) -> None:
    entries = read(tmp_path, DATES).findall(ATOM + "entry")
    assert [(text(each, "id")[-3:], text(each, "updated")) for each in entries] == [
        ("new", "2026-02-03T04:05:06Z"),
        ("old", "2020-01-01T00:00:00Z"),
    ]


def test_an_entry_tells_name_language_and_first_date(tmp_path: Path) -> None:
    entry = read(tmp_path, DATES).find(ATOM + "entry")
    assert entry is not None
    title = entry.find(ATOM + "title")
    assert title is not None and title.text == "Новое & <b>"
    assert title.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
    assert text(entry, "published") == "2021-01-01T00:00:00Z"


def test_a_feed_has_what_atom_requires(tmp_path: Path) -> None:
    feed = read(tmp_path, DATES)
    assert text(feed, "updated") == "2026-02-03T04:05:06Z"
    assert text(feed, "id") == "https://example.org/id/feed.atom" and text(feed, "title") == "Made up"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    links = {(each.get("rel"), each.get("href")) for each in feed.findall(ATOM + "link")}
    assert ("self", "https://example.org/id/feed.atom") in links


def test_an_entry_leads_to_a_page_that_exists(tmp_path: Path) -> None:
    for entry in read(tmp_path, DATES).findall(ATOM + "entry"):
        link = entry.find(ATOM + "link")
        assert link is not None
        assert (tmp_path / "public" / str(link.get("href")).removeprefix("https://example.org/id/")).is_file()


def test_a_letter_that_xml_forbids_does_no_harm(tmp_path: Path) -> None:
    feed = read(tmp_path, ':x rdfs:label "a\\u0001b" ; dcterms:modified "2026-01-01" .')
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "a\ufffdb"


def test_where_nothing_has_a_date_there_is_no_feed(tmp_path: Path) -> None:
    assert not (build(tmp_path, ':x rdfs:label "x" .') / "feed.atom").exists()


def test_two_builds_have_the_same_feed(tmp_path: Path) -> None:
    one, two = (build(tmp_path / name, DATES) / "feed.atom" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_pages_lead_to_the_feed_and_a_meeting_to_its_calendar(tmp_path: Path) -> None:
    out = build(tmp_path, DATES + ':m a cmq:Meeting ; schema:startDate "2021-10-29"^^xsd:date .')
    page = (out / "m.html").read_text(encoding="utf-8")
    assert '<link rel="alternate" type="application/atom+xml" title="What is new" href="feed.atom">' in page
    assert '<link rel="alternate" type="text/calendar" title="Calendar" href="m.ics">' in page
    assert '<meta property="og:url" content="https://example.org/id/m.html">' in page
