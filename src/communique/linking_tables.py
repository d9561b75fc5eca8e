"""Tables by which others link to us without a server: labels, links, and a BEACON file for each target."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.labels import LABEL_PROPERTIES
from communique.outward import outward_links
from communique.presentation import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.outward import Link
    from communique.site import Site
    from communique.store import Store

SKOS = "http://www.w3.org/2004/02/skos/core#"
KINDS = {
    **dict.fromkeys(LABEL_PROPERTIES, "preferred"),
    NamedNode(SKOS + "altLabel"): "alternative",
    NamedNode(SKOS + "hiddenLabel"): "hidden",
}


def linking_tables(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give `labels.csv`, `links.csv` and the BEACON files, by path."""
    base = site.catalog.base
    links = outward_links(site.store, base=base)
    yield "labels.csv", _csv(("iri", "label", "lang", "kind", "class"), _labels(site.store, base))
    yield "links.csv", _csv(("iri", "relation", "target"), ((each.iri, each.relation, each.target) for each in links))
    taken: set[str] = set()
    for namespace in sorted({each.namespace for each in links}):
        name = _name(site, namespace)
        while name in taken:
            name += "-2"
        taken.add(name)
        yield f"beacon-{name}.txt", _beacon(base, namespace, [each for each in links if each.namespace == namespace])


def _labels(store: Store, base: str) -> list[tuple[str, str, str, str, str]]:
    """Return a row for each label of what is under the base; classes are separated by spaces."""
    found = set()
    types: dict[NamedNode, str] = {}
    for path, kind in KINDS.items():
        for quad in store.quads(None, path):
            node, label = quad.subject, quad.object
            if isinstance(node, NamedNode) and isinstance(label, Literal) and node.value.startswith(base):
                if node not in types:
                    classes = {each.object for each in store.quads(node, TYPE)}
                    types[node] = " ".join(sorted(each.value for each in classes if isinstance(each, NamedNode)))
                found.add((node.value, label.value, label.language or "", kind, types[node]))
    return sorted(found, key=lambda row: (row[0], row[3] != "preferred", *row[1:]))


def _csv(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)  # RFC 4180: lines end in CR LF
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()


def _beacon(base: str, namespace: str, links: list[Link]) -> bytes:
    """Return links in BEACON format, from the target's names to ours, so that its owner can point here."""
    relations = {each.relation for each in links}
    head = [f"#FORMAT: BEACON\n#PREFIX: {namespace}\n#TARGET: {base}\n"]
    head += [f"#RELATION: {relation}\n" for relation in relations if len(relations) == 1]
    lines = sorted({f"{each.target.removeprefix(namespace)}||{each.iri.removeprefix(base)}\n" for each in links})
    return "".join([*head, "\n", *lines]).encode()


def _name(site: Site, namespace: str) -> str:
    """Return a name for a target: its prefix, else the letters of its host."""
    prefix = next((prefix for prefix, name in site.store.prefixes.items() if name == namespace and prefix), "")
    rest = namespace.partition("://")[2] or namespace
    return re.sub(r"[^a-z0-9]+", "-", (prefix or rest).lower()).strip("-") or "target"
