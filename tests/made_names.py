"""Made-up indexes of a few names."""

from collections.abc import Iterable
from pathlib import Path

from communique.lookup.matching import Candidate, Wanted, candidates
from communique.lookup.names import Entry, Names, write

BASE = "https://example.org/id/"
PERSON, EVENT, BODY = (
    *("http://xmlns.com/foaf/0.1/Person", "https://schema.org/Event", "http://www.w3.org/ns/org#Organization"),
)


def found_among(folder: Path, asked: str, names: Iterable[str | tuple[str, ...]], cls: str) -> list[Candidate]:
    """Return what is found for a name among things that have these names, all of one class."""
    every = [(each,) if isinstance(each, str) else each for each in names]
    entries = [Entry(f"{BASE}{n}", "", each[0], {cls: True}, each, (), ()) for n, each in enumerate(every)]
    write(folder / "names.sqlite", entries, about={"base": BASE}, terms=())
    with Names(folder / "names.sqlite") as index:
        return candidates(index, Wanted(name=asked))


def best_of_one(folder: Path, asked: str, name: str, cls: str = "https://example.org/Thing") -> Candidate:
    """Return what is found for a name where there is nothing but one thing."""
    return found_among(folder, asked, [name], cls)[0]


def matched_among(folder: Path, asked: str, names: Iterable[str | tuple[str, ...]], cls: str) -> str | None:
    """Return the first name of the thing that a name certainly means, if there is one."""
    return next((each.resource.name for each in found_among(folder, asked, names, cls) if each.match), None)
