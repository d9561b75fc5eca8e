"""Calendars: a meeting is in them on the days that the data tell, as sure as they are."""

from pathlib import Path

import icalendar
import pytest

from made_projects import build

MEETING = ':m a cmq:Meeting ; rdfs:label "The meeting"@en ; '
DATED = MEETING + "cmq:hasDate :d . :d a cmq:DateExpression ; "


def event(folder: Path, data: str) -> icalendar.Event:
    calendar = icalendar.Calendar.from_ical((build(folder, data) / "m.ics").read_bytes())
    (found,) = calendar.walk("VEVENT")
    return found


@pytest.mark.parametrize(
    ("data", "days", "status"),
    [
        (MEETING + 'schema:startDate "2021-10-29"^^xsd:date .', ("20211029", "20211030"), "CONFIRMED"),
        (
            MEETING + 'schema:startDate "2021-10-29"^^xsd:date ; schema:endDate "2021-10-31"^^xsd:date .',
            ("20211029", "20211101"),
            "CONFIRMED",
        ),
        (
            MEETING + 'schema:startDate "2021-10-29T18:00:00+08:00"^^xsd:dateTime ;'
            ' schema:endDate "2021-10-30T01:30:00.5+08:00"^^xsd:dateTime .',
            ("20211029T100000Z", "20211029T173000Z"),
            "CONFIRMED",
        ),
        (
            MEETING + 'schema:startDate "2021-10-29T10:00:00"^^xsd:dateTime ;'
            ' schema:endDate "2021-10-29T12:00:00"^^xsd:dateTime .',
            ("20211029T100000", "20211029T120000"),
            "CONFIRMED",
        ),
        (
            MEETING + 'schema:startDate "2021-10-29T10:00:00Z"^^xsd:dateTime ; schema:endDate "2021-10-30"^^xsd:date .',
            ("20211029", "20211031"),
            "CONFIRMED",
        ),
        (
            MEETING + 'schema:startDate "2021-10-29T10:00:00Z"^^xsd:dateTime ;'
            ' schema:endDate "2021-10-29T09:00:00Z"^^xsd:dateTime .',
            ("20211029", "20211030"),
            "TENTATIVE",
        ),
        (
            MEETING + 'schema:startDate "2021-10-21"^^xsd:date, "2021-10-29"^^xsd:date .',
            ("20211021", "20211030"),
            "TENTATIVE",
        ),
        (
            DATED + 'cmq:earliest "2021-10-21"^^xsd:date ; cmq:latest "2021-10-29"^^xsd:date .',
            ("20211021", "20211030"),
            "TENTATIVE",
        ),
        (
            DATED + 'cmq:earliest "2021-10-29"^^xsd:date ; cmq:latest "2021-10-29"^^xsd:date .',
            ("20211029", "20211030"),
            "CONFIRMED",
        ),
        (
            ':m a cmq:PlannedMeeting ; schema:startDate "2027-05-01"^^xsd:date .',
            ("20270501", "20270502"),
            "TENTATIVE",
        ),
        (
            MEETING + 'schema:startDate "2021-10-29"^^xsd:date ; schema:endDate "9999-12-31"^^xsd:date .',
            ("20211029", "99991231"),
            "CONFIRMED",
        ),
        (
            MEETING + 'schema:startDate "2021-10-29"^^xsd:date ; schema:endDate "2021-10-27"^^xsd:date .',
            ("20211027", "20211030"),
            "TENTATIVE",
        ),
    ],
)
def test_an_event_lasts_as_the_data_say(tmp_path: Path, data: str, days: tuple[str, str], status: str) -> None:
    found = event(tmp_path, data)
    assert (found["dtstart"].to_ical().decode(), found["dtend"].to_ical().decode()) == days
    assert found["status"] == status


def test_a_time_alone_is_when_an_event_begins(tmp_path: Path) -> None:
    found = event(tmp_path, MEETING + 'schema:startDate "2021-10-29T10:00:00Z"^^xsd:dateTime .')
    assert found["dtstart"].to_ical() == b"20211029T100000Z" and "dtend" not in found


@pytest.mark.parametrize(
    ("said", "stamp"),
    [
        ('dcterms:modified "2026-11-24"^^xsd:date ; dcterms:issued "2025-01-02"^^xsd:date', b"20261124T000000Z"),
        ('dcterms:modified "2026-11-24T10:30:00+01:00"^^xsd:dateTime', b"20261124T093000Z"),
        ('dcterms:issued "2025-03"^^xsd:gYearMonth', b"20250301T000000Z"),
        ('rdfs:comment "of no known date"', b"19700101T000000Z"),
    ],
)
def test_an_event_was_written_down_when_the_data_were_and_not_when_it_takes_place(
    tmp_path: Path, said: str, stamp: bytes
) -> None:
    found = event(tmp_path, f':dataset {said} . {MEETING} schema:startDate "2031-10-29"^^xsd:date .')
    assert found["dtstamp"].to_ical() == stamp


def test_an_event_on_the_last_day_that_can_be_written_has_no_end_after_it(tmp_path: Path) -> None:
    found = event(tmp_path, MEETING + 'schema:startDate "9999-12-31"^^xsd:date .')
    assert found["dtstart"].to_ical() == b"99991231" and "dtend" not in found


@pytest.mark.parametrize(
    "data",
    [
        MEETING + 'schema:startDate "2021-10-29"^^xsd:date ; schema:endDate "2012-10-29"^^xsd:date .',
        MEETING + 'schema:startDate "2022"^^xsd:gYear .',
        DATED + 'cmq:earliest "2022-01-01"^^xsd:date ; cmq:latest "2022-12-31"^^xsd:date .',
        MEETING + 'schema:startDate "soon" .',
        MEETING + "cmq:discussed :x .",
    ],
)
def test_a_meeting_without_a_day_is_in_no_calendar(tmp_path: Path, data: str) -> None:
    out = build(tmp_path, data)
    assert not (out / "m.ics").exists() and not (out / "meetings.ics").exists()


def test_a_doubt_is_told_with_the_words_of_the_source(tmp_path: Path) -> None:
    found = event(tmp_path, DATED + 'cmq:earliest "2021-10-21"^^xsd:date ; cmq:latest "2021-10-29"^^xsd:date ; '
                  'cmq:verbatim "21 October 29, 2021" .')  # fmt: skip
    assert "not certain" in found["description"] and "21 October 29, 2021" in found["description"]


def test_an_event_leads_to_its_page(tmp_path: Path) -> None:
    found = event(tmp_path, MEETING + 'schema:startDate "2021-10-29"^^xsd:date ; schema:location "Xi\'an" .')
    assert (found["uid"], found["url"], found["location"]) == (
        "https://example.org/id/m",
        "https://example.org/id/m.html",
        "Xi'an",
    )


def test_all_meetings_are_in_one_calendar(tmp_path: Path) -> None:
    dated = " ".join(f':m{n} a cmq:Meeting ; schema:startDate "2021-10-{n}"^^xsd:date .' for n in (11, 12))
    calendar = icalendar.Calendar.from_ical((build(tmp_path, dated) / "meetings.ics").read_bytes())
    assert [str(each["uid"])[-2:] for each in calendar.walk("VEVENT")] == ["11", "12"]


def test_line_breaks_in_names_cannot_add_lines(tmp_path: Path) -> None:
    data = ':m a cmq:Meeting ; rdfs:label "a\\r\\nEND:VEVENT\\nX"@en ; schema:startDate "2021-10-29"^^xsd:date .'
    assert event(tmp_path, data)["uid"] == "https://example.org/id/m"
