"""The page of a document: its passages in order, and the text itself where the owner of the site supplies it."""

import hashlib
import re
from pathlib import Path

import pytest

from communique.formats import HTML
from communique.portraits.sources import Excerpt, paragraphs
from html_pages import Page
from made_projects import make_site, page_at, renderer, renderer_of

TEXT = "The council met on 3 May.\nAda said: “Count <all> boats. Mend nets.”\n\nThey agreed.\n"
MARKED = re.compile(r'<mark class="depth-(\d)">(.*?)</mark>')


def passage(name: str, words: str) -> str:
    start = TEXT.index(words)
    return (
        f':{name} a cmq:Passage ; skos:notation "{name.upper()}" ; cmq:inDocument :doc ;'
        f' cmq:gist "Gist of {name}."@en ;'
        f" oa:start {start} ; oa:end {start + len(words)} .\n"
    )


DATA = (
    "GRAPH :register { :register a cmq:Register .\n"
    f':doc a cmq:SourceDocument ; rdfs:label "Report"@en ; cmq:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" .\n'
    + passage("e3", "They agreed.")
    + passage("e1", "The council met on 3 May.")
    + passage("e1d", "3 May")
    + passage("e2", "Ada said: “Count <all> boats. Mend nets.”")
    + passage("e2b", "<all> boats. Mend")
    + passage("e2c", "Mend nets.")
    + ":whole a cmq:ExternalReport ; cmq:inDocument :doc ; rdfs:label 'All of it'@en . }\n"
    "GRAPH :e1 { :m a cmq:Meeting ; cmq:ordinal 1 }\n"
)


def made(folder: Path, *, text: str | None) -> str:
    if text is not None:
        (folder / "data" / "deep" / "sources").mkdir(parents=True)
        (folder / "data" / "deep" / "sources" / "report.txt").write_text(text, encoding="utf-8", newline="")
    site = make_site(folder, DATA)
    return renderer_of(site).render(page_at(site, "doc"), HTML).decode()


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(tmp_path_factory.mktemp("marked"), text=TEXT)


def test_passages_stand_in_the_order_of_the_text_and_outer_ones_first(tmp_path: Path) -> None:
    (listed,) = Page(made(tmp_path, text=None)).all("ol", class_="passages")
    assert re.findall(r"Gist of (\w+)\.", listed.text) == ["e1", "e1d", "e2", "e2b", "e2c", "e3"]
    assert "2 statements" in listed.text and "states nothing" in listed.text


def test_without_the_text_there_is_the_list_alone(tmp_path: Path) -> None:
    page = Page(made(tmp_path, text=None))
    assert "The text" not in page.text and "council" not in page.text and page.faults == []


def test_a_text_that_is_not_the_one_of_the_hash_is_not_shown(tmp_path: Path) -> None:
    assert "council" not in made(tmp_path, text=TEXT + "More.")


def test_the_text_is_shown_in_full_as_it_is(marked: str) -> None:
    (shown,) = Page(re.sub('<a class="opens".*?</a>', "", marked)).all("div", class_="source")
    assert " ".join(shown.text.split()) == " ".join(TEXT.split()) and Page(marked).faults == []


def test_passages_within_and_across_one_another_are_all_marked(marked: str) -> None:
    runs = MARKED.findall(marked)
    assert [depth for depth, text in runs if text == "3 May"] == ["2"]
    assert [depth for depth, text in runs if text == "Mend"] == ["3"]
    assert ("1", "Ada said: “Count ") in runs and ("2", " nets.") in runs


def test_text_and_list_link_both_ways(marked: str) -> None:
    page = Page(marked)
    for name in ("e1", "e1d", "e2", "e2b", "e2c", "e3"):
        assert f'id="site-text-{name}" href="#site-passage-{name}"' in marked
        assert f"site-passage-{name}" in page.ids and f'href="#site-text-{name}"' in marked


def test_what_a_document_says_as_a_whole_is_named(marked: str) -> None:
    assert "All of it" in Page(marked).text


def test_a_passage_tells_its_neighbours(tmp_path: Path) -> None:
    site = make_site(tmp_path, DATA)
    told = Page(renderer(site).render(page_at(site, "e2b"), HTML).decode()).text
    assert re.search(r"Before it\s*e1d: Gist.*After it\s*e3: Gist.*Part of\s*e2: Gist", told, re.DOTALL)


def test_a_text_of_many_passages_is_cut_once_at_each_end() -> None:
    class Anything:
        notations = ()

    many = [Excerpt(Anything(), start, start + 5, 0, str(start)) for start in range(0, 1000, 3)]  # type: ignore[arg-type]
    ((*runs,),) = paragraphs("x" * 1005, many)
    assert "".join(run.text for run in runs) == "x" * 1005 and len(runs) < 700


def test_white_space_and_line_ends_of_all_kinds_keep_the_offsets() -> None:
    text = "a\u00a0b\r\n\r\nc\u2028d"
    many = [Excerpt(None, text.index("c"), text.index("c") + 1, 0, "c")]  # type: ignore[arg-type]
    runs = [run for runs in paragraphs(text, many) for run in runs]
    assert [run.text for run in runs if run.covers] == ["c"]
