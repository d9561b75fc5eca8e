"""Letters that designate, as in `Annex A` or `Vitamin C`: they tell things apart, where an initial stands for a name.

| text | its letter |
|---|---|
| `Annex A`, `Annex A: definitions`, `Annex A of the Treaty` | a designation: no more words, a sign or small letters |
| `Krasnov I.`, `Krasnov I V`, `Krasnov, I` | an initial: a full stop, another initial, a comma before |
| `I Krasnov`, `John F Kennedy` | an initial: a name comes after it |
"""

from __future__ import annotations

import re

from communique.lookup.romanisation import LONGEST, is_chinese, words

PEOPLE = frozenset(
    {
        "http://xmlns.com/foaf/0.1/Person",
        "http://schema.org/Person",
        "https://schema.org/Person",
        "http://www.w3.org/ns/person#Person",
        "http://www.w3.org/ns/prov#Person",
        "http://www.wikidata.org/entity/Q5",
        "http://www.cidoc-crm.org/cidoc-crm/E21_Person",
        "http://dbpedia.org/ontology/Person",
    }
)
"""The types of things whose letters are initials wherever they stand."""
_LETTER = re.compile(r"(?:\b([^\W_]+)[ /-]|(?<=[\u3400-\u9fff]))([^\W\d_])(?![\w.’'-])")
_ENDS = tuple(",;:()[]–—")


def opposed_by_letter(one: str, other: str) -> bool:
    """Tell if one of two names has a designation that the other lacks.

    >>> opposed_by_letter("Annex A", "Annex Addendum"), opposed_by_letter("Krasnov I.", "Krasnov Igor")
    (True, False)
    """
    return any(
        not designations.issubset(words(text))
        for designations, text in ((_designations(one), other), (_designations(other), one))
        if designations
    )


def _designations(text: str) -> set[str]:
    """Return the letters of a name that are designations, romanised."""
    text = " ".join(text[:LONGEST].translate(dict.fromkeys(map(ord, '"«»“”„'))).split())
    found: set[str] = set()
    for match in _LETTER.finditer(text):
        before, letter = match.groups()
        initials = before is not None and len(before) == 1 and before.isalpha() and not is_chinese(before)
        after = text[match.end() :].lstrip()
        ends = not after or after.startswith(_ENDS) or (letter.isupper() and after[0].islower())
        if ends and not initials and not is_chinese(letter):
            found.update(words(letter))
    return found
