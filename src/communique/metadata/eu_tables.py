"""The EU's authority tables whose terms DCAT-AP takes for concepts, with the English names of these terms.

A concept needs a name in DCAT-AP, and no data of a project say how the EU names its terms. Source: Publications Office
of the European Union, EU Vocabularies (CC BY 4.0). Types of publishers and of licences are those of ADMS (European
Commission, ADMS 1.0, ISA Open Metadata Licence).
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
LICENCE_TYPE, PUBLISHER_TYPE = (f"http://purl.org/adms/{name}type/" for name in ("licence", "publisher"))
_ADMS = {
    LICENCE_TYPE: {
        "Attribution": "Attribution",
        "GrantBack": "Grant back",
        "JurisdictionWithinTheEU": "Jurisdiction within the EU",
        "KnownPatentEncumbrance": "Known patent encumbrance",
        "NoDerivativeWork": "No derivative work",
        "NominalCost": "Nominal cost",
        "NonCommercialUseOnly": "Non-commercial use only",
        "OtherRestrictiveClauses": "Other restrictive clauses",
        "PublicDomain": "Public domain",
        "ReservedNames-Endorsement-OfficialStatus": "Reserved names / endorsement / official status",
        "RoyaltiesRequired": "Royalties required",
        "UnknownIPR": "Unknown IPR",
        "ViralEffect-ShareAlike": "Viral effect (a.k.a. Share-alike)",
    },
    PUBLISHER_TYPE: {
        "Academia-ScientificOrganisation": "Academia/Scientific organisation",
        "Company": "Company",
        "IndustryConsortium": "Industry consortium",
        "LocalAuthority": "Local Authority",
        "NationalAuthority": "National authority",
        "NonGovernmentalOrganisation": "Non-Governmental Organisation",
        "NonProfitOrganisation": "Non-Profit Organisation",
        "PrivateIndividual(s)": "Private Individual(s)",
        "RegionalAuthority": "Regional authority",
        "StandardisationBody": "Standardisation body",
        "SupraNationalAuthority": "Supra-national authority",
    },
}


def table_of(iri: str) -> str:
    """Return the IRI of the authority table that a term of it begins with, or "" if it is no term of one.

    >>> table_of("http://publications.europa.eu/resource/authority/data-theme/ENVI")
    'http://publications.europa.eu/resource/authority/data-theme'
    """
    if adms := next((table for table in _ADMS if iri.startswith(table) and english_name(iri)), ""):
        return f"{adms}1.0"
    name, _, term = iri.removeprefix(AUTHORITY).partition("/")
    return AUTHORITY + name if iri.startswith(AUTHORITY) and name and term else ""


def english_name(iri: str) -> str:
    """Return the English name of a term that DCAT-AP takes for a concept, "" where it is not known.

    >>> english_name("http://publications.europa.eu/resource/authority/data-theme/ENVI")
    'Environment'
    """
    for adms, terms in _ADMS.items():
        if iri.startswith(adms):
            return terms.get(iri.removeprefix(adms), "")
    table, _, term = iri.removeprefix(AUTHORITY).partition("/")
    names = _NAMES.get(table, {}) if iri.startswith(AUTHORITY) else {}
    return (names | _PROVISIONAL).get(term, "") if names else ""


def title_of_table(table: str) -> str:
    """Return what a table is called in English.

    >>> title_of_table("http://publications.europa.eu/resource/authority/data-theme")
    'EU authority table: data-theme'
    """
    if table.startswith(AUTHORITY):
        return f"EU authority table: {table.removeprefix(AUTHORITY)}"
    return {f"{LICENCE_TYPE}1.0": "ADMS: types of licences", f"{PUBLISHER_TYPE}1.0": "ADMS: types of publishers"}[table]
