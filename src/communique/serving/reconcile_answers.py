"""The answers of the Reconciliation Service API 0.2 as JSON values; identifiers are IRIs, ours without their base."""

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

from communique.lookup.matching import Candidate, Wanted, beginning_with, candidates
from communique.lookup.names import Fact, Names
from communique.serving.problems import Refusal

BATCH, LONGEST, MOST_IDS, MOST_PROPERTIES = 100, 300, 1000, 20
"""Queries of a batch, characters of a text, rows and columns of an extension."""
MOST_VALUES = 100
FRAME = (400, 200)
"""The width and the height of a preview in pixels."""
SUGGESTED, MOST_SUGGESTED = 10, 50
KEYS = ("query", "type", "type_strict", "limit", "properties")
RESOURCE = {"id": "http://www.w3.org/2000/01/rdf-schema#Resource", "name": "anything"}
_DATE = re.compile(r"\d{4}-(?:1[0-2]|0[1-9])-(?:3[01]|0[1-9]|[12]\d)")
_TIME = re.compile(_DATE.pattern + r"T(?:2[0-3]|[01]\d):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:2[0-3]|[01]\d):[0-5]\d)?")
_INTEGER = re.compile(r"[+-]?\d{1,15}")
_DECIMAL = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,2})?")
_INTEGERS = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
_SETTINGS = [
    {
        "type": "number",
        "name": "limit",
        "label": "Limit",
        "default": 0,
        "help_text": "How many values to take, 0 for all",
    },
    {
        "type": "text",
        "name": "language",
        "label": "Language",
        "default": "",
        "help_text": "The language of texts, such as en; empty for all",
    },
]


def manifest(names: Names, *, url: str) -> dict[str, Any]:
    """Return the manifest of the service of a site whose address ends in `/`."""
    service = url + "reconcile"
    suggest = {
        each: {
            "service_url": service,
            "service_path": f"/suggest/{each}",
            "flyout_service_url": service,
            "flyout_service_path": f"/flyout/{each}?id=${{id}}",
        }
        for each in ("entity", "type", "property")
    }
    found: dict[str, Any] = {
        "versions": ["0.2"],
        "name": names.about["title"],
        "identifierSpace": names.about["base"],
        "schemaSpace": "http://www.w3.org/2000/01/rdf-schema#Resource",
        "documentation": f"{url}{names.about.get('documentation', 'link')}.html",
        "defaultTypes": [RESOURCE],
        "view": {"url": service + "/view?id={{id}}"},
        "preview": {"url": service + "/preview?id={{id}}", "width": FRAME[0], "height": FRAME[1]},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": _SETTINGS,
        },
    }
    return found | ({"serviceVersion": names.about["version"]} if names.about["version"] else {})


def identified(names: Names, identifier: str) -> str:
    """Return the IRI of an identifier."""
    return identifier if "://" in identifier else str(names.about["base"]) + identifier


def reconciled(names: Names, text: str) -> dict[str, Any]:
    """Return the answers to a batch of queries, or to the one query that some clients send as such."""
    batch = _read(text)
    if len(batch) > BATCH:
        raise Refusal(413, f"There are more than {BATCH} queries.", limit=BATCH)
    wanted = {key: _wanted(query) for key, query in batch.items()}
    return {
        key: {"result": [_candidate(names, each) for each in candidates(names, one)]} for key, one in wanted.items()
    }


def suggested_entities(names: Names, given: Mapping[str, str]) -> dict[str, Any]:
    """Return resources for a prefix, from `cursor` on; `type` narrows them."""
    limit, skip = _page(given)
    types = _types(given["type"]) if given.get("type") else ()
    found = beginning_with(names, given.get("prefix", "")[:LONGEST], types=types, limit=limit, skip=skip)
    result = []
    for name in found:
        resource = names.resource(name.resource)
        if resource is not None:
            types_of = [iri for iri, direct in names.types(resource.id).items() if direct]
            notable = [{"id": iri, "name": names.term("type", iri) or iri} for iri in types_of]
            described = {"description": name.text} if name.text != resource.name else {}
            result.append({"id": _id(names, resource.iri), "name": resource.name, "notable": notable, **described})
    return {"result": result}


def suggested_terms(names: Names, given: Mapping[str, str], *, sort: str) -> dict[str, Any]:
    """Return types or properties for a prefix."""
    limit, skip = _page(given)
    found = names.terms(sort, prefix=given.get("prefix", "")[:LONGEST], limit=limit, skip=skip)
    return {"result": [{"id": iri, "name": name, "description": iri} for iri, name in found]}


