"""Parameters of a request, as they come in an address or in a form."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.serving.problems import Refusal
from communique.serving.protocol import pairs

TEXT = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("%=&+ \r\n0aF_")))


@given(st.lists(st.tuples(TEXT, TEXT), max_size=20))
def test_what_a_client_writes_is_read(parameters: list[tuple[str, str]]) -> None:
    assert pairs(urlencode(parameters).encode()) == parameters


@given(st.text(alphabet="%%=&+ \r\n09aAfFgz_.", max_size=30))
def test_what_nobody_should_write_is_read_as_by_everybody(encoded: str) -> None:
    try:
        expected = parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(Refusal, match="not UTF-8"):
            pairs(encoded.encode())
    else:
        assert pairs(encoded.encode()) == expected


def test_more_parameters_than_anybody_needs_are_refused() -> None:
    assert len(pairs(b"&".join([b"a=1"] * 100))) == 100
    with pytest.raises(Refusal, match="more than 100 parameters"):
        pairs(b"&".join([b"a=1"] * 101))
