"""Linking: things of another dataset that may be things of ours, by their names, as proposals for a person to confirm.

Nothing is asserted: a proposal is a row of a mapping set that no person answers for yet (`communique.syntax.mappings`).
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.alignment.mapping_tables import Proposal, append, begin
from communique.descriptions.outward import RELATIONS, sameness
from communique.errors import UsageError
from communique.formats import SSSOM as FORMAT
from communique.lookup.matching import LEAD, Wanted, candidates
from communique.lookup.name_source import names_of
from communique.lookup.names import Entry, Names, write
from communique.syntax.mappings import SSSOM
from communique.syntax.sources import opened
from communique.syntax.sssom import read_mappings
from communique.website.browsing import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from communique.alignment.foreign_things import Thing
    from communique.project import Project
    from communique.website.site import Site

LEAST = 90.0
"""The least score of a proposal: below it more are wrong than right."""
MOST_NAMES, MOST_EACH = 30, 3
UNSPECIFIED_LICENCE = SSSOM + "license/unspecified"
"""What SSSOM prescribes where nobody says (slot `license`)."""


def propose(
    site: Site,
    *,
    things: Mapping[str, Thing],
    file: Path,
    types: Sequence[NamedNode] = (),
    their_types: Sequence[str] = (),
    predicate: NamedNode | None = None,
    least: float = LEAST,
) -> list[Proposal]:
    """Return proposals for the things of a site, of `types` if there are any, that may be among these things of a file.

    Without `predicate` concepts match (`skos:exactMatch`), and other things are the same (`owl:sameAs`). What the data
    link already is left out. Raises UsageError if there is no thing of such a type, here or there.
    """
    ours = _ours(site, types)
    known = {(quad.subject, quad.object) for relation in RELATIONS for quad in site.store.quads(None, relation)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.sqlite"
        write(path, _entries(things, their_types, file), about={"base": ""}, terms=())
        with Names(path, seconds=24 * 3600) as index:
            found = [
                Proposal(node, site.labels.of(node).text, predicate or sameness(site.store, node), other, label, score)
                for node in ours
                for other, label, score in _best(index, names_of(site.store, node), least - LEAD)
            ]
    new = (each for each in found if each.score >= least and (each.subject, each.object) not in known)
    rivals = _rivals(found)
    return [replace(each, rivals=tuple(rivals(each))) for each in new]


def place_of(named: Path | None, *, project: Project, file: Path) -> Path:
    """Return where the proposals for a file are saved: where it is named, else among the mapping sets of the project.

    Raises UsageError for a name by which no build would read them.
    """
    if named is None:
        return project.root / "data" / "mappings" / (file.name.partition(".")[0] + FORMAT.extension)
    if not named.name.endswith(FORMAT.extension):
        better = named.with_name(named.name.partition(".")[0] + FORMAT.extension)
        raise UsageError(f"{named}: no build reads a mapping set of such a name. Write --out {better}")
    return named


def save(site: Site, proposals: Iterable[Proposal], *, path: Path) -> int:
    """Write proposals to a mapping set, after the rows that it has, and return how many are new.

    A pair that the set has already, whether confirmed, denied or neither, is not proposed again. Raises DataError if
    the file is no mapping set.
    """
    new = list(proposals)
    if path.exists():
        with opened(path) as stream:
            content = stream.read()
        found = read_mappings(content, path)
        pairs = {(row.subject, row.object) for row in found.rows}
        new = [each for each in new if (each.subject, each.object) not in pairs]
        if new:
            append(path, content, new, found=found, known=site.store.prefixes.chosen)
    elif new:
        licence = site.licence.value if site.licence else UNSPECIFIED_LICENCE
        name = path.name.partition(".")[0]
        begin(path, new, iri=f"{site.catalog.base}mapping/{name}", licence=licence, known=site.store.prefixes.chosen)
    return len(new)


def _ours(site: Site, types: Sequence[NamedNode]) -> list[NamedNode]:
    for cls in types:
        if cls not in site.classes:
            names = ", ".join(sorted(str(site.store.prefixes.curie(each.value) or each.value) for each in site.classes))
            raise UsageError(f"there is nothing of the type {cls.value}. There are {names}")
    wanted = types or [cls for cls in site.classes if cls not in EVIDENCE]
    return sorted({node for cls in wanted for node in site.classes[cls].members}, key=lambda node: node.value)


def of_types(things: Mapping[str, Thing], types: Sequence[str]) -> dict[str, Thing]:
    """Return those of the things that are of one of these types, all of them where none is named."""
    return {iri: each for iri, each in things.items() if not types or any(type_ in each.types for type_ in types)}


def _entries(things: Mapping[str, Thing], types: Sequence[str], file: Path) -> Iterator[Entry]:
    chosen = of_types(things, types)
    for iri, thing in sorted(chosen.items()):
        kinds = dict.fromkeys(thing.types, True)
        yield Entry(iri, "", next(iter(thing.names)), kinds, thing.names, (), ())
    if not chosen:
        every = ", ".join(sorted({each for thing in things.values() for each in thing.types})[:20])
        remedy = f"Its types are {every}" if every else "It gives none: leave --their-type out"
        raise UsageError(f"{file}: has nothing of the type {' or '.join(types)} with a name. {remedy}")


def _rivals(proposals: Iterable[Proposal]) -> Callable[[Proposal], Iterator[NamedNode]]:
    """Return what gives the things, ours or theirs, that a proposal could as well be about: for these no name decides.

    So are known links, which are no proposals in the end: whoever has the name already shares it all the same.
    """
    sharing = defaultdict(list)
    for each in proposals:
        sharing[True, each.subject].append((each.score, each.object))
        sharing[False, each.object].append((each.score, each.subject))

    def near(found: Proposal) -> Iterator[NamedNode]:
        for key, itself in (((True, found.subject), found.object), ((False, found.object), found.subject)):
            yield from (node for score, node in sharing[key] if node != itself and score > found.score - LEAD)

    return near


def _best(index: Names, names: Sequence[str], least: float) -> list[tuple[NamedNode, str, float]]:
    found: dict[str, tuple[float, str]] = {}
    for name in names[:MOST_NAMES]:
        for each in candidates(index, Wanted(name=name, limit=MOST_EACH)):
            if each.score >= least and each.score > found.get(each.resource.iri, (0.0, ""))[0]:
                found[each.resource.iri] = each.score, each.resource.name
    ranked = sorted(found.items(), key=lambda each: (-each[1][0], each[0]))[:MOST_EACH]
    return [(NamedNode(iri), label, score) for iri, (score, label) in ranked]
