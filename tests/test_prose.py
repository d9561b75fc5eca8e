"""Pages written in Markdown become titles, anchors and safe HTML."""

from communique.website.prose import Heading, Prose, read_prose


def read(text: str) -> Prose:
    return read_prose(text, fallback_title="fallback")


def test_the_first_heading_is_the_title() -> None:
    page = read("# Ask the *graph*\n\nText.\n")
    assert (page.title, page.html) == ("Ask the graph", "<p>Text.</p>\n")


def test_a_page_without_a_heading_takes_the_given_title() -> None:
    assert read("Text.\n").title == "fallback"


def test_an_empty_page_is_a_page() -> None:
    assert read("") == Prose("fallback", "", (), "")


def test_the_first_paragraph_is_the_summary() -> None:
    assert read("# T\n\nOne `two`\nthree.\n\nFour.\n").summary == "One two three."


def test_sections_have_anchors_of_their_own() -> None:
    assert read("## Same\n\n## Same\n").headings == (Heading("Same", "same"), Heading("Same", "same-2"))


def test_an_anchor_keeps_the_letters_of_any_script() -> None:
    assert read("## Ключ 密\n").headings[0].anchor == "ключ-密"


def test_an_anchor_begins_with_a_letter() -> None:
    assert read("## 1. Begin\n\n## !\n").headings == (Heading("1. Begin", "section-1-begin"), Heading("!", "section"))


def test_links_between_pages_become_links_between_documents() -> None:
    assert '<a href="check.html#rules">' in read("[x](check.md#rules)\n").html


def test_links_elsewhere_stay() -> None:
    assert '<a href="https://example.org/a.md">' in read("[x](https://example.org/a.md)\n").html


def test_html_is_shown_as_text() -> None:
    assert "<script>" not in read("<script>alert(1)</script>\n\na <b onclick=x>b</b>\n").html


def test_a_script_is_never_a_link() -> None:
    assert "<a" not in read("[x](javascript:alert(1)) [y](data:text/html,x) [z](vbscript:x)\n").html


def test_a_wide_block_can_be_scrolled_by_the_keyboard() -> None:
    assert 'tabindex="0"' in read("```console\n$ communique build\n```\n").html
