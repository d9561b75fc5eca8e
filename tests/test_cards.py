"""Cards: the picture that others show beside a link to a page."""

import re
from pathlib import Path

import pytest

from communique.errors import ProjectError
from communique.metadata.cards import Card, site_card
from communique.project import Project
from communique.store import Store
from communique.website.site import Site
from made_projects import PREFIXES, build, html, make_site

PICTURE = ':a rdfs:label "A"@en ; {} .\n:other rdfs:label "Other"@en .'
ROOT = Path(__file__).parents[1]
GIVEN = "https://pictures.example/a.jpg"


def told(folder: Path, data: str = "", path: str = "index", **files: str) -> dict[str, str]:
    """Return what a page tells of its picture."""
    page = html(make_site(folder, data, **files), path)
    metas = [each.attributes for each in page.elements if each.tag == "meta"]
    found = {each.get("property") or each.get("name", ""): each.get("content", "") for each in metas}
    return {name: text for name, text in found.items() if re.match("og:image|twitter:card", name)}


def test_a_site_has_the_bundled_picture_in_full(tmp_path: Path) -> None:
    out = build(tmp_path, ':a rdfs:label "A"@en .')
    page = (out / "a.html").read_text(encoding="utf-8")
    (url,) = re.findall('<meta property="og:image" content="([^"]*)">', page)
    assert url.startswith("https://example.org/id/assets/card.")
    picture = (out / url.removeprefix("https://example.org/id/")).read_bytes()
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
    for name, text in {"alt": "Communiqué", "width": "1200", "height": "630"}.items():
        assert f'<meta property="og:image:{name}" content="{text}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def test_the_bundled_picture_is_told_for_what_it_is_in_a_project_of_a_relative_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    project = Project.open(".")
    card = site_card(Site(project, Store.load(project)), assets={"card.png": "card.png"}, address="https://a.org/")
    assert card == Card("https://a.org/card.png", "Communiqué", 1200, 630)


@pytest.mark.parametrize(
    "said",
    [
        f"foaf:depiction <{GIVEN}>",
        f'schema:image "{GIVEN}"',
        f"foaf:logo <https://pictures.example/logo.png> ; schema:image <{GIVEN}>",
        f"schema:image :other ; foaf:img <{GIVEN}>",
        f'schema:image "javascript:alert(1)", <mailto:a@example.org>, [] ; foaf:thumbnail <{GIVEN}>',
    ],
)
def test_a_thing_with_a_picture_of_its_own_shows_that(said: str, tmp_path: Path) -> None:
    assert told(tmp_path, PICTURE.format(said), "a") == {
        "og:image": GIVEN,
        "og:image:alt": "A",
        "twitter:card": "summary",
    }


def test_a_thing_without_one_shows_that_of_the_site(tmp_path: Path) -> None:
    found = told(tmp_path, PICTURE.format("schema:image :other"), "a")
    assert found["og:image"] == "https://example.org/id/assets/card.png"


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("our.png", "https://example.org/id/assets/our.png"),
        (GIVEN, GIVEN),
        ("", "https://example.org/id/assets/card.png"),
    ],
)
def test_a_site_shows_the_picture_that_its_settings_name_or_its_own_file(
    setting: str, url: str, tmp_path: Path
) -> None:
    files = {"site__site_toml": f'picture = "{setting}"'} if setting else {}
    assert told(tmp_path, site__assets__our_png="no PNG", site__assets__card_png="no PNG", **files) == {
        "og:image": url,
        "og:image:alt": "Made up",
        "twitter:card": "summary",
    }


def test_a_site_without_an_address_has_no_picture_of_its_own(tmp_path: Path) -> None:
    data = '<ark://x/d> a dcat:Dataset ; void:uriSpace "ark://x/" . <ark://x/a> rdfs:label "A" .'
    assert "og:image" not in told(tmp_path, data__data_trig=PREFIXES + data)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('picture = "none.png"', "site.toml: picture: there is no site/assets/none.png"),
        ('picture = "../site.toml"', "there is no site/assets/../site.toml"),
        ('picture = "ftp://example.org/a.png"', "must be the name of a file in site/assets"),
        ("picture = true", "must be the name of a file in site/assets"),
    ],
)
def test_a_picture_that_is_not_there_is_an_error(setting: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=re.escape(message)):
        told(tmp_path, site__site_toml=setting)
