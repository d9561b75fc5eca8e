"""Pictures: maps, timelines, networks and bars: well-formed, bounded, and told in words as well."""

import json
import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from communique.errors import ProjectError
from communique.formats import HTML
from communique.pictures.bars import draw_bars
from communique.pictures.lettering import in_two_lines, shortened
from communique.pictures.network import MOST, NARROW, Spoke, draw_network
from communique.pictures.projection import equal_earth, simplified
from communique.pictures.timeline import Hole, Lane, Moment, Span, draw_timeline
from communique.pictures.topology import Topology, read_topology
from communique.pictures.world_map import WorldMap, draw_map
from communique.project import bundled_folder
from html_pages import Page
from made_meeting import REGISTER
from made_projects import BASE, make_site, page_at, renderer, renderer_of

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
BORDERS = bundled_folder() / "site" / "maps" / "countries.json"


def node(name: object) -> NamedNode:
    return NamedNode(f"{BASE}{name}")


@pytest.fixture(scope="module")
def world() -> Topology:
    return read_topology(BORDERS)


def drawn(world: Topology, *codes: str) -> WorldMap:
    found = draw_map(world, {node(code): (code,) for code in codes})
    assert found is not None
    return found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    site = make_site(tmp_path_factory.mktemp("council"), REGISTER)
    return renderer_of(site).render(page_at(site, "m4"), HTML).decode()


# Maps


def test_a_state_is_known_by_any_of_its_codes(world: Topology) -> None:
    outlines = {drawn(world, code).marked[0].path for code in ("356", "IN", "IND", "ind")}
    assert len(outlines) == 1


def test_a_small_state_is_a_dot(world: Topology) -> None:
    malta, singapore = drawn(world, "MLT"), drawn(world, "SGP", "IDN")
    assert malta.marked[0].dot and malta.marked[0].path == ""
    assert [each.dot is not None for each in singapore.marked] == [True, False]


def test_every_member_of_the_united_nations_has_borders_or_a_dot(world: Topology) -> None:
    for code in ("AND", "BHR", "FSM", "KIR", "LIE", "MCO", "NRU", "SMR", "TUV", "VAT", "USA", "RUS", "FJI", "ATA"):
        assert world.find((code,)), code


def test_states_on_both_sides_of_the_date_line_stand_side_by_side(world: Topology) -> None:
    found = drawn(world, "FJI", "WSM")
    xs = [each.dot[0] if each.dot else int(re.search(r"\d+", each.path)[0]) for each in found.marked]
    assert abs(xs[0] - xs[1]) < 500
    assert all(0 <= x <= found.width for x in xs)


def test_states_round_the_world_are_shown_on_a_map_of_the_world(world: Topology) -> None:
    found = drawn(world, "USA", "CHN", "BRA", "AUS")
    assert found.width / found.height > 2


def test_a_map_is_drawn_as_far_as_its_states_reach(world: Topology) -> None:
    assert len(drawn(world, "MLT").land) < len(drawn(world, "IND", "RUS", "CHN").land) < 12_000


def test_nothing_of_a_map_stands_outside_of_it(world: Topology) -> None:
    for codes in (("RUS",), ("IND", "KAZ"), ("USA", "CHN", "BRA", "AUS"), ("FJI",), ("ATA",)):
        found = drawn(world, *codes)
        for path in [found.land, *(each.path for each in found.marked)]:
            for ring in path.split("M")[1:]:
                x = y = 0
                for dx, dy in re.findall(r"(-?\d+)[ ]?(-?\d+)", ring):
                    x, y = x + int(dx), y + int(dy)
                    assert 0 <= x <= found.width and 0 <= y <= found.height


def test_what_has_no_borders_is_named(world: Topology) -> None:
    found = draw_map(world, {node("a"): ("IND",), node("b"): ("XXX",), node("c"): ()})
    assert found is not None and found.missing == (node("b"), node("c"))
    assert draw_map(world, {node("b"): ("XXX",)}) is None


def test_a_map_is_the_same_each_time(world: Topology) -> None:
    assert drawn(read_topology(BORDERS), "IND", "RUS") == drawn(world, "IND", "RUS")


