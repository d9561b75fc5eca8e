"""schema.org: a resource in the words that search engines read, by rules that say what our terms mean there.

What no rule names is left out: the whole of it stands in the Turtle and JSON-LD documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.evidence import CMQ
from communique.descriptions.well_known import TWO_LETTERS, language_tag
from communique.legibility import legible_name
from communique.settings import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from communique.descriptions.facts import Description, Value
    from communique.descriptions.labels import Labels
    from communique.descriptions.views import PropertyView
    from communique.store import Term

SCHEMA = ("http://schema.org/", "https://schema.org/")
FOAF = "http://xmlns.com/foaf/0.1/"
ORG = "http://www.w3.org/ns/org#"
DCTERMS = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
LONGEST = 5000

TYPES = {
    CMQ + "Meeting": "Event",
    CMQ + "PlannedMeeting": "Event",
    CMQ + "MeetingSeries": "EventSeries",
    CMQ + "State": "Country",
    CMQ + "SourceDocument": "CreativeWork",
    CMQ + "Topic": "DefinedTerm",
    FOAF + "Person": "Person",
    FOAF + "Document": "CreativeWork",
    FOAF + "Organization": "Organization",
    ORG + "Organization": "Organization",
    ORG + "OrganizationalUnit": "Organization",
    SKOS + "Concept": "DefinedTerm",
    SKOS + "ConceptScheme": "DefinedTermSet",
    DCAT + "Catalog": "DataCatalog",
    DCAT + "Dataset": "Dataset",
    DCAT + "Distribution": "DataDownload",
    OWL + "Ontology": "DefinedTermSet",
    OWL + "Class": "DefinedTerm",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a path of properties means: the key, and the type of what it leads to, "" where a text or an IRI will do."""

    path: tuple[str, ...]
    key: str
    type: str = ""


RULES = (
    Rule((CMQ + "content",), "description"),
    Rule((CMQ + "convenedWithin",), "organizer", "Organization"),
    Rule((CMQ + "discussed",), "about", "Thing"),
    Rule((CMQ + "about",), "about", "Thing"),
    Rule((CMQ + "hasAttendanceMode",), "eventAttendanceMode"),
    Rule((CMQ + "hasParticipation", CMQ + "hasParticipant"), "attendee", "Person"),
    Rule((CMQ + "inSeries",), "superEvent", "EventSeries"),
    Rule((CMQ + "reportsOn",), "about", "Event"),
    Rule((SKOS + "altLabel",), "alternateName"),
    Rule((SKOS + "definition",), "description"),
    Rule((SKOS + "exactMatch",), "sameAs"),
    Rule((SKOS + "inScheme",), "inDefinedTermSet"),
    Rule((OWL + "sameAs",), "sameAs"),
    Rule((OWL + "versionInfo",), "version"),
    Rule((DCTERMS + "abstract",), "abstract"),
    Rule((DCTERMS + "creator",), "creator", "Organization"),
    Rule((DCTERMS + "description",), "description"),
    Rule((DCTERMS + "issued",), "datePublished"),
    Rule((DCTERMS + "language",), "inLanguage"),
    Rule((DCTERMS + "license",), "license"),
    Rule((DCTERMS + "modified",), "dateModified"),
    Rule((DCTERMS + "publisher",), "publisher", "Organization"),
    Rule((DCAT + "dataset",), "dataset", "Dataset"),
    Rule((DCAT + "keyword",), "keywords"),
    Rule((DCAT + "version",), "version"),
    Rule((DCAT + "landingPage",), "url"),
    Rule((ORG + "unitOf",), "parentOrganization", "Organization"),
)
AGENTS = {"author", "contributor", "creator", "editor", "publisher", "translator"}
"""Keys that lead to a person or an institution."""
ATTENDANCE = {"in-person": "Offline", "videoconference": "Online", "hybrid": "Mixed"}


_BY_PATH: dict[str, Rule] = {rule.path[0]: rule for rule in RULES}


def structured_data(
    description: Description, *, labels: Labels, is_person: Callable[[Term], bool]
) -> dict[str, object]:
    """Return a resource as a JSON-LD object of schema.org; a Thing where no rule knows its class.

    `is_person` tells whether whoever made or publishes something is a person. Texts in other languages than the first
    of the labels are left out.
    """
    found: dict[str, dict[Term, object]] = {}
    for facts in description.facts:
        rule = _rule(facts.view)
        if rule is None:
            continue
        for value in facts.values:
            for term in _reached(value, rule.path[1:]):
                if (told := _tell(term, rule, labels)) is not None:
                    if isinstance(told, dict) and rule.key in AGENTS and is_person(term):
                        told["@type"] = "Person"
                    found.setdefault(rule.key, {})[term] = told
    result: dict[str, object] = {"@context": "https://schema.org", "@type": _type(description)}
    if isinstance(description.resource, NamedNode):
        result["@id"] = description.resource.value
    result["name"] = legible_name(labels.of(description.resource).text)
    for key, values in found.items():
        result[key] = next(iter(values.values())) if len(values) == 1 else list(values.values())
    return result


def _rule(view: PropertyView) -> Rule | None:
    path = view.path.value
    if view.inverse:
        return None
    if path.startswith(SCHEMA):
        name = path.rpartition("/")[2]
        return Rule((path,), name, "Place" if name == "location" else "Thing")
    return _BY_PATH.get(path)


def _type(description: Description) -> str:
    for cls in description.types:
        if cls.value in TYPES:
            return TYPES[cls.value]
        if cls.value.startswith(SCHEMA):
            return cls.value.rpartition("/")[2]
    return "Thing"


def _reached(value: Value, path: tuple[str, ...]) -> Iterator[Term]:
    if not path:
        yield value.term
        return
    for facts in value.nested.facts if value.nested else ():
        if facts.view.path.value == path[0] and not facts.view.inverse:
            for inner in facts.values:
                yield from _reached(inner, path[1:])


def _tell(term: Term, rule: Rule, labels: Labels) -> object:
    if rule.key == "inLanguage":
        return _language(term, labels)
    if isinstance(term, Literal):
        foreign = (
            term.language and labels.languages and term.language.split("-")[0] != labels.languages[0].split("-")[0]
        )
        return None if foreign or len(term.value) > LONGEST else term.value
    if not isinstance(term, NamedNode):
        return None
    if rule.key == "eventAttendanceMode":
        mode = ATTENDANCE.get(term.value.rpartition("/")[2])
        return f"https://schema.org/{mode}EventAttendanceMode" if mode else None
    if rule.type:
        return {"@type": rule.type, "@id": term.value, "name": legible_name(labels.of(term).text)}
    return term.value


def _language(term: Term, labels: Labels) -> object:
    """Return the tag of a language, as schema.org wants it, else a Language with what is known of it."""
    if isinstance(term, Literal):
        code = term.value.strip()
        is_tag = LANGUAGE.fullmatch(code)
        return TWO_LETTERS.get(code.lower(), code) if is_tag else {"@type": "Language", "name": legible_name(code)}
    if not isinstance(term, NamedNode):
        return None
    named = {"@type": "Language", "@id": term.value, "name": legible_name(labels.of(term).text)}
    return language_tag(term.value) or named
