"""Classes of people in the vocabularies that data use."""

from __future__ import annotations

PEOPLE = frozenset(
    (
        "http://xmlns.com/foaf/0.1/Person",
        "http://schema.org/Person",
        "https://schema.org/Person",
        "http://www.w3.org/2006/vcard/ns#Individual",
        "http://www.w3.org/ns/person#Person",
        "http://www.w3.org/ns/prov#Person",
        "http://www.wikidata.org/entity/Q5",
        "http://www.cidoc-crm.org/cidoc-crm/E21_Person",
        "http://dbpedia.org/ontology/Person",
    )
)
"""IRIs of the classes whose members are people."""
