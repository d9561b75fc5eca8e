"""CURIEs are spelt on pages as in the data, whose case counts; labels in words begin with a capital."""

from typing import Any

import pytest
from toolbox import drive, static_host

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from made_projects import DATASET, PREFIXES

DATA = """
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
:one a sosa:Sensor ; rdfs:label "one"@en ; geo:lat 4.5 ; :level 3 ; sosa:isHostedBy :two .
:two a sosa:Platform ; rdfs:label "two"@en .
:level rdfs:label "level"@en .
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("curies")
    (folder / "data").mkdir()
    (folder / "data/data.trig").write_text(PREFIXES + DATASET + DATA, encoding="utf-8")
    build(Project.open(folder), out=folder / "public", progress=Progress(quiet=True))
    with static_host(folder / "public") as origin:
        pages = ["one.html", "two.html", "index.html", "classes/sensor.html"]
        found: dict[str, Any] = drive("curies.mjs", {"origin": origin, "pages": pages, "widths": [1280, 360]})
    return found


@pytest.mark.parametrize("width", [1280, 360])
def test_a_curie_keeps_its_letters(names: dict[str, Any], width: int) -> None:
    assert {"geo:lat", "sosa:isHostedBy", "sosa:Sensor"} <= set(names[f"one.html {width}"])
    assert any(each.startswith("sosa:isHostedBy") for each in names[f"two.html {width}"])
    assert "sosa:Sensor" in names[f"index.html {width}"]
    assert any(each.startswith("sosa:Sensor") for each in names[f"classes/sensor.html {width}"])


def test_words_begin_with_a_capital(names: dict[str, Any]) -> None:
    assert "Level" in names["one.html 1280"]