def test_the_owner_replaces_the_borders(tmp_path: Path) -> None:
    square = {"type": "Topology", "arcs": [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]]}
    square["objects"] = {
        "all": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0]], "id": "470"}]}
    }
    (tmp_path / "site" / "maps").mkdir(parents=True)
    (tmp_path / "site" / "maps" / "countries.json").write_text(json.dumps(square))
    site = make_site(tmp_path, REGISTER)
    made = renderer(site).render(page_at(site, "malta"), HTML).decode()
    assert 'class="here"' in made and 'class="land" d=""' in made


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"objects":{}}',
        '{"objects":{"a":{"type":"Polygon","arcs":[[7]]}},"arcs":[]}',
        '{"objects":1,"arcs":[]}',
    ],
)
def test_borders_that_are_no_topojson_are_refused_with_a_remedy(tmp_path: Path, content: str) -> None:
    path = tmp_path / "countries.json"
    path.write_text(content)
    with pytest.raises(ProjectError, match=r"countries\.json: is no TopoJSON of countries .* Put a TopoJSON file"):
        read_topology(path)


def test_the_projection_keeps_areas() -> None:
    """A degree by a degree is as large on the map as on the globe, but for one factor."""

    def area(latitude: float) -> float:
        corners = [equal_earth(x, y) for x, y in ((0, latitude), (1, latitude), (1, latitude + 1), (0, latitude + 1))]
        pairs = zip(corners, corners[1:] + corners[:1], strict=True)
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2

    from math import cos, radians

    ratios = [area(latitude) / cos(radians(latitude + 0.5)) for latitude in (0, 30, 60, 80)]
    assert max(ratios) / min(ratios) == pytest.approx(1, abs=0.01)


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-85, 85)), min_size=1, max_size=30))
def test_a_simplified_line_keeps_its_ends_and_adds_no_point(line: list[tuple[float, float]]) -> None:
    found = simplified(line, tolerance=1)
    assert (found[0], found[-1]) == (line[0], line[-1]) and set(found) <= set(line)


# Timelines


def test_labels_that_would_overlap_go_higher_and_then_are_left_out() -> None:
    line = draw_timeline([Lane(None, tuple(Moment(node(n), 2000 + n / 100, f"meeting {n}") for n in range(9)))])
    assert line is not None
    shown = [dot for dot in line.lanes[0].dots if dot.label]
    assert len({dot.label_y for dot in shown}) > 1 and len(shown) < 9


def test_a_span_without_an_end_is_open() -> None:
    line = draw_timeline([Lane(node("office"), (Moment(node("m"), 2021.5, "1"),), (Span(node("h"), 2019.0, None),))])
    assert line is not None and line.lanes[0].bars[0].open_end and not line.lanes[0].bars[0].open_start


def test_what_has_no_time_has_no_timeline() -> None:
    assert (
        draw_timeline([Lane(None)]) is None
        and draw_timeline([Lane(node("o"), (), (Span(node("h"), None, None),))]) is None
    )


def test_a_thousand_moments_make_a_bounded_picture() -> None:
    moments = tuple(Moment(node(n), 1000 + n, str(n)) for n in range(1000))
    holes = tuple(Hole(1000 + n, 1001 + n, "?") for n in range(999))
    line = draw_timeline([Lane(None, moments, (), holes)])
    assert line is not None and len(line.lanes[0].dots) == 200 and line.more == 800 and len(line.lanes[0].holes) < 200
    assert len(line.years) < 20


def test_on_a_phone_years_have_room_too() -> None:
    moments = tuple(Moment(node(n), 2002 + n, str(n)) for n in range(20))
    line = draw_timeline([Lane(None, moments)], width=320)
    assert line is not None and all(dot.x <= 320 for dot in line.lanes[0].dots)
    assert all(right - left >= 40 for (_, left), (_, right) in pairwise(line.years))


# Lettering


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Solicitor General", "Solicitor…"),
        ("Юлдашев", "Юлдашев"),
        ("最高人民检察院检察长", "最高人民…"),
        ("Zhang Jun", "Zhang Jun"),
        ("a Generalstaatsanwalt", "a General…"),
        ("Office of the Prosecutor", "Office of…"),
    ],
)
def test_a_text_is_cut_where_its_room_ends_whatever_its_script(text: str, shown: str) -> None:
    assert shortened(text, room=10) == shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Zhang Jun", ("Zhang Jun",)),
        ("Solicitor General", ("Solicitor", "General")),
        ("Secretary-General of the SCO", ("Secretary-", "General…")),
        ("Generalstaatsanwalt", ("Generalst…",)),
        ("最高人民检察院检察长", ("最高人民检", "察院检察长")),
    ],
)
def test_a_text_without_room_goes_on_in_a_second_line(text: str, lines: tuple[str, ...]) -> None:
    assert in_two_lines(text, room=10) == lines


# Networks


