"""The JSON-LD context: every term is reachable from JSON by one name, and every name leads to one term."""

import json
import re
from collections import Counter
from functools import cache
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from ontology_files import (
    BASE,
    ONTOLOGY,
    OWL,
    RDF,
    RDFS,
    SKOS,
    TYPE,
    codes,
    ontology,
    prefix_lines,
    prefixes,
    properties,
    quads,
    terms,
    types,
)


@cache
def context() -> dict[str, Any]:
    return dict(json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf8"))["@context"])


def aliases() -> dict[str, str]:
    """Alias -> IRI, without keywords and prefixes."""
    targets = {alias: value["@id"] if isinstance(value, dict) else value for alias, value in context().items()}
    return {
        alias: iri
        for alias, iri in targets.items()
        if isinstance(iri, str) and not iri.startswith("@") and not iri.endswith(("#", "/"))
    }


def test_every_alias_leads_to_a_term_or_a_reused_namespace() -> None:
    reused = tuple(namespace for namespace in prefixes().values() if not namespace.startswith(BASE))
    ours = set(terms()) | set(codes())
    assert not {alias for alias, iri in aliases().items() if iri not in ours and not iri.startswith(reused)}


def test_no_two_aliases_mean_the_same() -> None:
    meanings = Counter(aliases().values())
    assert not {iri for iri, count in meanings.items() if count > 1}


def test_every_term_and_every_code_has_an_alias() -> None:
    concepts = {code for code in codes() if f"{SKOS}Concept" in types(code)}
    assert not (set(terms()) | concepts) - set(aliases().values())


def test_every_property_and_every_class_of_the_data_has_an_alias() -> None:
    used = {quad.predicate.value for quad in quads("data")} - {TYPE}
    used |= {quad.object.value for quad in quads("data") if quad.predicate.value == TYPE}
    assert not used - set(aliases().values())


def test_aliases_are_written_as_what_they_name() -> None:
    for alias, iri in aliases().items():
        if iri in codes():
            assert re.fullmatch(r"[a-z]+(-[a-z]+)*", alias)
        elif re.split("[#/]", iri)[-1][0].isupper():
            assert re.fullmatch(r"[A-Z][A-Za-z]+", alias)
        else:
            assert re.fullmatch(r"[a-z][A-Za-z0-9]*", alias)


def test_the_context_uses_nothing_but_simple_definitions() -> None:
    for alias, value in context().items():
        if isinstance(value, dict):
            assert set(value) <= {"@id", "@type", "@container"}, alias
            assert value.get("@container", "@set") in ("@set", "@language", ["@language", "@set"]), alias
        else:
            assert alias == "@version" or isinstance(value, str)


def test_the_context_is_sorted() -> None:
    keys = list(context())
    assert keys == sorted(keys, key=lambda key: (not key.startswith("@"), key))


def test_the_type_of_an_alias_follows_from_the_range_of_its_property() -> None:
    for alias, iri in aliases().items():
        if iri in properties():
            definition = context()[alias]
            kind = definition.get("@type") if isinstance(definition, dict) else None
            (declared,) = ontology()[iri].get(f"{RDFS}range", [None]) or [None]
            if f"{OWL}ObjectProperty" in types(iri):
                assert kind == (
                    "@vocab"
                    if declared is not None and declared.value == f"{SKOS}Concept" and alias != "measure"
                    else "@id"
                )
            elif declared.value == f"{RDF}langString":
                assert definition["@container"] == "@language"
            elif declared.value != "http://www.w3.org/2001/XMLSchema#string":
                assert kind == declared.value


def test_plain_json_means_the_same_as_turtle() -> None:
    document = {
        "@context": context(),
        "id": f"{BASE}sco/meeting/prosecutors-general-19",
        "type": "Meeting",
        "label": {"en": "19th Meeting"},
        "ordinal": 19,
        "attendanceMode": "videoconference",
        "chairmanship": {"chairedBy": {"id": f"{BASE}sco/state/ind", "type": "State"}},
        "participants": [
            {"person": {"type": "Person", "name": "Tushar Mehta"}, "listingOrder": 1, "role": "participant"}
        ],
        "startDate": "2021-10-29",
    }
    turtle = """
        meeting:prosecutors-general-19 a cmq:Meeting ; rdfs:label "19th Meeting"@en ; cmq:ordinal 19 ;
            cmq:hasAttendanceMode attendance-mode:videoconference ;
            cmq:hasChairmanship [ cmq:chairedBy state:ind ] ;
            cmq:hasParticipation [ cmq:hasParticipant [ a foaf:Person ; foaf:name "Tushar Mehta" ] ;
                cmq:listingOrder 1 ; cmq:hasRole participation-role:participant ] ;
            schema:startDate "2021-10-29"^^xsd:date .
        state:ind a cmq:State .
    """
    graphs = [
        Dataset(parse(json.dumps(document), format=RdfFormat.JSON_LD)),
        Dataset(parse(prefix_lines() + turtle, format=RdfFormat.TURTLE)),
    ]
    for graph in graphs:
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert graphs[0] == graphs[1]
