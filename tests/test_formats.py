"""The table of representations."""

import pytest
from pyoxigraph import RdfFormat

from communique.errors import UsageError
from communique.formats import FORMATS, Format
from communique.syntax import RDF_FORMATS


def test_every_name_extension_and_media_type_leads_back_to_its_format() -> None:
    for format in FORMATS:
        assert FORMATS.by_name(format.name) is format
        assert FORMATS.by_extension(format.extension) is format
        assert FORMATS.by_media_type(format.media_type) is format


@pytest.mark.parametrize(
    ("written", "name"),
    [("ttl", "turtle"), (".ttl", "turtle"), (".TTL", "turtle"), (".owl", "rdfxml"), ("nq", "nquads")],
)
def test_extension_is_known_in_every_spelling(written: str, name: str) -> None:
    found = FORMATS.by_extension(written)
    assert found is not None
    assert found.name == name


def test_name_may_be_an_extension() -> None:
    assert FORMATS.by_name("ttl").name == "turtle"


def test_parameters_of_a_media_type_are_ignored() -> None:
    found = FORMATS.by_media_type('Text/Turtle; charset="utf-8"')
    assert found is not None
    assert found.name == "turtle"


def test_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'excel' is no format: use one of turtle, trig"):
        FORMATS.by_name("excel")


@pytest.mark.parametrize("extension", ["", ".", ".exe"])
def test_unknown_extension_is_no_format(extension: str) -> None:
    assert FORMATS.by_extension(extension) is None


def test_every_rdf_format_has_a_parser_that_agrees_with_the_table() -> None:
    for format in FORMATS.of_kind("rdf"):
        parser = RDF_FORMATS[format.name]
        assert (parser.media_type, parser.supports_datasets) == (format.media_type, format.graphs)
        assert RdfFormat.from_extension(format.extension.removeprefix(".")) == parser


def test_order_of_the_table_is_the_order_of_menus() -> None:
    assert [format.name for format in FORMATS.of_kind("rdf", "document")][:2] == ["turtle", "trig"]


def test_format_is_a_value() -> None:
    assert Format("x", "X", "text/x", ".x", "table") == Format("x", "X", "text/x", ".x", "table")