def proposed(names: Names, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the properties that resources of a type have, the most frequent first."""
    limit, _ = _page(given)
    wanted = next(iter(_types(given.get("type", ""))), "")
    found = names.properties_of(wanted, limit=limit)
    return {"type": wanted, "limit": limit, "properties": [{"id": iri, "name": name} for iri, name in found]}


def extended(names: Names, text: str) -> dict[str, Any]:
    """Return the values of some properties of some resources."""
    asked = _read(text)
    ids: Any = asked.get("ids")
    columns: Any = asked.get("properties")
    if not _all_of(ids, str) or not _all_of(columns, dict) or not _all_of([each.get("id") for each in columns], str):
        raise Refusal(400, 'An extension has the form {"ids": ["..."], "properties": [{"id": "..."}]}.')
    if len(ids) > MOST_IDS or len(columns) > MOST_PROPERTIES:
        raise Refusal(413, f"More than {MOST_IDS} rows or {MOST_PROPERTIES} properties are asked for.")
    meta = [{"id": each["id"], "name": names.term("property", each["id"]) or each["id"]} for each in columns]
    rows: dict[str, Any] = {}
    for identifier in ids:
        found = names.resource(identified(names, identifier))
        rows[identifier] = {each["id"]: _values(names, found.id, each) if found else [{}] for each in columns}
    return {"meta": meta, "rows": rows}


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"This is no JSON: {str(error)[:200]}") from error
    if not isinstance(found, dict):
        raise Refusal(400, "A JSON object is expected.")
    return found


def _wanted(query: Any) -> Wanted:
    if isinstance(query, dict):
        _check_keys(query)
    name = query.get("query", "") if isinstance(query, dict) else None
    if not isinstance(name, str):
        raise Refusal(400, 'A query has the form {"query": "a name", "type": "...", "limit": 5}.')
    limit, types, properties = query.get("limit", 10), query.get("type") or (), query.get("properties") or ()
    strict = query.get("type_strict", "any")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit < 1e9:
        raise Refusal(400, "The limit of a query is a number above 0.")
    if strict not in ("any", "all", "should"):
        raise Refusal(400, "type_strict is any, all or should.")
    if not _all_of(list(properties) if isinstance(properties, list | tuple) else None, dict):
        raise Refusal(400, 'Properties have the form [{"pid": "...", "v": "..."}].')
    pairs = tuple(_property(each) for each in properties[:MOST_PROPERTIES])
    return Wanted(
        name=name[:LONGEST], types=_types(types), strict=strict, properties=pairs, limit=min(max(int(limit), 1), 100)
    )


def _check_keys(query: dict[str, Any]) -> None:
    """Refuse what the schema of a query refuses: a misspelt key would be ignored in silence."""
    if unknown := sorted(query.keys() - KEYS):
        near = difflib.get_close_matches(unknown[0], KEYS, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise Refusal(400, f"A query has no {unknown[0][:50]!r}, only {', '.join(KEYS)}.{meant}")
    if "query" not in query and not query.get("properties"):
        raise Refusal(400, 'A query asks for a name, {"query": "a name"}, or for values of properties, or for both.')


def _types(types: Any) -> tuple[str, ...]:
    """Return the types that are asked for; a class of everything asks for nothing."""
    found = [types] if isinstance(types, str) else list(types) if isinstance(types, list | tuple) else [None]
    ids = [each.get("id") if isinstance(each, dict) else each for each in found]
    if not _all_of(ids, str):
        raise Refusal(400, "A type is an IRI.")
    return () if RESOURCE["id"] in ids else tuple(each for each in ids if each)[:MOST_PROPERTIES]


def _property(given: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    pid, value = given.get("pid"), given.get("v")
    values = value if isinstance(value, list) else [value]
    texts: list[Any] = [each.get("id") if isinstance(each, dict) else each for each in values]
    if not isinstance(pid, str) or not all(isinstance(each, str | int | float) for each in texts):
        raise Refusal(400, 'Properties have the form [{"pid": "...", "v": "..."}].')
    return pid, tuple(_text(each) for each in texts[:MOST_PROPERTIES])


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)[:LONGEST]


def _candidate(names: Names, found: Candidate) -> dict[str, Any]:
    types = [iri for iri, direct in names.types(found.resource.id).items() if direct]
    answer = {
        "id": _id(names, found.resource.iri),
        "name": found.resource.name,
        "type": [{"id": iri, "name": names.term("type", iri) or iri} for iri in types],
        "score": found.score,
        "match": found.match,
    }
    return answer | ({"description": found.text} if found.text not in ("", found.resource.name) else {})


def _values(names: Names, number: int, column: dict[str, Any]) -> list[dict[str, Any]]:
    settings = column.get("settings") if isinstance(column.get("settings"), dict) else {}
    language = str(settings.get("language", "")).lower() if settings else ""
    limit = str(settings.get("limit", "")) if settings else ""
    facts = names.facts(number, column["id"], limit=MOST_VALUES)
    chosen = [fact for fact in facts if not language or not fact.language or fact.language.lower() == language]
    most = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 and int(limit) else MOST_VALUES
    return [_value(names, fact) for fact in chosen[:most]] or [{}]


def _value(names: Names, fact: Fact) -> dict[str, Any]:
    if fact.sort == "iri":
        known = names.resource(fact.value)
        return {"id": _id(names, known.iri), "name": known.name} if known else {"str": fact.value}
    if fact.sort in _INTEGERS and _INTEGER.fullmatch(fact.value):
        return {"int": int(fact.value)}
    if fact.sort in ("decimal", "double", "float") and _DECIMAL.fullmatch(fact.value):
        return {"float": float(fact.value)}
    if fact.sort == "date" and _DATE.fullmatch(fact.value):
        return {"date": fact.value + "T00:00:00"}
    if fact.sort == "dateTime" and _TIME.fullmatch(fact.value):
        return {"date": fact.value}
    return {"str": fact.value}


def _id(names: Names, iri: str) -> str:
    return iri.removeprefix(str(names.about["base"])) or iri


def _page(given: Mapping[str, str]) -> tuple[int, int]:
    limit, cursor = given.get("limit", ""), given.get("cursor", "")
    if not all(not each or (each.isascii() and each.isdigit() and len(each) < 6) for each in (limit, cursor)):
        raise Refusal(400, "limit and cursor are whole numbers.")
    return min(int(limit or SUGGESTED) or SUGGESTED, MOST_SUGGESTED), int(cursor or 0)


def _all_of(values: Any, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(each, kind) for each in values)
