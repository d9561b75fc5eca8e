"""Labels of SKOS-XL as readers want them: each is a resource of which more may be said, and is told by its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.descriptions.labels import LITERAL_FORM, XL
from communique.descriptions.presentation import TYPE

if TYPE_CHECKING:
    from communique.descriptions.facts import Facts, Value
    from communique.descriptions.labels import Labels

LABEL = NamedNode(XL + "Label")


class ReifiedLabel(NamedTuple):
    """A label without a name of its own: its texts, of which there should be one, and what else is said of it."""

    forms: tuple[Value, ...]
    more: tuple[Facts, ...]


def reified_label(value: Value) -> ReifiedLabel | None:
    """Return the label of SKOS-XL that a value without a name is, None where it is none or has no text."""
    if value.nested is None or not isinstance(value.term, BlankNode):
        return None
    forms = [each for facts in value.nested.facts if facts.view.path == LITERAL_FORM for each in facts.values]
    texts = tuple(each for each in forms if isinstance(each.term, Literal) and each.term.value.strip())
    more = tuple(facts for facts in value.nested.facts if facts.view.path != LITERAL_FORM and not _is_kind(facts))
    return ReifiedLabel(texts, more) if texts else None


def is_told_in_a_word(value: Value) -> bool:
    """Tell whether a value is told in a word: a literal, a link, or a label of which no more is said than its text."""
    if value.nested is None:
        return value.items is None
    label = reified_label(value)
    return label is not None and not label.more


def in_order_of_texts(facts: Facts, labels: Labels) -> tuple[Value, ...]:
    """Return the values of a property, those of SKOS-XL by the language and the text of the labels that they are."""
    if not facts.view.path.value.startswith(XL) or len(facts.values) < 2:
        return facts.values
    return tuple(sorted(facts.values, key=lambda value: _place(value, labels)))


def _place(value: Value, labels: Labels) -> tuple[bool, str, str]:
    label = reified_label(value)
    if label is not None:
        text = label.forms[0].term
        return (False, text.language or "", text.value) if isinstance(text, Literal) else (True, "", "")
    known = labels.known(value.term)
    return (False, known.language, known.text) if known else (True, "", "")


def _is_kind(facts: Facts) -> bool:
    """Tell whether facts say that a label is one, and nothing else."""
    return facts.view.path == TYPE and all(value.term == LABEL for value in facts.values)