def test_what_people_share_is_drawn_once() -> None:
    net = draw_network([Spoke(node(n), node("office"), node("party")) for n in range(3)])
    assert net is not None
    assert [spot.kind for spot in net.spots].count("party") == [spot.kind for spot in net.spots].count("office") == 1


def test_a_network_holds_forty_things_at_most_and_tells_the_rest() -> None:
    net = draw_network([Spoke(node(n), node(f"office-{n}"), node(f"party-{n}")) for n in range(1000)])
    assert net is not None and len(net.spots) < MOST and net.more == 1000 - 13


def test_nobody_stands_upon_another() -> None:
    net = draw_network([Spoke(node(n), node(f"office-{n}"), node(f"party-{n}")) for n in range(13)])
    assert net is not None
    people = [(spot.x < net.x, spot.y) for spot in net.spots if spot.kind == "person"]
    assert len(set(people)) == 13


@pytest.mark.parametrize("parties", [1, 3, 5, 13])
def test_names_in_a_network_stand_upon_no_other_thing(parties: int) -> None:
    """The name of a party stands above it, two lines high; no other party and no office is there."""
    net = draw_network([Spoke(node(n), node(f"office-{n}"), node(f"party-{n % parties}")) for n in range(13)])
    assert net is not None
    found = [spot for spot in net.spots if spot.kind == "party"]
    for left in (True, False):
        heights = sorted(spot.y for spot in found if spot.left == left)
        assert all(below - above >= 39 for above, below in pairwise(heights))
    assert all(abs(spot.x - net.x) < 100 for spot in found)
    assert all(abs(spot.x - net.x) > 130 for spot in net.spots if spot.kind == "office")
    assert all(20 <= spot.y <= net.height - 20 for spot in net.spots)


def test_on_a_phone_all_people_stand_on_one_side_with_room_for_their_names() -> None:
    net = draw_network([Spoke(node(n), node(f"office-{n}"), node(f"party-{n}")) for n in range(10)], NARROW)
    assert net is not None and net.width == 320
    people = [spot for spot in net.spots if spot.kind == "person"]
    assert len({spot.y for spot in people}) == 10 and all(net.x < spot.x < 150 and not spot.left for spot in people)


def test_one_person_is_no_network() -> None:
    assert draw_network([Spoke(node(1), None, None)]) is None


# Bars


def test_shares_fill_the_bar_as_far_as_they_go() -> None:
    bars = draw_bars([Decimal(55), Decimal(31), Decimal(12)])
    assert bars is not None and bars.rest is not None
    assert [part.width for part in bars.parts] == [352, 198, 77] and bars.rest.width == 13


def test_shares_beyond_the_whole_show_where_the_whole_ends() -> None:
    bars = draw_bars([Decimal(80), Decimal(80)])
    assert bars is not None and bars.rest is None and bars.hundred == bars.width * 5 // 8


@pytest.mark.parametrize("shares", [[], [Decimal(0)], [Decimal("1e9")]])
def test_what_is_no_share_is_no_bar(shares: list[Decimal]) -> None:
    assert draw_bars(shares) is None


def test_a_thousand_shares_make_a_bounded_bar() -> None:
    bars = draw_bars([Decimal("0.1")] * 1000)
    assert bars is not None and len(bars.parts) == 60 and bars.more == 940


# On pages


def test_pictures_are_well_formed_and_have_a_title_and_a_description(page: str) -> None:
    pictures = [ET.fromstring(each) for each in SVG.findall(page)]
    assert len(pictures) == 4  # a map, a network for a page and for a phone, a bar
    for each in pictures:
        names = each.get("aria-labelledby", "").split()
        found = {inner.get("id"): inner.text for inner in each.iter()}
        assert each.get("role") == "img" and len(names) == 2 and all(found[name] for name in names)


def test_a_picture_has_no_style_of_its_own_and_nothing_to_follow(page: str) -> None:
    for each in SVG.findall(page):
        assert "style" not in each and "href" not in each and "<a" not in each


def test_what_a_map_shows_is_told_beside_it_with_a_disclaimer(page: str) -> None:
    (caption,) = [each.text for each in Page(page).all("figcaption") if "borders" in each.text]
    assert "Malta" in caption and "Chad" in caption and "take no side" in caption


def test_names_in_pictures_are_escaped(tmp_path: Path) -> None:
    site = make_site(tmp_path, REGISTER.replace('"Ada Moss"@en', '"<b>Ada & co"@en'))
    made = renderer(site).render(page_at(site, "m4"), HTML).decode()
    assert "<b>Ada" not in made and all(ET.fromstring(each) is not None for each in SVG.findall(made))
