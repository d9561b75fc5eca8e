"""Letters that designate, as in `Annex A` or `Vitamin C`: they tell things apart, where an initial stands for a name.

| text | its letter |
|---|---|
| `Annex A`, `Annex A: definitions`, `Annex A of the Treaty` | a designation: no more words, a sign or small letters |
| `Item 5(a)` | a designation: a figure stands before |
| `Krasnov I.`, `Krasnov I V`, `Krasnov, I` | an initial: a full stop, another initial, a comma before |
| `I Krasnov`, `John F Kennedy` | an initial: a name comes after it |
| `Elizabeth I`, `Elizabeth I of England`, beside `Elizabeth of England` | a numeral: no name begins so |
| `Group A Meeting` of a thing that is no person, `Group A Experts Meeting` | a designation: nobody is called so |
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from communique.descriptions.people import PEOPLE
from communique.lookup.phrases import is_phrase
from communique.lookup.romanisation import LONGEST, is_chinese, words

if TYPE_CHECKING:
    from collections.abc import Collection

THINGS = frozenset(
    {
        *(f"http://xmlns.com/foaf/0.1/{each}" for each in ("Document", "Group", "Organization", "Project")),
        *(f"http://www.w3.org/ns/org#{each}" for each in ("Organization", "OrganizationalUnit", "Post", "Site")),
        *(
            f"{scheme}://schema.org/{each}"
            for scheme in ("http", "https")
            for each in ("CreativeWork", "Event", "Organization", "Place")
        ),
        *(f"http://www.w3.org/2004/02/skos/core#{each}" for each in ("Collection", "Concept", "ConceptScheme")),
        *(f"http://www.w3.org/ns/prov#{each}" for each in ("Activity", "Location", "Organization")),
        *(f"https://w3id.org/communique/ns#{each}" for each in ("Meeting", "MeetingSeries", "PlannedMeeting", "State")),
        "http://purl.org/dc/terms/Location",
        "http://www.w3.org/ns/dcat#Dataset",
    }
)
"""Well-known types of what is no person."""
RDFS, OWL, SH = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2002/07/owl#", "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DESCRIBING = (
    *(RDFS + each for each in ("Class", "Datatype")),
    *(OWL + each for each in ("AnnotationProperty", "Class", "DatatypeProperty", "ObjectProperty", "Ontology")),
    *(SH + each for each in ("NodeShape", "PropertyGroup", "PropertyShape")),
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property",
)
"""The types of terms and shapes."""
TERMS = (*DESCRIBING, *(SKOS + each for each in ("Concept", "ConceptScheme")))
"""The types of what things are described by."""
_LETTER = re.compile(r"(?:\b([^\W_]+)(?:[ /-]|(?<=\d)\()|(?<=[\u3400-\u9fff]))([^\W\d_])(?![\w.’'-])")
_NUMERALS = frozenset("ivx")
_ENDS = tuple(",;:()[]–—")
_UNQUOTED = str.maketrans(dict.fromkeys('"«»“”„'))


def opposed_by_letter(one: str, other: str, *, types: Collection[str] = ()) -> bool:
    """Tell if one of two names has a designation that the other lacks; `types` are those of what has one of the names.

    >>> opposed_by_letter("Annex A", "Annex Addendum"), opposed_by_letter("Krasnov I.", "Krasnov Igor")
    (True, False)
    """
    if PEOPLE.intersection(types):
        return _is_numbered(one, other) or _is_numbered(other, one)
    thing = None if THINGS.isdisjoint(types) else True
    return any(
        not designations.issubset(words(text))
        for designations, text in (
            (_designations(one, thing=thing), other),
            (_designations(other, thing=thing), one),
        )
        if designations
    )


def _is_numbered(person: str, other: str) -> bool:
    """Tell if a person has a single letter as numeral, as rulers have, that stands for none of the other's names."""
    numerals = _designations(person, thing=False) & _NUMERALS
    return bool(numerals) and not numerals <= {word[0] for word in words(other)}


@lru_cache(maxsize=20_000)
def _designations(text: str, *, thing: bool | None) -> frozenset[str]:
    """Return the letters of a name that are designations, romanised; `thing` is None where nobody knows what it is."""
    text = " ".join(text[:LONGEST].translate(_UNQUOTED).split())
    if not _LETTER.search(text):
        return frozenset()
    phrase = thing or (thing is None and is_phrase(text, initials=1))
    found: set[str] = set()
    for match in _LETTER.finditer(text):
        before, letter = match.groups()
        initials = before is not None and len(before) == 1 and before.isalpha() and not is_chinese(before)
        after = text[match.end() :].lstrip()
        ends = not after or after.startswith(_ENDS) or (letter.isupper() and (phrase or after[0].islower()))
        if ends and not initials and not is_chinese(letter):
            found.update(words(letter))
    return frozenset(found)
