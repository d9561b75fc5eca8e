"""Views of classes: what the page of a meeting, a series, a person, a state, a concept and a statement tells."""

import gzip
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from communique.formats import HTML
from communique.website.site import Site
from html_pages import Page
from made_meeting import REGISTER
from made_projects import html, make_site, page_at, renderer

Pages = Callable[[str], Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_site(tmp_path_factory.mktemp("council"), REGISTER)


@pytest.fixture(scope="module")
def page(site: Site) -> Pages:
    made = renderer(site)
    return cache(lambda path: Page(made.render(page_at(site, path), HTML).decode()))


def section(page: Page, heading: str) -> str:
    """Return the text of a page from a heading of the second level to the next."""
    headings = [each.text.strip() for each in page.all("h2")]
    (found,) = [each for each in headings if each.startswith(heading)]
    after = page.text.partition(found)[2]
    following = headings[headings.index(found) + 1 :]
    return after.partition(following[0])[0] if following else after


def words(text: str) -> str:
    return " ".join(text.split())


def test_participants_stand_in_the_printed_order(page: Pages) -> None:
    told = section(page("m4"), "Who took part")
    assert told.index("Ben Reed") < told.index("Ada Moss")


def test_a_participant_is_told_with_office_party_and_rank(page: Pages) -> None:
    rows = [words(row.text) for row in page("m4").all("tr")]
    assert any(re.search("^2.*Ada Moss.*Keeper of Malta.*printed: the Keeper.*Malta.*head", row) for row in rows)


def test_a_name_that_is_printed_otherwise_is_told_as_printed(page: Pages) -> None:
    told = words(section(page("m4"), "Who took part"))
    assert "printed: B. Reed" in told and "printed: Ada Moss" not in told


def test_roles_are_told_where_they_differ(page: Pages) -> None:
    assert re.search("Ben Reed.*observer.*Ada Moss.*participant", words(section(page("m4"), "Who took part")))


def test_a_speech_is_told_with_what_it_was_about(page: Pages) -> None:
    assert "How the lake is." in section(page("m4"), "What was said")


def test_a_rank_that_is_only_an_interpretation_is_marked_as_one(page: Pages) -> None:
    ranks = [each.text for each in page("m4").all("td") if each.attributes.get("data-label") == "Rank"]
    assert len(ranks) == 2 and "interpreted" in ranks[1]


def test_a_date_with_two_readings_is_told_plainly_and_the_surest_first(page: Pages) -> None:
    (days,) = page("m4").all("ol", class_="days")
    told = words(section(page("m4"), "The date"))
    assert "“3/4 May 2020”" in told and "It can mean 2 dates" in told
    assert re.search(r"\b4\b.*The diary says so\..*\b3\b.*A slip of the pen\.", words(days.text))


def test_a_doubtful_date_is_said_to_be_doubtful_wherever_it_stands(page: Pages) -> None:
    assert "not certain" in page("m4").all("section", class_="glance")[0].text
    assert "not certain" in page("series").text


def test_what_was_said_is_grouped_by_how_it_is_reported(page: Pages) -> None:
    told = words(section(page("m4"), "What was said"))
    assert re.search(r"direct quotation.*Ben Reed.*The water is low\..*no speaker is named.*Nets are old\.", told)


def test_a_proposal_stands_beside_the_decision_that_takes_it_up(page: Pages) -> None:
    rows = [words(row.text) for row in page("m4").all("tr")]
    (row,) = [row for row in rows if row.startswith("Count the boats.")]
    assert "Boats will be counted." in row and "certainty medium" in row and "interpreted" in row


def test_a_proposal_that_nothing_takes_up_says_so(page: Pages) -> None:
    rows = [words(row.text) for row in page("m4").all("tr")]
    assert any(row.startswith("Mend the nets.") and row.endswith("No decision is known to take it up.") for row in rows)
    assert "No decision is known" in page("p2").text and "No decision is known" not in page("p1").text


def test_a_decision_without_a_proposal_says_so(page: Pages) -> None:
    rows = [words(row.text) for row in page("m4").all("tr")]
    assert any(row.startswith("No proposal is known to lie behind it. Meet again.") for row in rows)


def test_decisions_that_only_others_report_stand_apart(page: Pages) -> None:
    told = words(section(page("m4"), "Proposals and decisions"))
    assert told.index("Decisions that only others report") < told.index("Ban the nets.")


def test_shares_that_do_not_make_the_whole_leave_the_rest_visible(page: Pages) -> None:
    found = page("m4")
    assert "Together 90 %; 10 % are not accounted for." in found.text
    assert len(found.all("rect", class_="rest")) == 1


def test_a_clash_of_figures_is_told_with_its_reason(page: Pages) -> None:
    told = words(section(page("m4"), "Figures"))
    assert "Does not fit" in told and "60 and 30 are 90." in told and "sum 90" in told


def test_the_next_meeting_is_told_as_planned_and_as_held(page: Pages) -> None:
    told = words(section(page("m4"), "Before and after"))
    assert "First meeting" in told and re.search(r"as planned.*held as Fifth meeting", told)
    assert "Fifth meeting" in section(page("plan"), "What came of it")


def test_what_the_view_tells_stands_in_no_other_section(page: Pages) -> None:
    found = page("m4")
    assert len([row for row in found.all("tr") if "Keeper of Malta" in row.text]) == 1
    assert "Participants" not in [words(term.text) for term in found.all("dt")]


def test_every_fact_of_a_view_keeps_its_evidence(page: Pages) -> None:
    found = page("m4")
    notes = " ".join(each.text for each in found.all("ol", class_="notes"))
    for told in (
        "They met.",
        "Who came.",
        "What was said.",
        "A slip of the pen.",
        "Both speak of boats.",
        "Lake Gazette",
    ):
        assert told in notes


def test_a_series_tells_its_gaps(page: Pages) -> None:
    rows = [words(row.text) for row in page("series").all("tr")]
    assert "2–3 Of these 2 meetings nothing is on record." in rows


def test_a_series_tells_who_came_how_often_and_does_not_take_silence_for_absence(page: Pages) -> None:
    found = page("series")
    told = words(section(found, "Who came how often"))
    assert re.search(r"Chad 1.*1.*2 Malta 1.*1", told)
    assert "not that nobody came" in told and "Of one meeting no participants are on record: 1." in told


def test_a_series_of_a_thousand_meetings_is_a_page_of_bounded_size(tmp_path: Path) -> None:
    data = ':s a cmq:MeetingSeries ; rdfs:label "Long"@en .\n' + "".join(
        f':m{n} a cmq:Meeting ; cmq:ordinal {n} ; cmq:inSeries :s ; schema:startDate "{1000 + n}-05-01"^^xsd:date ;'
        f" cmq:hasParticipation :p{n} ; cmq:hasChairmanship :c{n} . :c{n} cmq:chairedBy :st{n} ."
        f" :p{n} a cmq:Participation ; cmq:hasParticipant :x{n} ; cmq:onBehalfOf :st{n} .\n"
        for n in range(1, 1001)
    )
    site = make_site(tmp_path, data)
    text = renderer(site).render(page_at(site, "s"), HTML)
    assert len(gzip.compress(text)) < 30_000
    assert "800 earlier entries are left out" in text.decode()


def test_a_person_has_offices_and_meetings(page: Pages) -> None:
    found = page("ada")
    assert "Keeper of Malta" in section(found, "Offices") and "Fourth meeting" in section(found, "Meetings")
    assert "Count the boats." in section(found, "Statements")


def test_a_state_has_delegations_through_the_series(page: Pages) -> None:
    told = words(section(page("chad"), "Delegations"))
    assert told.index("Fourth meeting") < told.index("Fifth meeting") and "Warden of Chad" in told
    assert "Fourth meeting" in section(page("malta"), "Chaired")


def test_a_concept_tells_its_place_and_where_it_was_discussed_and_said(page: Pages) -> None:
    found = page("water")
    assert words(section(found, "Its place")).startswith("nature") and "Fourth meeting" in section(found, "Discussed")
    assert "The water is low." in section(found, "Said") and "water" in section(page("nature"), "Its place")


def test_a_circle_of_broader_concepts_ends(tmp_path: Path) -> None:
    circle = ":a a skos:Concept ; skos:broader :b . :b skos:broader :c . :c skos:broader :a ."
    assert "c" in section(html(make_site(tmp_path, circle), "a"), "Its place")


def test_a_decision_tells_what_it_takes_up_and_what_it_agreed_on(page: Pages) -> None:
    assert "Proposal on boats" in section(page("d1"), "Proposals that it takes up")
    assert "held as" in section(page("d2"), "What it agreed on")


def test_a_figure_stands_among_the_other_shares_of_its_whole(page: Pages) -> None:
    told = words(section(page("pike"), "The figure"))
    assert "60%" in told and "30%" in told and "400 fish" in told and "Does not fit" in told
    assert "Source" in told and "none is named" in told


def test_a_meeting_of_which_little_is_known_is_a_page_as_well(site: Site, tmp_path: Path) -> None:
    assert html(site, "m1").faults == []
    assert html(make_site(tmp_path, ":bare a cmq:Meeting ; rdfs:label 'Bare'@en ."), "bare").faults == []


def test_all_pages_of_a_made_up_series_are_well_formed(site: Site) -> None:
    made = renderer(site)
    pages = [page for page in site.pages() if page.resource is not None and HTML in page.formats]
    faults = {page.path: found for page in pages if (found := Page(made.render(page, HTML).decode()).faults)}
    assert faults == {} and len(pages) > 40


def test_a_project_writes_a_view_of_its_own_class_with_a_query_of_its_own(tmp_path: Path) -> None:
    template = (
        '{% extends "resource.html" %}{% block before %}'
        '{% for row in portraits.ask("Lake.rq", content.description.resource) %}'
        "<p>{{ w.show(row.terms.fish) }}{{ w.marks(row.evidence) }}</p>{% endfor %}{% endblock %}"
    )
    query = "SELECT ?fish ?graph { GRAPH ?graph { ?fish :livesIn $this } } ORDER BY ?fish"
    fish = ":pike :livesIn :big ; rdfs:label 'Pike'@en . :eel :livesIn :pond"
    data = f":big a :Lake . GRAPH :g {{ :g a cmq:Register . {fish} }}"
    folder = tmp_path / "site" / "templates" / "classes"
    folder.mkdir(parents=True)
    (folder / "Lake.html").write_text(template, encoding="utf-8")
    (folder / "Lake.rq").write_text(f"PREFIX : <https://example.org/id/> {query}", encoding="utf-8")
    site = make_site(tmp_path, data)
    text = renderer(site).render(page_at(site, "big"), HTML).decode()
    assert "Pike</a>" in text and "eel" not in text


@pytest.mark.parametrize(
    ("query", "told"),
    [(None, "does not exist"), ("SELECT ?x {", "Lake.rq: query"), ("ASK { ?s ?p ?o }", "is no SELECT query")],
)
def test_a_query_of_a_template_that_is_wrong_is_named(tmp_path: Path, query: str | None, told: str) -> None:
    from communique.errors import ProjectError

    folder = tmp_path / "site" / "templates" / "classes"
    folder.mkdir(parents=True)
    (folder / "Lake.html").write_text('{% set rows = portraits.ask("Lake.rq", content.description.resource) %}')
    if query:
        (folder / "Lake.rq").write_text(query, encoding="utf-8")
    with pytest.raises(ProjectError, match=told):
        html(make_site(tmp_path, ":big a :Lake ."), "big")
