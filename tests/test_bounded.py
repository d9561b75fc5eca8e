"""A cache that does not grow with the data."""

from communique.bounded import LIMIT, Bounded


def test_a_full_cache_starts_again() -> None:
    cache = Bounded[int, int]()
    for number in range(LIMIT + 1):
        cache[number] = number
    assert cache == {LIMIT: LIMIT}
