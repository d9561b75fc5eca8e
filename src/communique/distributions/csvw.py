"""Metadata of a table for CSV on the Web (W3C Recommendation, 17 December 2015): what each column means and holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from communique.descriptions.labels import texts
from communique.descriptions.presentation import TYPE
from communique.distributions.columns import LINK, TEXT
from communique.representations.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import NamedNode

    from communique.distributions.columns import Column
    from communique.website.site import Site

# Metadata Vocabulary for Tabular Data, section 5.11.1; of XSD's types it leaves out those of XML alone.
BUILT_IN = frozenset({
    "anyURI", "base64Binary", "boolean", "byte", "date", "dateTime", "dateTimeStamp", "dayTimeDuration", "decimal",
    "double", "duration", "float", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "hexBinary", "int", "integer",
    "language", "long", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "normalizedString",
    "positiveInteger", "short", "string", "time", "token", "unsignedByte", "unsignedInt", "unsignedLong",
    "unsignedShort", "yearMonthDuration",
})  # fmt: skip


def metadata(site: Site, cls: NamedNode, columns: Iterable[Column], *, url: str, separator: str) -> dict[str, Any]:
    """Return the metadata of the table of a class, which lies at `url` as seen from them."""
    labels = texts(site.store, cls) or (texts(site.store.background, cls) if site.store.background else {})
    described = [_column(site, column, separator) for column in columns]
    identity = {"name": "id", "titles": "id", "datatype": "anyURI", "required": True, "suppressOutput": True}
    kind = {"name": "type", "virtual": True, "propertyUrl": TYPE.value, "valueUrl": cls.value}
    found: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        **_texts("dc:title", labels),
        "tableSchema": {"aboutUrl": "{+id}", "primaryKey": "id", "columns": [identity, *described, kind]},
    }
    if site.catalog.licence:
        found["dc:license"] = {"@id": site.catalog.licence.value}
    return found


def _column(site: Site, column: Column, separator: str) -> dict[str, Any]:
    # A name is a variable of RFC 6570 (section 5.6), which has ASCII alone; the header of the table is the title.
    name = quote(column.name, safe="")
    found: dict[str, Any] = {"name": name, "titles": column.name, "datatype": _datatype(column.datatype)}
    found["propertyUrl"] = column.path.value
    if column.choose:
        found["suppressOutput"] = True  # the columns by language state it
    if column.language:
        found["lang"] = column.language
    if column.is_list:
        found["separator"] = separator
    if column.view:
        names = column.view.names or texts(site.store, column.path)
        found |= _texts("dc:title", names) | _texts("dc:description", column.view.descriptions)
    return found


def _datatype(datatype: str) -> str | dict[str, str]:
    if datatype == LINK:
        return "anyURI"
    name = datatype.removeprefix(XSD)
    if datatype.startswith(XSD) and name in BUILT_IN:
        return name
    return {"base": "string", "@id": datatype} if datatype != TEXT else "string"


def _texts(name: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Return texts by language as a common property; a text of no language has a type instead.

    A plain string would be in the default language of the context (Metadata Vocabulary, section 6.1), and readers
    refuse an object with neither.
    """
    kinds = [(text, {"@language": tag} if tag else {"@type": "xsd:string"}) for tag, text in sorted(values.items())]
    found = [{"@value": text, **kind} for text, kind in kinds]
    return {name: found} if found else {}
