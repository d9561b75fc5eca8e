"""Sorting in memory that does not grow: the same as sorting everything at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.distributions.external_sort import ExternalSort


def head(line: bytes) -> bytes:
    return line[: line.index(b" ") + 1]


LINES = st.lists(
    st.builds(
        lambda name, rest: b"%d %b" % (name, rest),
        st.integers(0, 30),
        st.binary(max_size=6).map(lambda each: each.replace(b"\n", b"")),
    ),
    max_size=60,
)


@given(LINES, st.integers(1, 200))
def test_batches_are_the_lines_in_order(lines: list[bytes], run: int) -> None:
    sorting = ExternalSort(head, run=run)
    for line in lines:
        sorting.add([line], size=len(line))
    batches = list(sorting.batches())
    assert [line for batch in batches for line in batch] == sorted(lines)


@given(LINES, st.integers(1, 200))
def test_lines_with_one_head_are_in_one_batch(lines: list[bytes], run: int) -> None:
    sorting = ExternalSort(head, run=run)
    for line in lines:
        sorting.add([line], size=len(line))
    heads = [head(line) for batch in sorting.batches() for line in {head(line): line for line in batch}.values()]
    assert len(heads) == len(set(heads))


@pytest.mark.parametrize("count", [0, 1, 5_000])
def test_no_batch_is_much_larger_than_a_run(count: int) -> None:
    sorting = ExternalSort(head, run=4_096)
    for number in range(count):
        line = b"%05d a line of some length" % (number * 7919 % count)
        sorting.add([line], size=len(line))
    batches = list(sorting.batches())
    assert max(sum(map(len, batch)) for batch in batches) <= 2 * 4_096
    assert sum(map(len, batches)) == count
