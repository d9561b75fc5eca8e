"""Context: what the keys of JSON-LD mean, as one file publishes it, and the excerpt that a document needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING, Any

from communique.bounded import Bounded
from communique.errors import ProjectError
from communique.syntax.compact_iris import ends_openly, is_name, possible, scheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

_CONTAINERS = frozenset(("@set", "@language"))
_UNDERSTOOD = frozenset(("@id", "@type", "@container", "@prefix", "@protected"))


@dataclass(frozen=True, slots=True)
class Term:
    """A key of JSON-LD: the IRI it stands for, the type of its plain values, and what its values are held in.

    `defines` is the name of the term or prefix that a context must define for the key to be understood, if any.
    """

    name: str
    iri: str
    coercion: str | None = None
    container: frozenset[str] = frozenset()
    defines: str | None = None


class Context:
    """A context (JSON-LD 1.1, section 4.1) that is complete in itself: nothing is fetched to understand it.

    Documents mean the same under `text` as under their excerpts, unless they hold an IRI whose scheme is a prefix.
    Definitions that do more than coerce a type and choose a container are published and not used: scoped contexts,
    indexes, lists, reverse properties.
    """

    def __init__(self, definitions: Mapping[str, Any], *, prefixes: Mapping[str, str] | None = None) -> None:
        """Take the definitions of a context, and prefixes for what no term stands for; a term goes before a prefix.

        A prefix that a context cannot have is left out: what it would shorten is written in full.
        """
        self._definitions = {**possible(prefixes or {}, definitions), **definitions}
        self._prefixes = {
            key: self._expand(value) for key, value in self._definitions.items() if is_name(key) and _is_prefix(value)
        }
        self._namespaces = {iri: key for key, iri in reversed(self._prefixes.items())}
        self._terms = {key: term for key in self._definitions if (term := self._read(key))}
        self._by_iri: dict[str, list[Term]] = {}
        for term in self._terms.values():
            self._by_iri.setdefault(term.iri, []).append(term)
        aliases = {value: key for key, value in definitions.items() if isinstance(value, str)}
        self.id, self.type = aliases.get("@id", "@id"), aliases.get("@type", "@type")
        self._excerpts: dict[frozenset[str], str] = Bounded()

    @classmethod
    def read(cls, text: str | bytes, *, prefixes: Mapping[str, str] | None = None, name: str = "context") -> Context:
        """Read a context file; raises ProjectError, naming it `name`, if it is none or needs another file.

        So it does if no reader of JSON-LD takes it: for a term without a name, and for one that is defined by itself.
        """
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ProjectError(f"{name}: is no JSON: {error}") from error
        found = document.get("@context") if isinstance(document, dict) else None
        definitions: dict[str, Any] = {}
        for part in found if isinstance(found, list) else [found]:
            if not isinstance(part, dict) or part.keys() & {"@import", "@language", "@direction"}:
                raise ProjectError(f"{name}: @context must be an object without @import, @language and @direction")
            definitions |= part
        if "" in definitions:
            raise ProjectError(f'{name}: a term is called "", which JSON-LD does not allow: give it a name')
        if circle := next((key for key in definitions if _is_cyclic(key, definitions)), None):
            raise ProjectError(f"{name}: {circle} is defined by itself: write the IRI of what it needs in full")
        return cls(definitions, prefixes=prefixes)

    @property
    def text(self) -> str:
        """The whole context with its prefixes, as the file to publish; every document means the same under it."""
        return json.dumps({"@context": self._definitions}, ensure_ascii=False, indent=2) + "\n"

    def terms(self, iri: str) -> list[Term]:
        """Return the terms that stand for a property, in the order of the context."""
        return self._by_iri.get(iri, [])

    def name(self, iri: str) -> Term | None:
        """Return the term by which a class or a code is named, if there is one."""
        return next((term for term in self.terms(iri) if not term.coercion and not term.container), None)

    @property
    def named(self) -> list[str]:
        """The classes and codes that a term names."""
        return [iri for iri in self._by_iri if self.name(iri)]

    def key(self, iri: str) -> Term:
        """Return what can stand for any IRI where keys and types stand: a term, a compact IRI, the IRI itself."""
        return self.name(iri) or self.compact(iri)

    def compact(self, iri: str) -> Term:
        """Return a compact IRI that is no term and whose values need no container, or the IRI itself."""
        end = max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1
        prefix = self._namespaces.get(iri[:end])
        if prefix is None or end == len(iri) or f"{prefix}:{iri[end:]}" in self._definitions:
            return Term(iri, iri, defines=scheme(iri))
        return Term(f"{prefix}:{iri[end:]}", iri, defines=prefix)

    def excerpt(self, used: Iterable[str]) -> str | None:
        """Return the JSON text of what a document needs that uses these terms and prefixes.

        None if it uses a name that is also the scheme of an IRI in it ("geo:"), which readers cannot tell apart: then
        it has to be written under the context that `without` these names is left.
        """
        needed = frozenset(used)
        if any(name.endswith(":") and name[:-1] in needed for name in needed):
            return None
        known = self._excerpts.get(needed)
        if known is None:
            known = self._excerpts[needed] = _lines(self._spelled(needed))
        return known

    def without(self, used: Iterable[str]) -> Context:
        """Return this context without the names that are also the schemes of IRIs, of all that a document uses."""
        schemes = {name[:-1] for name in used if name.endswith(":")}
        return Context(self._spelled((self._terms.keys() | self._prefixes.keys()) - schemes))

    def _spelled(self, names: Set[str]) -> dict[str, Any]:
        """Return the definitions of some terms and prefixes, each without the help of another."""
        entries = {key: self._definitions[key] for key in (self.id, self.type) if key in self._definitions}
        entries |= {key: _spell(term) for key, term in self._terms.items() if key in names}
        return entries | {key: _spell_prefix(iri) for key, iri in self._prefixes.items() if key in names}

    def _read(self, name: str) -> Term | None:
        value = self._definitions[name]
        if name.startswith("@") or not isinstance(value, str | dict):
            return None
        definition = {"@id": value} if isinstance(value, str) else value
        container = definition.get("@container") or []
        containers = frozenset([container] if isinstance(container, str) else container)
        # JSON-LD 1.1 API, section 4.2.2, step 14.2: a term that is its own @id is a name under @vocab.
        iri = definition.get("@id", name)
        iri = f"{self._definitions.get('@vocab', '')}{name}" if iri == name and ":" not in name else self._expand(iri)
        coercion = self._expand(definition["@type"]) if "@type" in definition else None
        if not is_name(name) and name != iri:  # step 14.2.4: an IRI stands for itself alone
            return None
        if definition.keys() - _UNDERSTOOD or containers - _CONTAINERS or ":" not in iri or iri.startswith("@"):
            return None
        if coercion and coercion.startswith("@") and coercion not in {"@id", "@vocab"}:
            return None
        return Term(name, iri, coercion, containers, name)

    def _expand(self, value: Any, depth: int = 8) -> str:
        """Expand a term, a compact IRI or a name under @vocab; a context may define terms by one another."""
        if isinstance(value, dict):
            value = value.get("@id")
        if not isinstance(value, str) or value.startswith("@") or not depth:
            return value if isinstance(value, str) else "@null"
        prefix, colon, local = value.partition(":")
        if colon and not local.startswith("//") and prefix in self._definitions:
            return self._expand(self._definitions[prefix], depth - 1) + local
        if not colon and value in self._definitions:
            return self._expand(self._definitions[value], depth - 1)
        return value if colon else f"{self._definitions.get('@vocab', '')}{value}"


def _is_cyclic(key: str, definitions: Mapping[str, Any]) -> bool:
    """Tell if a term needs itself to be defined (JSON-LD 1.1 API, section 4.2.2, step 1)."""
    passed: set[str] = set()
    needed = _needed(key, definitions)
    while needed in definitions and needed not in passed:
        passed.add(needed)
        needed = _needed(needed, definitions)
    return key in passed


def _needed(key: str, definitions: Mapping[str, Any]) -> str:
    """Return the name by which a definition begins, be it another term, a scheme or neither; "" if it needs none."""
    value = definitions[key]
    iri = value.get("@id") if isinstance(value, dict) else value
    if not isinstance(iri, str) or iri == key or iri.startswith("@") or scheme(iri) is None:
        return ""
    return iri.partition(":")[0]


def _is_prefix(value: Any) -> bool:
    return ends_openly(value) if isinstance(value, str) else isinstance(value, dict) and value.get("@prefix") is True


def _spell_prefix(iri: str) -> Any:
    return iri if ends_openly(iri) else {"@id": iri, "@prefix": True}


def _spell(term: Term) -> Any:
    entries: dict[str, Any] = {"@id": term.iri}
    if term.coercion:
        entries["@type"] = term.coercion
    if term.container:
        entries["@container"] = sorted(term.container) if len(term.container) > 1 else next(iter(term.container))
    return entries if len(entries) > 1 else term.iri


def _lines(entries: Mapping[str, Any]) -> str:
    texts = (f"    {quote(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items())
    return "{\n" + ",\n".join(texts) + "\n  }" if entries else "{}"
