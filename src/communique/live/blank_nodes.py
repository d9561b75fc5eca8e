"""Blank nodes from several answers: the same node has the same name, which follows from what is said of it.

A service gives a blank node another name in each answer. Those to which an IRI leads are taken from the answer to the
question what is said of that IRI, and from no other. Those that nothing leads to, such as `[] a owl:Axiom`, are told by
all that is said of them: of two that say the same, one is enough.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad

from communique.live.excerpt import Demand
from communique.store import Store
from communique.syntax.naming import canonical, mentions_blank_node

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pyoxigraph import Dataset

    from communique.live.excerpt import Excerpt
    from communique.store import Term

    Given = Callable[[BlankNode], Iterable[Quad]]

FEW_OWNERS = 50
"""So many owners of blank nodes that lead to something are read as a whole."""
_ROOT = NamedNode("urn:root")


def named(quads: Collection[Quad], *, root: object) -> list[Quad]:
    """Return quads that are all said of a root, with names for their blank nodes that are the same each time."""
    if not any(map(mentions_blank_node, quads)):
        return list(quads)
    start = "r" + hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return [_renamed(quad, start) for quad in canonical(quads)]


def take_owned(excerpt: Excerpt, quads: set[Quad], *, targets: Collection[Term] = ()) -> None:
    """Let an excerpt take quads, but want the owners of blank nodes instead of what is said of these.

    Of very many owners, those that lead to `targets`, it is enough to know who they are: until one is read, what leads
    from it to a target stands for what it says.
    """
    excerpt.take(quad for quad in quads if not mentions_blank_node(quad))
    owned = [(part, _owners(part)) for part in _parts(quads)]
    many = len(set().union(*(owners for _, owners in owned))) > FEW_OWNERS
    alike: Counter[str] = Counter()
    for part, owners in owned:
        way = [quad for quad in part if quad.object in targets or isinstance(quad.object, BlankNode)]
        if not owners:
            excerpt.take(_by_content(part))
        elif many and excerpt.is_of_page and any(quad.object in targets for quad in way):
            excerpt.stand_in(owners, _numbered(way, alike))
        else:
            for owner in owners:
                excerpt.want(Demand(owner))


def _owners(part: Iterable[Quad]) -> set[NamedNode]:
    return {q.subject for q in part if isinstance(q.object, BlankNode) and isinstance(q.subject, NamedNode)}


def by_content(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give those of some quads that have blank nodes, with names for these that follow from what is said of them."""
    for part in _parts(quads):
        yield from _by_content(part)


def _by_content(part: Collection[Quad]) -> list[Quad]:
    known, text = _told(part)
    start = "o" + hashlib.sha256(text.encode()).hexdigest()[:16]
    return [_renamed(quad, start) for quad in known]


def _numbered(part: Collection[Quad], alike: Counter[str]) -> list[Quad]:
    """Return a part with other names than those of parts before that say the same."""
    known, text = _told(part)
    alike[text] += 1
    start = f"w{hashlib.sha256(text.encode()).hexdigest()[:16]}n{alike[text]}x"
    return [_renamed(quad, start) for quad in known]


def _told(part: Collection[Quad]) -> tuple[Dataset, str]:
    known = canonical(part)
    return known, "".join(sorted(f"{quad}\n" for quad in known))


def joined(quads: set[Quad], excerpt: Excerpt, *, targets: Collection[NamedNode]) -> set[Quad]:
    """Return quads in which a blank node that targets something is one of an excerpt of which exactly the same is said.

    Both come from answers of their own. That is one of which an IRI says something that the quads mention.
    """
    known = {
        _content(excerpt.given, each): each
        for node in {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
        for each in {quad.object for quad in excerpt.given(node) if isinstance(quad.object, BlankNode)}
    }
    found = set(quads)
    for part in _parts(quads):
        held, same = Store.of(part), dict[object, BlankNode]()
        for node in {quad.object for quad in part if quad.predicate in targets and isinstance(quad.object, BlankNode)}:
            if (other := known.get(_content(held.quads, node))) is not None:
                same[node] = other
        if same:
            found = found.difference(part).union(_with_others(part, same))
            found = found.union(*(_reached(excerpt.given, each) for each in same.values()))
    return found


def _with_others(part: Collection[Quad], same: Mapping[object, BlankNode]) -> set[Quad]:
    """Return a part in which other blank nodes stand for some, of which it says nothing."""
    led: set[object] = {quad.object for quad in part}
    # By what it says it may be held already, with the former ones.
    name = {node: BlankNode(f"j{node.value}") for quad in part for node in _blank(quad)}
    told = Store.of(Quad(name.get(s, s), p, same.get(o) or name.get(o, o), g) for s, p, o, g in part)
    return set().union(*(_reached(told.quads, name[node]) for node in name.keys() - led))


def _reached(given: Given, root: BlankNode) -> set[Quad]:
    """Return what is said of a blank node, and of those that it leads to."""
    found: set[Quad] = set()
    waiting = [root]
    while waiting:
        fresh = set(given(waiting.pop())) - found
        found |= fresh
        waiting += {quad.object for quad in fresh if isinstance(quad.object, BlankNode)}
    return found


def _content(given: Given, root: BlankNode) -> str:
    """Return what is said of a blank node, however it is called."""
    marked = [Quad(_ROOT if s == root else s, p, _ROOT if o == root else o, g) for s, p, o, g in _reached(given, root)]
    return "".join(sorted(f"{quad}\n" for quad in canonical(marked)))


def ownerless(quads: Iterable[Quad]) -> set[Quad]:
    """Return those quads with blank nodes to which no IRI is known to lead."""
    return {quad for part in _parts(quads) if not _owners(part) for quad in part}


def _parts(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    """Give the quads with blank nodes in parts that share no blank node."""
    of_node: defaultdict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        for term in _blank(quad):
            of_node[term].append(quad)
    seen: set[BlankNode] = set()
    for first in list(of_node):
        if first in seen:
            continue
        part: dict[Quad, None] = {}
        waiting = [first]
        seen.add(first)
        while waiting:
            for quad in of_node[waiting.pop()]:
                part[quad] = None
                fresh = [term for term in _blank(quad) if term not in seen]
                seen.update(fresh)
                waiting += fresh
        yield list(part)


def _blank(quad: Quad) -> list[BlankNode]:
    return [term for term in (quad.subject, quad.object) if isinstance(term, BlankNode)]


def _renamed(quad: Quad, start: str) -> Quad:
    subject, object = (
        BlankNode(start + term.value) if isinstance(term, BlankNode) else term for term in (quad.subject, quad.object)
    )
    return Quad(subject, quad.predicate, object, quad.graph_name)  # type: ignore[arg-type]
