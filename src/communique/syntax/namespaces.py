"""Prefixes that a project declares, those of its files, and one for each namespace that has none.

Files call their own vocabulary by the empty prefix, which means something else in each of them: what is published
needs a name. That is the one that the vocabulary prefers (`vann:preferredNamespacePrefix`), else one that is made of
its address.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pyoxigraph import NamedNode

from communique.iris import Prefixes, completed, is_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pyoxigraph import Quad

    Quads = Callable[..., Iterator[Quad]]
    """Gives the quads that match a subject, a predicate and an object."""

SH, VANN = "http://www.w3.org/ns/shacl#", "http://purl.org/vocab/vann/"
PREFIX, NAMESPACE = NamedNode(SH + "prefix"), NamedNode(SH + "namespace")
PREFERRED, PREFERRED_FOR = NamedNode(VANN + "preferredNamespacePrefix"), NamedNode(VANN + "preferredNamespaceUri")
GENERIC = frozenset({
    "core", "data", "def", "id", "ns", "onto", "ontologies", "ontology", "resource", "schema", "term", "terms", "vocab",
    "vocabularies", "vocabulary",
})  # fmt: skip
"""Parts of addresses that hardly tell one vocabulary from another."""
HOSTS = GENERIC | {"www", "w3id", "purl"}
LONGEST = 24


@dataclass(frozen=True, slots=True)
class FilePrefixes:
    """What prefixes mean by the files of a project.

    `preferred` are those that vocabularies in them prefer, `written` those that they are written with, `agreed` those
    of these that mean the same in all files, `unnamed` the namespaces that they call by the empty prefix, those that
    more files do so with first.
    """

    preferred: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    agreed: Mapping[str, str] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]], quads: Quads) -> FilePrefixes:
        """Take the prefixes of files with their namespaces, the ones to be kept first, and what the files say."""
        known = list(pairs)
        unnamed = tuple(dict.fromkeys(name for prefix, name in known if not prefix and _is_namespace(name)))
        preferred = dict(sorted(_preferred(quads, unnamed), reverse=True))
        taken = set(preferred.values())
        written = {prefix: name for prefix, name in reversed(known) if prefix and name not in taken}
        meanings = Counter(prefix for prefix, _ in set(known))
        agreed = {prefix: name for prefix, name in known if prefix and meanings[prefix] == 1 and _is_namespace(name)}
        return cls(preferred, written, agreed, unnamed)

    def completing(self, declared: Mapping[str, str], *, bundled: Mapping[str, str]) -> Prefixes:
        """Return what is declared, then what all files mean alike, what is `bundled` and what is well known.

        What else these files have is added where it contradicts nothing of that.
        """
        common = Prefixes(bundled)
        own = {p: name for p, name in self.agreed.items() if p not in declared and common.get(p, name) != name}
        stated = {**bundled, **own, **declared}
        known, made = completed(completed(stated, self.preferred), self.written), list[str]()
        for namespace in self.unnamed:
            taken = Prefixes(known)
            if namespace not in taken.values():
                made.append(next(name for name in _names(namespace) if name not in taken))
                known[made[-1]] = namespace
        return Prefixes(known, made=made)


def declared_prefixes(quads: Quads) -> dict[str, str]:
    """Return what is declared (SHACL 5.2.1); of two namespaces for one prefix the first in the alphabet."""
    found = {
        (_value(prefix.object), _value(namespace.object))
        for prefix in quads(None, PREFIX)
        for namespace in quads(prefix.subject, NAMESPACE)
    }
    return dict(sorted(found, reverse=True))


def _preferred(quads: Quads, unnamed: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the prefixes that vocabularies prefer, as far as it is known for what."""
    for quad in quads(None, PREFERRED):
        prefix, vocabulary = _value(quad.object).removesuffix(":"), _value(quad.subject)
        stated = [_value(each.object) for each in quads(quad.subject, PREFERRED_FOR)]
        guessed = (each for each in (vocabulary, vocabulary + "#", vocabulary + "/") if each in unnamed)
        for namespace in stated or [next(guessed, vocabulary)]:
            if prefix and is_prefix(prefix) and _is_namespace(namespace):
                yield prefix, namespace


def _names(namespace: str) -> Iterator[str]:
    """Give names for a namespace: from the last telling part of its path, then from its host, then without end.

    >>> from itertools import islice
    >>> list(islice(_names("https://pots.example.org/vocab/pottery/1.0#"), 4))
    ['pottery', 'pots', 'vocab', 'pottery2']
    """
    host, *path = re.split("[/#:?]+", namespace.partition("://")[2] or namespace)
    found = dict.fromkeys(name for part in reversed(path) if (name := _name(part)))
    labels = dict.fromkeys(name for part in host.split(".") if part not in HOSTS and (name := _name(part)))
    telling = [name for name in found if name not in GENERIC]
    ordered = list(dict.fromkeys([*telling, *list(labels)[:1], *found])) or ["ns"]
    yield from ordered
    yield from (f"{ordered[0]}{number}" for number in count(2))


def _name(part: str) -> str:
    """Return a part of an address as a prefix, "" where it is none: a version, a date, too long."""
    stem = re.sub(r"\.(owl|ttl|rdf|xml|jsonld|nt)$", "", unquote(part).lower())
    name = re.sub("[^a-z0-9]+", "-", stem).strip("-")
    return name if re.match("(?!v[0-9])[a-z]", name) and len(name) <= LONGEST else ""


def _is_namespace(text: str) -> bool:
    return text.endswith(("/", "#")) and text.startswith(("http://", "https://", "urn:"))


def _value(term: Any) -> str:
    return getattr(term, "value", "")
