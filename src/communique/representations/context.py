"""Context: what the keys of JSON-LD mean, as one file publishes it, and the excerpt that a document needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING, Any

from communique.bounded import Bounded
from communique.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CONTAINERS = frozenset(("@set", "@language"))
_UNDERSTOOD = frozenset(("@id", "@type", "@container", "@prefix", "@protected"))
_GENERAL_DELIMITERS = tuple(":/?#[]@")


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
        """Take the definitions of a context, and prefixes for what no term stands for; a term goes before a prefix."""
        added = {key: iri for key, iri in (prefixes or {}).items() if key not in definitions and _ends_openly(iri)}
        self._definitions = {**dict(sorted(added.items())), **definitions}
        self._prefixes = {key: self._expand(value) for key, value in self._definitions.items() if _is_prefix(value)}
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
        """Read a context file; raises ProjectError, naming it `name`, if it is none or needs another file."""
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

        None if it uses a prefix that is also the scheme of an IRI in it ("geo:"), which JSON-LD cannot tell apart.
        """
        needed = frozenset(used)
        if any(name.endswith(":") and name[:-1] in needed for name in needed):
            return None
        known = self._excerpts.get(needed)
        if known is None:
            entries = {key: self._definitions[key] for key in (self.id, self.type) if key in self._definitions}
            entries |= {key: _spell(term) for key, term in self._terms.items() if key in needed}
            entries |= {key: _spell_prefix(iri) for key, iri in self._prefixes.items() if key in needed}
            known = self._excerpts[needed] = _lines(entries)
        return known

    def without_prefixes(self) -> Context:
        """Return this context for documents whose IRIs would be taken for compact ones."""
        return Context({key: value for key, value in self._definitions.items() if key not in self._prefixes})

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


def scheme(iri: str) -> str | None:
    """Return the scheme of an IRI with its colon if a prefix of the same name would capture it."""
    name, _, rest = iri.partition(":")
    return None if rest.startswith("//") else name + ":"


def _is_prefix(value: Any) -> bool:
    return _ends_openly(value) if isinstance(value, str) else isinstance(value, dict) and value.get("@prefix") is True


def _ends_openly(iri: str) -> bool:
    """Tell if a simple term can be a prefix (JSON-LD 1.1 API, section 4.2.2: its IRI ends in a general delimiter)."""
    return iri.endswith(_GENERAL_DELIMITERS) and not iri.startswith("@")


def _spell_prefix(iri: str) -> Any:
    return iri if _ends_openly(iri) else {"@id": iri, "@prefix": True}


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
