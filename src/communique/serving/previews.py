"""What a candidate looks like before it is chosen: a page for a small frame, and a few lines beside a suggestion.

The markup is the theme's. It was rendered when the site was built, and lies in the index of names; here the words of
one resource are put in, escaped.
"""

from collections.abc import Mapping
from html import escape
from string import Template
from urllib.parse import quote

from communique.lookup.names import Names, Resource
from communique.serving.problems import Refusal
from communique.serving.reconcile_answers import identified

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors *",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}
"""Any page may show the frame: it has no form, no script and nothing of the reader's."""
OTHERS, LONGEST = 4, 300


def preview(names: Names, given: Mapping[str, str], *, url: str) -> str:
    """Return the page of a resource for a frame; raises Refusal."""
    return _filled(names, "preview", _of_resource(names, _found(names, given), url))


def flyout(names: Names, given: Mapping[str, str], *, sort: str, url: str) -> dict[str, str]:
    """Return the lines beside a suggestion of a resource, a type or a property; raises Refusal."""
    identifier = given.get("id", "")
    if sort == "entity":
        values = _of_resource(names, _found(names, given), url)
    else:
        name = names.term(sort, identifier)
        if name is None:
            raise Refusal(404, "There is nothing with this identifier.")
        values = {"name": name, "iri": identifier}
    return {"id": identifier, "html": _filled(names, "flyout", values)}


def _found(names: Names, given: Mapping[str, str]) -> Resource:
    found = names.resource(identified(names, given.get("id", "")))
    if found is None:
        raise Refusal(404, "There is nothing with this identifier.")
    return found


def _of_resource(names: Names, resource: Resource, url: str) -> dict[str, str]:
    kinds = [names.term("type", iri) or iri for iri, direct in names.types(resource.id).items() if direct]
    others = [text for text in names.texts(resource.id) if text != resource.name]
    told = (fact for property in names.about["summaries"] for fact in names.facts(resource.id, property, limit=10))
    summary = next((fact.value for fact in told), "")
    return {
        "name": resource.name,
        "kinds": ", ".join(kinds),
        "others": " · ".join(others[:OTHERS]),
        "summary": summary if len(summary) <= LONGEST else summary[:LONGEST] + "…",
        "iri": resource.iri,
        "page": url + quote(resource.stem),
    }


def _filled(names: Names, template: str, values: Mapping[str, str]) -> str:
    empty = dict.fromkeys(("name", "kinds", "others", "summary", "iri", "page"), "")
    escaped = {name: escape(value) for name, value in (empty | dict(values)).items()}
    return Template(names.about[template]).substitute(escaped)
