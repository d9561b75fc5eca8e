"""Tables by which others link to us without a server: labels, links, and a BEACON file for each target."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.labels import LABEL_PROPERTIES, LITERAL_FORM, XL, literal_forms
from communique.descriptions.outward import outward_links
from communique.descriptions.presentation import TYPE
from communique.lookup.lookup_shards import digits_for, lookup_shards, things_by_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.outward import Link
    from communique.store import Store, Term
    from communique.website.site import Site

SKOS = "http://www.w3.org/2004/02/skos/core#"
KINDS = {
    **{path: "preferred" for path in LABEL_PROPERTIES if path != LITERAL_FORM},
    NamedNode(SKOS + "altLabel"): "alternative",
    NamedNode(SKOS + "hiddenLabel"): "hidden",
    NamedNode(XL + "prefLabel"): "preferred",
    NamedNode(XL + "altLabel"): "alternative",
    NamedNode(XL + "hiddenLabel"): "hidden",
}


def linking_tables(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give `labels.csv`, `links.csv`, the BEACON files and the files for look-ups, by path."""
    base = site.catalog.base
    links = outward_links(site.store, base=base)
    labels = _labels(site.store, base)
    yield "labels.csv", _csv(("iri", "label", "lang", "kind", "class"), labels)
    yield "links.csv", _csv(("iri", "relation", "target"), ((each.iri, each.relation, each.target) for each in links))
    for namespace, name in beacon_names(site, links).items():
        yield name, _beacon(base, namespace, [each for each in links if each.namespace == namespace])
    yield from lookup_shards(links, labels=((row[0], row[1]) for row in labels))


def beacon_names(site: Site, links: Iterable[Link]) -> dict[str, str]:
    """Return the paths of the BEACON files by the namespaces of their targets."""
    found: dict[str, str] = {}
    for namespace in sorted({each.namespace for each in links}):
        name = _name(site, namespace)
        while f"beacon-{name}.txt" in found.values():
            name += "-2"
        found[namespace] = f"beacon-{name}.txt"
    return found


def lookup_digits(site: Site) -> int:
    """Return how many digits of a hash name the files for look-ups."""
    base = site.catalog.base
    labels = ((row[0], row[1]) for row in _labels(site.store, base))
    return digits_for(len(things_by_text(outward_links(site.store, base=base), labels=labels)))


def _labels(store: Store, base: str) -> list[tuple[str, str, str, str, str]]:
    """Return a row for each label, but empty ones, of what is under the base; classes are separated by spaces."""
    found = set()
    types: dict[NamedNode, str] = {}
    for path, kind in KINDS.items():
        for quad in store.quads(None, path):
            node = quad.subject
            if isinstance(node, NamedNode) and node.value.startswith(base):
                if node not in types:
                    classes = {each.object for each in store.quads(node, TYPE)}
                    types[node] = " ".join(sorted(each.value for each in classes if isinstance(each, NamedNode)))
                for label in _texts(store, quad.object):
                    found.add((node.value, label.value, label.language or "", kind, types[node]))
    return sorted(found, key=lambda row: (row[0], row[3] != "preferred", *row[1:]))


def _texts(store: Store, label: Term) -> Iterator[Literal]:
    """Give a label that is a text, or the texts of one of SKOS-XL, but empty ones."""
    texts = (label,) if isinstance(label, Literal) else (form for form, _ in literal_forms(store, label))
    yield from (each for each in texts if each.value.strip())


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
    prefix = next((prefix for prefix, name in site.store.prefixes.chosen.items() if name == namespace), "")
    rest = namespace.partition("://")[2] or namespace
    return re.sub(r"[^a-z0-9]+", "-", (prefix or rest).lower()).strip("-") or "target"
