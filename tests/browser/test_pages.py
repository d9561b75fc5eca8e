"""Pages in a browser: they fit a phone, can be read in light and dark, and stand as they were written."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from toolbox import browser

FLAGS = [
    "--headless",
    "--virtual-time-budget=60000",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
]
DARK = "--blink-settings=preferredColorScheme=0"
COMMENT = re.compile(r"<!.*?>")
PAGES = [
    "index.html",
    "sco.html",
    "sco/meeting/prosecutors-general-19.html",
    "sco/series/prosecutors-general.html",
    "sco/person/tushar-mehta.html",
    "sco/state/ind.html",
    "sco/source/sectsco-796390/e01d.html",
    "sco/interpretation/date-29-october.html",
    "classes/passage.html",
    "ns.html",
    "ns/Meeting.html",
    "shapes/meeting.html",
    "shapes/meeting/Meeting.html",
    "report.html",
    "manual/index.html",
    "manual/documents.html",
]
MISSING = "404.html"
"""What hosts send at any address: its links begin at the root of the host."""
Results = dict[str, dict]
WIDTHS = (320, 360, 768, 1280, 1920)


def dumped(url: str, *flags: str, profile: Path) -> str:
    command = [
        browser(),
        *FLAGS,
        *flags,
        f"--user-data-dir={profile}",
        "--virtual-time-budget=60000",
        "--dump-dom",
        url,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def measured(site: Path, *flags: str, folder: Path, profile: Path) -> Results:
    """Measure the pages in the browser; the page that measures stands in a folder, beside a link to the site."""
    harness = folder / "measure.html"
    shutil.copyfile(Path(__file__).parent / "measure.html", harness)
    (folder / site.name).symlink_to(site)
    missing = (site / MISSING).read_text(encoding="utf-8").replace('="/', f'="{site.name}/')
    (folder / MISSING).write_text(missing, encoding="utf-8")
    task = json.dumps({"pages": [*(f"{site.name}/{page}" for page in PAGES), MISSING], "widths": WIDTHS})
    text = dumped(f"{harness.as_uri()}#{quote(task)}", *flags, profile=profile)
    return json.loads(unescape(re.search(r'<pre id="result">(.*?)</pre>', text, re.DOTALL)[1]))


@pytest.fixture(scope="module", params=["light", "dark"])
def results(request: pytest.FixtureRequest, own_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    flags = [DARK] if request.param == "dark" else []
    folder, profile = tmp_path_factory.mktemp("measured"), tmp_path_factory.mktemp("profile")
    return measured(own_site, *flags, folder=folder, profile=profile) | {"scheme": request.param}


def faults(results: Results, kind: str) -> dict[str, object]:
    return {page: found[kind] for page, found in results.items() if page != "scheme" and found[kind]}


def test_no_page_is_wider_than_the_window(results: Results) -> None:
    assert {page: width for page, width in faults(results, "overflow").items() if width > 0} == {}


def test_nothing_stands_out_of_the_page(results: Results) -> None:
    assert faults(results, "wide") == {}


def test_all_text_has_contrast(results: Results) -> None:
    assert faults(results, "pale") == {}


def test_all_targets_are_large_enough(results: Results) -> None:
    assert faults(results, "small") == {}


def test_no_text_is_tiny(results: Results) -> None:
    assert faults(results, "tiny") == {}


def test_no_font_is_loaded(results: Results) -> None:
    assert faults(results, "fonts") == {}


def test_the_scheme_of_the_reader_is_followed(results: Results) -> None:
    shades = {
        sum(map(int, re.findall(r"\d+", found["scheme"])[:3])) > 384
        for page, found in results.items()
        if page != "scheme"
    }
    assert shades == {results["scheme"] == "light"}


@pytest.mark.parametrize("page", PAGES)
def test_a_browser_mends_nothing(own_site: Path, results: Results, page: str) -> None:
    """What the browser makes of a page has the elements that were written, in their order."""
    written = re.findall(r"<([a-z][a-z0-9]*)", COMMENT.sub("", (own_site / page).read_text(encoding="utf-8")))
    assert results[f"{own_site.name}/{page} 1280"]["elements"] == written
