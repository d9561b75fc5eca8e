"""What a reader sees of a literal, whatever the data say."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from communique.legibility import NAME, TEXT, legible, legible_name
from communique.literals import LIMIT, RDF, XSD, Kind, LiteralView, safe_url, view_literal


def view(value: str, datatype: str | None = None) -> LiteralView:
    return view_literal(Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value))


def xsd(value: str, name: str) -> LiteralView:
    return view(value, XSD + name)


def test_a_language_is_kept() -> None:
    assert view_literal(Literal("привет", language="ru")).language == "ru"


def test_the_lexical_form_of_a_number_stays_at_hand() -> None:
    assert xsd("21000000", "integer").value == "21000000"


def test_a_number_of_ten_thousand_digits_is_shown() -> None:
    assert xsd("9" * 10_000, "integer").text == "9" * 10_000


def test_a_date_is_a_time() -> None:
    assert xsd("2021-10-29", "date").kind is Kind.TIME


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("abc", "integer"),
        ("2021-13-01", "date"),
        ("maybe", "boolean"),
        ("1,5", "decimal"),
        ("21", "gYear"),
        ("2021-10-29", "dateTime"),
        ("P", "duration"),
        ("xyz", "hexBinary"),
        ("", "integer"),
    ],
)
def test_an_ill_typed_literal_is_marked_and_shown_as_written(value: str, name: str) -> None:
    shown = xsd(value, name)
    assert (shown.ill_typed, shown.kind, shown.text, shown.datatype) == (True, Kind.TEXT, value, XSD + name)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("+5", "integer"),
        ("-1.5E3", "double"),
        ("INF", "float"),
        ("0", "boolean"),
        ("2021-10-29Z", "date"),
        ("2021-10-29T20:17:00+05:30", "dateTime"),
        ("2021", "gYear"),
        ("2021-10", "gYearMonth"),
        ("P1DT2H", "duration"),
        (" 5 ", "integer"),
    ],
)
def test_a_well_typed_literal_is_not_marked(value: str, name: str) -> None:
    assert not xsd(value, name).ill_typed


def test_a_datatype_that_says_more_is_shown() -> None:
    assert view("IND", "https://example.org/alpha3").datatype == "https://example.org/alpha3"


def test_a_safe_address_is_a_link() -> None:
    assert xsd("https://example.org/", "anyURI").kind is Kind.URL


@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//host/x",
        "x",
        "https://example.org/\u202egnp.exe",
        "https://example.org/a b",
        "blob:https://example.org/x",
        " javascript:x",
        "http:x",
    ],
)
def test_other_addresses_are_text(iri: str) -> None:
    assert (safe_url(iri), xsd(iri, "anyURI").kind) == (None, Kind.TEXT)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<form action=//evil><input></form>",
        "<svg onload=alert(1)>",
        "<iframe src=//evil></iframe>",
        "<meta http-equiv=refresh content=0>",
        "<base href=//evil>",
        "<a href=javascript:alert(1)>x</a>",
        "<style>*{display:none}</style>",
        "<p style=position:fixed>x</p>",
        "<math><mtext></form><form>",
        "<link rel=stylesheet href=//evil>",
    ],
)
def test_html_is_cleaned(html: str) -> None:
    text = view(html, RDF + "HTML").text.lower()
    assert not any(
        word in text
        for word in (
            "script",
            "<img",
            "onload",
            "onerror",
            "<form",
            "<svg",
            "<iframe",
            "<meta",
            "<base",
            "style",
            "<link",
            "<math",
        )
    )


def test_harmless_html_stays() -> None:
    assert view("<p>a <em>b</em></p>", RDF + "HTML").text == "<p>a <em>b</em></p>"


def test_xml_is_text() -> None:
    assert view("<a onclick='x'/>", RDF + "XMLLiteral").kind is Kind.TEXT


def test_a_long_literal_is_cut_and_says_how_long_it_was() -> None:
    shown = view("x" * 1_000_000)
    assert (shown.cut, len(shown.text), shown.length) == (True, LIMIT, 1_000_000)


def test_long_html_is_cut_and_becomes_text() -> None:
    assert view("<b>" * LIMIT, RDF + "HTML").kind is Kind.TEXT


def test_control_characters_are_seen() -> None:
    assert view("a\x00b\x1b[31m\x85").text == "a␀b␛[31m[U+0085]"


def test_a_direction_override_is_seen() -> None:
    assert view("abc\u202edef").text == "abc[U+202E]def"


def test_marks_that_scripts_need_stay_in_text() -> None:
    assert legible("می\u200cخواهم") == "می\u200cخواهم"


def test_nothing_invisible_stays_in_names() -> None:
    assert legible_name("a\u200bb\u2066c\nd") == "a[U+200B]b[U+2066]c d"


@given(st.text())
def test_legible_text_is_legal_in_html(text: str) -> None:
    assert not any((ord(c) < 0x20 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 for c in legible(text))


@given(st.text())
def test_legible_is_idempotent(text: str) -> None:
    assert legible(legible(text)) == legible(text)


def test_what_python_can_print_hides_nothing() -> None:
    # Text that can be printed is not looked through letter by letter.
    letters = map(chr, range(sys.maxunicode + 1))
    assert [letter for letter in letters if letter.isprintable() and (NAME.search(letter) or TEXT.search(letter))] == []
