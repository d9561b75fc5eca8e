"""The gallery: every portrait and every picture, by the names under which templates of classes call them.

{% set meeting = portraits.meeting(content.description.resource) %}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.pictures import network, timeline
from communique.pictures.bars import draw_bars
from communique.pictures.lettering import in_two_lines, shortened
from communique.portraits import chronicle, told
from communique.portraits.asked import ask
from communique.portraits.claims import statement_portrait
from communique.portraits.concepts import concept_portrait, scheme_portrait
from communique.portraits.files import described_dumps
from communique.portraits.graph import Graph, cmq
from communique.portraits.meetings import gathering, meeting_portrait
from communique.portraits.parties import codes_of, party_portrait, person_portrait
from communique.portraits.series import series_portrait
from communique.portraits.sources import neighbours, source_portrait

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.descriptions.evidence import Evidence, Standing
    from communique.descriptions.facts import Facts
    from communique.descriptions.links import Incoming
    from communique.page_contents.contents import Content, Section
    from communique.pictures.bars import Bars
    from communique.pictures.network import Network, Spoke
    from communique.pictures.timeline import Lane, Timeline
    from communique.pictures.world_map import WorldMap
    from communique.portraits.asked import Answer
    from communique.portraits.atlas import Atlas
    from communique.portraits.claims import StatementPortrait
    from communique.portraits.concepts import ConceptPortrait, SchemePortrait
    from communique.portraits.figures import Whole
    from communique.portraits.meetings import Gathering, MeetingPortrait
    from communique.portraits.parties import Holding, PartyPortrait, PersonPortrait
    from communique.portraits.series import SeriesPortrait
    from communique.portraits.sources import Neighbours, SourcePortrait
    from communique.store import Term
    from communique.website.site import Site

STATE = cmq("State")


class Portraits:
    """The portraits and pictures of one site; nothing is read before it is asked for."""

    def __init__(self, site: Site, *, atlas: Atlas) -> None:
        """Make the portraits of what this site tells, with maps from an atlas."""
        self._graph = Graph(site)
        self._atlas = atlas

    def meeting(self, node: Term) -> MeetingPortrait:
        """Return the portrait of a meeting."""
        return meeting_portrait(self._graph, node)

    def gathering(self, node: Term) -> Gathering:
        """Return a meeting, held or planned, in one line."""
        return gathering(self._graph, node)

    def series(self, node: Term) -> SeriesPortrait:
        """Return the portrait of a series of meetings."""
        return series_portrait(self._graph, node)

    def person(self, node: Term) -> PersonPortrait:
        """Return the portrait of a person."""
        return person_portrait(self._graph, node)

    def party(self, node: Term) -> PartyPortrait:
        """Return the portrait of a state or an organisation."""
        return party_portrait(self._graph, node)

    def source(self, node: Term) -> SourcePortrait:
        """Return the portrait of a document."""
        return source_portrait(self._graph, node)

    def neighbours(self, node: Term) -> Neighbours:
        """Return the passages that stand beside a passage."""
        return neighbours(self._graph, node)

    def concept(self, node: Term) -> ConceptPortrait:
        """Return the portrait of a concept."""
        return concept_portrait(self._graph, node)

    def scheme(self, node: Term) -> SchemePortrait:
        """Return the portrait of a concept scheme."""
        return scheme_portrait(self._graph, node)

    def statement(self, node: Term) -> StatementPortrait:
        """Return the portrait of a statement."""
        return statement_portrait(self._graph, node)

    def described_dumps(self, node: Term) -> dict[str, NamedNode]:
        """Return the distributions of a dataset by the paths of the dumps that they describe."""
        return described_dumps(self._graph, node)

    def ask(self, name: str, this: Term) -> tuple[Answer, ...]:
        """Return the rows of a query in a file beside the template; in it `$this` is a resource."""
        return ask(self._graph, name, this=this)

    def brief(self, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
        """Return one graph for each standing: enough where the page of a thing itself tells all of them."""
        found: dict[Standing, Evidence] = {}
        for each in evidence:
            found.setdefault(each.standing, each)
        return tuple(found.values())

    def other_facts(self, kind: str, content: Content) -> tuple[Section, ...]:
        """Return the sections of a page without what a portrait of this kind tells and without names."""
        return told.other_facts((each for each in content.sections if not each.names), kind=kind)

    def other_glance(self, kind: str, content: Content) -> tuple[Facts, ...]:
        """Return the facts that matter without what a portrait of this kind tells."""
        return told.other_glance(content.glance, kind=kind)

    def other_links(self, kind: str, content: Content) -> tuple[Incoming, ...]:
        """Return what links to a thing without what a portrait of this kind tells."""
        return told.other_links(content.incoming, kind=kind)

    def map_of(self, nodes: Iterable[Term]) -> WorldMap | None:
        """Return a map of the states among some things, None where there is nothing to draw."""
        states = [each for each in nodes if isinstance(each, NamedNode) and STATE in self._graph.types(each)]
        return self._atlas.draw({each: codes_of(self._graph, each) for each in sorted(set(states), key=str)})

    def timeline_of_series(self, series: SeriesPortrait) -> list[Timeline]:
        """Return the timeline of a series of at least two meetings, as pages have room for it."""
        return _timelines(chronicle.lanes_of_series(series)) if len(series.meetings) > 1 else []

    def timeline_of_offices(self, holdings: Iterable[Holding]) -> list[Timeline]:
        """Return the timeline of the holdings of offices, as pages have room for it."""
        return _timelines(chronicle.lanes_of_holdings(holdings))

    def network_of_meeting(self, meeting: MeetingPortrait) -> list[Network]:
        """Return the network of people, offices and parties around a meeting, as pages have room for it."""
        return _networks(chronicle.spokes_of(meeting.participants))

    def network_of_party(self, party: PartyPortrait) -> list[Network]:
        """Return the network of people and offices around a state or an organisation, as pages have room for it."""
        people = (each for appearance in party.appearances for each in appearance.participants)
        return _networks(chronicle.spokes_of(people, party=False))

    def short(self, text: str, room: int) -> str:
        """Return as much of a text as a picture has room for, counted in letters of the Latin script."""
        return shortened(text, room=room)

    def lines(self, text: str, room: int) -> tuple[str, ...]:
        """Return a text as one or two lines of so many letters of the Latin script."""
        return in_two_lines(text, room=room)

    def bars_of(self, whole: Whole) -> Bars | None:
        """Return the bar of the shares of one whole."""
        return draw_bars([each.amount for each in whole.figures if each.amount is not None])


def _timelines(lanes: Sequence[Lane]) -> list[Timeline]:
    """Draw a timeline for a page and for a phone; nothing where nothing has a time."""
    drawn = (timeline.draw_timeline(lanes, width=width) for width in (timeline.WIDE, timeline.NARROW))
    return [each for each in drawn if each]


def _networks(spokes: Sequence[Spoke]) -> list[Network]:
    """Draw a network for a page and for a phone; nothing for fewer than two people."""
    drawn = (network.draw_network(spokes, layout) for layout in (network.WIDE, network.NARROW))
    return [each for each in drawn if each]
