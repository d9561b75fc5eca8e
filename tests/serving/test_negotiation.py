"""The language of a page for a reader (RFC 4647, section 3.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.serving.negotiation import spoken

OFFERS = ("en", "ru", "zh")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("RU", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en;q=0.2, zh-CN;q=0.8", "zh"),
        ("zh-Hant-TW", "zh"),
        ("de, ru;q=0.001", "ru"),
        ("fr", "en"),
        ("*", "en"),
        ("fr, *;q=0.5", "en"),
        ("en;q=0, *", "ru"),
        ("ru;q=0", "en"),
        ("ru-RU, ru;q=0", "en"),
        ("rut", "en"),
        ("ru;level=1", "en"),
        ("ru," * 5000, "en"),
    ],
)
def test_the_language_is_the_one_that_the_reader_likes_best(header: str | None, language: str) -> None:
    assert spoken(header, offers=OFFERS) == language


@given(st.text() | st.lists(st.sampled_from(["ru", "zh-CN", "*", ";q=", "0.5", ",", " ", "en"])).map("".join))
def test_whatever_is_asked_one_of_the_languages_is_sent(header: str) -> None:
    assert spoken(header, offers=OFFERS) in OFFERS
