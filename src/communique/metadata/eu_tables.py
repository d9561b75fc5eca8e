"""The EU's authority tables whose terms DCAT-AP takes for concepts, with the English names of these terms.

A concept needs a name in DCAT-AP, and no data of a project say how the EU names its terms. Source: Publications Office
of the European Union, EU Vocabularies (CC BY 4.0).
"""

from __future__ import annotations

AUTHORITY = "http://publications.europa.eu/resource/authority/"
_PROVISIONAL = {"OP_DATPRO": "Provisional data"}
_NAMES = {
    "data-theme": {
        "AGRI": "Agriculture, fisheries, forestry and food",
        "ECON": "Economy and finance",
        "EDUC": "Education, culture and sport",
        "ENER": "Energy",
        "ENVI": "Environment",
        "GOVE": "Government and public sector",
        "HEAL": "Health",
        "INTR": "International issues",
        "JUST": "Justice, legal system and public safety",
        "REGI": "Regions and cities",
        "SOCI": "Population and society",
        "TECH": "Science and technology",
        "TRAN": "Transport",
    },
    "dataset-type": {
        "APROF": "Application profile",
        "CODE_LIST": "Code list",
        "CORE_COMP": "Core component",
        "DIRECTORY": "Directory",
        "DOMAIN_MODEL": "Domain model",
        "DSCRP_SERV": "Service description",
        "GEOSPATIAL": "Geospatial data",
        "GLOSSARY": "Glossary",
        "HVD": "High-value dataset",
        "IEPD": "Information exchange package description",
        "MAPPING": "Mapping",
        "NAL": "Name authority list",
        "ONTOLOGY": "Ontology",
        "RELEASE": "Release",
        "SCHEMA": "Schema",
        "STATISTICAL": "Statistical data",
        "STYLES": "Style sheets",
        "SYNTAX_ECD_SCHEME": "Syntax encoding scheme",
        "SYNTHETIC_DATA": "Synthetic data",
        "TAXONOMY": "Taxonomy",
        "TEST_DATA": "Test data",
        "THESAURUS": "Thesaurus",
    },
    "distribution-status": {
        "COMPLETED": "completed",
        "DEPRECATED": "deprecated",
        "DEVELOP": "under development",
        "PLANNED": "development planned",
        "WITHDRAWN": "withdrawn",
    },
    "planned-availability": {
        "AVAILABLE": "available",
        "EXPERIMENTAL": "experimental",
        "STABLE": "stable",
        "TEMPORARY": "temporary",
    },
}


def table_of(iri: str) -> str:
    """Return the IRI of the authority table that a term of it begins with, or "" if it is no term of one.

    >>> table_of("http://publications.europa.eu/resource/authority/data-theme/ENVI")
    'http://publications.europa.eu/resource/authority/data-theme'
    """
    name, _, term = iri.removeprefix(AUTHORITY).partition("/")
    return AUTHORITY + name if iri.startswith(AUTHORITY) and name and term else ""


def english_name(iri: str) -> str:
    """Return the English name of a term that DCAT-AP takes for a concept, "" where it is not known.

    >>> english_name("http://publications.europa.eu/resource/authority/data-theme/ENVI")
    'Environment'
    """
    table, _, term = iri.removeprefix(AUTHORITY).partition("/")
    names = _NAMES.get(table, {}) if iri.startswith(AUTHORITY) else {}
    return (names | _PROVISIONAL).get(term, "") if names else ""
