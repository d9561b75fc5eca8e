"""Calendars: meetings as events of iCalendar (RFC 5545), each day as sure as the data are; the only user of icalendar.

| what the data say | the event |
|---|---|
| one day, or a first and a last one | these days, confirmed |
| a time, or a first and a last one | from time to time: in UTC, or local where no time zone is stated |
| several days, an end before the start, or bounds, at most a month apart | from first to last, tentative; says so |
| a planned meeting | its days, tentative |
| only a month, a year, or nothing | none |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event
from pyoxigraph import Literal, NamedNode

from communique.descriptions.evidence import CMQ
from communique.metadata.citations import date_of
from communique.metadata.discovery import site_url
from communique.website.browsing import HAS_DATE, LATEST, MEETING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.website.site import Site

ALL = "meetings.ics"
PLANNED = NamedNode(CMQ + "PlannedMeeting")
EVENTS = (MEETING, PLANNED, *(NamedNode(f"{scheme}://schema.org/Event") for scheme in ("http", "https")))
START = tuple(NamedNode(f"{scheme}://schema.org/startDate") for scheme in ("http", "https"))
END = tuple(NamedNode(f"{scheme}://schema.org/endDate") for scheme in ("http", "https"))
PLACE = tuple(NamedNode(f"{scheme}://schema.org/location") for scheme in ("http", "https"))
EARLIEST, VERBATIM = NamedNode(CMQ + "earliest"), NamedNode(CMQ + "verbatim")
MODE = NamedNode(CMQ + "hasAttendanceMode")
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""When an event was written down of which nobody says it: the property is required, and no other day is nearer."""
LONGEST = timedelta(days=31)
"""Bounds that are further apart tell no date that anybody could put into a calendar."""


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of a meeting, and whether the data leave no doubt of them.

    `times` are when it begins and ends, or begins, as far as the data tell it; both in UTC or both local.
    """

    first: date
    last: date
    certain: bool
    times: tuple[datetime, ...] = ()


def calendar_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the calendar of all meetings, and one of each beside its page, by path; nothing where none has a day."""
    nodes = [node for cls in EVENTS if cls in site.classes for node in site.classes[cls].members]
    events = {node: event for node in dict.fromkeys(nodes) if (event := _event(site, node))}
    for node, event in events.items():
        yield calendar_path(site, node), _calendar(site, [event])
    if events:
        yield ALL, _calendar(site, [events[node] for node in sorted(events, key=lambda each: each.value)])


def calendar_path(site: Site, node: NamedNode) -> str:
    """Return the path of the calendar of one meeting."""
    return site.targets.stem(node) + ".ics"


def has_calendar(site: Site, node: NamedNode) -> bool:
    """Tell whether a thing is a meeting with a day, so that it has a calendar."""
    return bool(site.types_of(node) & set(EVENTS)) and days_of(site, node) is not None


def days_of(site: Site, node: NamedNode) -> Days | None:
    """Return the days of a meeting, or None where the data do not tell a day."""
    starts, ends = _dates(site, node, START), _dates(site, node, END)
    planned = PLANNED in site.types_of(node)
    if starts:
        days = [*starts, *ends]
        times = _times(site, node)
        agreed = len(starts) == 1 and len(ends) < 2 and min(days) == starts[0] and list(times) == sorted(times)
        return _within(Days(min(days), max(days), certain=agreed and not planned, times=times if agreed else ()))
    for quad in site.store.quads(node, HAS_DATE):
        if isinstance(quad.object, NamedNode):
            early, late = _dates(site, quad.object, (EARLIEST,)), _dates(site, quad.object, (LATEST,))
            if early and late and min(early) <= max(late):
                found = Days(min(early), max(late), certain=min(early) == max(late) and not planned)
                return _within(found)
    return None


def _within(days: Days) -> Days | None:
    return days if days.certain or days.last - days.first <= LONGEST else None


