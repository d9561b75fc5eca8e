"""Sentences for results of shapes that have no message of their own; pyshacl's own differ from run to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.shacl.structure import SH, items

if TYPE_CHECKING:
    from communique.store import Store, Term

# What is to be done, with the values of the parameters in braces.
SENTENCES = {
    "Class": "The value must be a {class}.",
    "Datatype": "The value must be a literal of the datatype {datatype}.",
    "NodeKind": "The value must be of the kind {nodeKind}.",
    "MinCount": "At least {minCount} of these values must be given.",
    "MaxCount": "At most {maxCount} of these values may be given.",
    "MinExclusive": "The value must be greater than {minExclusive}.",
    "MinInclusive": "The value must be {minInclusive} or greater.",
    "MaxExclusive": "The value must be less than {maxExclusive}.",
    "MaxInclusive": "The value must be {maxInclusive} or less.",
    "MinLength": "The value must have at least {minLength} characters.",
    "MaxLength": "The value must have at most {maxLength} characters.",
    "Pattern": "The value must match the pattern {pattern}.",
    "LanguageIn": "The value must have one of the languages {languageIn}.",
    "UniqueLang": "No two of these values may have the same language.",
    "Equals": "The values must be the same as those of {equals}.",
    "Disjoint": "The value must not be one of {disjoint} as well.",
    "LessThan": "The value must be less than that of {lessThan}.",
    "LessThanOrEquals": "The value must not be greater than that of {lessThanOrEquals}.",
    "Not": "The value must not conform to {not}.",
    "And": "The value must conform to all of {and}.",
    "Or": "The value must conform to at least one of {or}.",
    "Xone": "The value must conform to exactly one of {xone}.",
    "Node": "The value must conform to {node}.",
    "QualifiedMinCount": "At least {qualifiedMinCount} of the values must conform to {qualifiedValueShape}.",
    "QualifiedMaxCount": "At most {qualifiedMaxCount} of the values may conform to {qualifiedValueShape}.",
    "Closed": "This property is not allowed here.",
    "HasValue": "The value {hasValue} must be given.",
    "In": "The value must be one of {in}.",
}


def sentence(store: Store, *, shape: Term, component: Term) -> ox.Literal | None:
    """Return what a result of a core constraint means, in English, or None for other constraints."""
    name = component.value.removeprefix(SH) if isinstance(component, ox.NamedNode) else ""
    pattern = SENTENCES.get(name.removesuffix("ConstraintComponent"))
    if pattern is None:
        return None
    return ox.Literal(pattern.format_map(_Parameters(store, shape)), language="en")


class _Parameters(dict[str, str]):
    """The values of a shape's parameters, read when a sentence asks for them."""

    def __init__(self, store: Store, shape: Term) -> None:
        super().__init__()
        self._store = store
        self._shape = shape

    def __missing__(self, name: str) -> str:
        if isinstance(self._shape, ox.Literal):
            return "?"
        values = {quad.object for quad in self._store.quads(self._shape, ox.NamedNode(SH + name))}
        return " and ".join(sorted(map(self._spell, values)))

    def _spell(self, term: Term) -> str:
        match term:
            case ox.NamedNode():
                return self._store.prefixes.curie(term.value) or str(term)
            case ox.Literal():
                return term.value if term.datatype.value.endswith(("integer", "decimal")) else str(term)
        members = items(self._store, term)
        return ", ".join(map(self._spell, members)) if members else "the shape given there"