def _dates(site: Site, node: NamedNode, paths: tuple[NamedNode, ...]) -> list[date]:
    """Return the days that are stated, each once, sorted: of a time its day, and nothing of a mere month or year."""
    found = set()
    for path in paths:
        for quad in site.store.quads(node, path):
            if isinstance(quad.object, Literal):
                try:
                    found.add(date.fromisoformat(quad.object.value[:10]))
                except ValueError:
                    continue  # a month, a year, or no date at all
    return sorted(found)


def _times(site: Site, node: NamedNode) -> tuple[datetime, ...]:
    """Return when a meeting begins and, if that is stated, ends: nothing unless each is one time, and of one kind."""
    stated = [_literals(site, node, paths) for paths in (START, END)]
    if any(len(each) > 1 for each in stated):
        return ()
    times = [_time(text) for each in stated for text in each]
    found = tuple(each for each in times if each is not None)
    alike = len({each.tzinfo for each in found}) == 1
    return found if alike and len(found) == len(times) else ()


def _literals(site: Site, node: NamedNode, paths: tuple[NamedNode, ...]) -> set[str]:
    quads = (quad for path in paths for quad in site.store.quads(node, path))
    return {quad.object.value for quad in quads if isinstance(quad.object, Literal)}


def _time(text: str) -> datetime | None:
    """Return a time as a calendar has it (sections 3.3.5 and 3.3.12), without parts of a second; None of a mere date.

    >>> _time("2021-10-29T18:00:00+08:00"), _time("2021-10-29")
    (datetime.datetime(2021, 10, 29, 10, 0, tzinfo=datetime.timezone.utc), None)
    """
    try:
        found = datetime.fromisoformat(text).replace(microsecond=0) if "T" in text else None
        return found.astimezone(UTC) if found and found.tzinfo else found
    except (ValueError, OverflowError):
        return None


def _event(site: Site, node: NamedNode) -> Event | None:
    days = days_of(site, node)
    if days is None:
        return None
    event = Event()
    event.add("uid", node.value)
    event.add("summary", site.labels.of(node).text)
    event.add("dtstamp", _stamp(site))
    first, *last = days.times or (days.first, _day_after(days.last))
    event.add("dtstart", first)
    if last and last[0] > first:
        event.add("dtend", last[0])
    event.add("status", "CONFIRMED" if days.certain else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    if description := "\n".join(_told(site, node, days)):
        event.add("description", description)
    if place := _place(site, node):
        event.add("location", place)
    url = site_url(site)
    event.add("url", url + site.targets.url(site.targets.stem(node) + ".html") if url else node.value)
    return event


def _day_after(day: date) -> date:
    """Return what ends an event (section 3.6.1): after the last day that can be written, that day for want of another.

    An event of that day alone then has no end, which says the same as one day.
    """
    return day + timedelta(days=1) if day < date.max else day


def _told(site: Site, node: NamedNode, days: Days) -> Iterator[str]:
    """Give what a reader of the calendar has to know of the date."""
    words = site.interface
    if PLANNED in site.types_of(node):
        yield words.gettext("Planned; whether it was held is another question.")
    elif not days.certain:
        yield words.gettext("The date is not certain: it lies between these days.")
    for quad in site.store.quads(node, HAS_DATE):
        for printed in site.store.quads(quad.object, VERBATIM) if isinstance(quad.object, NamedNode) else ():
            if isinstance(printed.object, Literal):
                yield words.gettext("Printed in the source as: %(date)s") % {"date": printed.object.value}


def _place(site: Site, node: NamedNode) -> str:
    found = {quad.object for path in (*PLACE, MODE) for quad in site.store.quads(node, path)}
    names = {term.value if isinstance(term, Literal) else site.labels.of(term).text for term in found}
    return ", ".join(sorted(names))


def _stamp(site: Site) -> datetime:
    """Return when the events were written down (section 3.8.7.2): the date of the data, so that builds are the same."""
    about = site.catalog.about
    if time := _time(about.modified or about.issued):
        return time.replace(tzinfo=UTC)
    try:
        # Of a year or a month its first day.
        return datetime.fromisoformat(f"{date_of(about)}-01-01"[:10]).replace(tzinfo=UTC)
    except ValueError:
        return UNKNOWN


def _calendar(site: Site, events: list[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Communique//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", site.title.text)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
