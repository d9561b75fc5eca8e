"""What helps to query a site: its example queries, as files and as data, and what an editor completes.

The data, `queries.ttl`, is what editors of other makers read from an endpoint: SHACL's executables and declarations of
prefixes (SHACL-AF section 5, SHACL section 5.2.1), in the form of the SIB's SPARQL examples. They are no part of the
dataset nor of its dumps: a graph of their own in what an endpoint holds.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from communique.descriptions.presentation import TYPE
from communique.formats import NQUADS, TURTLE
from communique.metadata.void import VOID, dataset_of, root_of
from communique.sparql.label_query import LABELS, label_template
from communique.syntax.serialization import ordered, prefixes_in_use, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from communique.descriptions.statistics import Statistics
    from communique.distributions.downloads import DumpFile
    from communique.iris import Prefixes
    from communique.store import Store
    from communique.website.examples import Example
    from communique.website.site import Site

QUERIES = "queries.ttl"
COMPLETION = "queries/completion.json"
ENGINE = "queries/engine.json"
WASM = "assets/vendor/oxigraph.wasm"
GRAPHS = ("void.ttl", QUERIES)
"""Files that an endpoint holds beside the dataset, each as the graph that is named by its address."""
MOST_TERMS = 400
"""So many classes, and so many properties, are completed: those that are used most."""
MOST_LANGUAGES = 12
"""A term has labels in so many languages: those of the site first, then the others by their tags."""
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SH = "http://www.w3.org/ns/shacl#"
SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TEXTS = {"select": SH + "select", "ask": SH + "ask", "construct": SH + "construct", "describe": SPEX + "describe"}
KINDS = {"select": "SPARQLSelectExecutable", "ask": "SPARQLAskExecutable", "construct": "SPARQLConstructExecutable"}
JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def query_aids(site: Site, *, files: Iterable[DumpFile]) -> Iterator[tuple[str, bytes]]:
    """Give each file by its path; `files` are the dumps of the site."""
    quads = ordered(query_quads(site))
    out = io.BytesIO()
    write(quads, out, format=TURTLE, prefixes=prefixes_in_use(quads, site.store.prefixes))
    yield QUERIES, out.getvalue()
    yield COMPLETION, completion(site)
    dump = next(each for each in files if each.format == NQUADS and each.compressed)
    yield ENGINE, engine(site, dump=site.targets.url(dump.path), size=dump.size)
    yield from query_texts(site)


def query_quads(site: Site) -> set[Quad]:
    """Return what `queries.ttl` says."""
    prefixes = _in_use(site, site.statistics, site.examples)
    return {*_declarations(site, prefixes), *(quad for each in site.examples for quad in _described(site, each))}


def query_texts(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the files of the example queries by their paths."""
    for each in site.examples:
        yield each.path, each.file.encode()


def completion(site: Site) -> bytes:
    """Return the file from which the editor completes."""
    prefixes = _in_use(site, site.statistics, site.examples)
    return JSON.encode(_completion(site, site.statistics, prefixes)).encode()


def graphs_beside(folder: Path, *, root: str, dataset: Store) -> dict[NamedNode, list[Quad]]:
    """Return what a built site holds beside the dataset, each file as a graph named by its address below `root`.

    What the dataset states itself is left out, so that a triple of the default graph belongs to the dataset unless it
    stands in one of these graphs.
    """
    taken: set[Triple] = set()
    found: dict[NamedNode, list[Quad]] = {}
    for name in GRAPHS:
        triples = {quad.triple for quad in parse(path=str(folder / name), format=RdfFormat.TURTLE, base_iri=root)}
        new = [each for each in sorted(triples - taken, key=str) if next(dataset.quads(*each), None) is None]
        graph = NamedNode(root + name)
        found[graph] = [Quad(each.subject, each.predicate, each.object, graph) for each in new]
        taken.update(new)
    return found


def engine(site: Site, *, dump: str, size: int, odd: str = "") -> bytes:
    """Return the file that tells what an engine in a browser loads, and what leads from an IRI to its label and page.

    `dump` is the URL of the dump, `size` its bytes. Without a dump pages are made on request: then labels are looked
    for in named graphs too, and where the regular expression `odd` finds something in the path of an IRI, a request
    for that leads to its page.
    """
    wasm = site.project.site_file(WASM)
    renamed = {
        iri: site.targets.url(f"{stem}.html").removesuffix(".html") for iri, stem in site.targets.renamed.items()
    }
    told = {
        "base": site.catalog.base,
        "bytes": size,
        "dump": dump,
        "engine": wasm.stat().st_size if wasm else 0,
        "graphs": GRAPHS,
        "labels": {"paths": LABELS, "query": label_template(in_graphs=not dump)},
        "languages": site.languages.labels,
        "odd": odd,
        "renamed": renamed,
        "root": root_of(site),
        "triples": site.statistics.triples,
    }
    return JSON.encode(told).encode()


def _in_use(site: Site, counts: Statistics, examples: Iterable[Example]) -> dict[str, str]:
    """Return the prefixes of what is in the data, of the things of the site, those that examples declare, and XSD's.

    The last is that of most values, and of casts. Where it is not known what is in the data, all are returned.
    """
    prefixes: Prefixes = site.store.prefixes
    if not site.whole:
        return dict(sorted(prefixes.items()))
    terms = [term.value for term, _ in (*counts.classes, *counts.properties)]
    iris = [XSD + "date", *terms, *(node.value for node in site.store.subjects())]
    curies = (prefixes.curie(iri) for iri in iris)
    used = {curie.partition(":")[0] for curie in curies if curie}
    text = "\n".join(each.text for each in examples)
    used |= {prefix for prefix, namespace in prefixes.items() if f"{prefix}: <{namespace}>" in text}
    return {prefix: prefixes[prefix] for prefix in sorted(used)}


def _declarations(site: Site, prefixes: Mapping[str, str]) -> Iterator[Quad]:
    document = NamedNode(root_of(site) + QUERIES)
    # So a query can leave out what only describes the dataset (VoID, section 6.3).
    yield Quad(document, TYPE, NamedNode(VOID + "DatasetDescription"))
    yield Quad(document, NamedNode(FOAF + "topic"), dataset_of(site))
    for prefix, namespace in prefixes.items():
        declaration = NamedNode(f"{document.value}#prefix-{prefix}")
        yield Quad(document, NamedNode(SH + "declare"), declaration)
        yield Quad(declaration, NamedNode(SH + "prefix"), Literal(prefix))
        yield Quad(declaration, NamedNode(SH + "namespace"), Literal(namespace, datatype=NamedNode(XSD + "anyURI")))


def _described(site: Site, example: Example) -> Iterator[Quad]:
    root = root_of(site)
    node = NamedNode(f"{root}{QUERIES}#{example.name}")
    yield Quad(node, TYPE, NamedNode(SH + "SPARQLExecutable"))
    if example.form in KINDS:
        yield Quad(node, TYPE, NamedNode(SH + KINDS[example.form]))
    yield Quad(node, NamedNode(TEXTS[example.form]), Literal(example.text))
    yield Quad(node, NamedNode(SH + "prefixes"), NamedNode(root + QUERIES))
    for name, texts in (("title", example.summaries), ("description", example.descriptions)):
        for language, text in texts.items():
            yield Quad(node, NamedNode(DCTERMS + name), Literal(text, language=language or None))
    # Editors list each comment as a query of its own, so that there is one, whatever the number of languages.
    if label := site.labels.choose(example.summaries):
        yield Quad(node, NamedNode(RDFS + "comment"), Literal(label.text, language=label.language or None))
    if root.startswith(("http://", "https://")):
        yield Quad(node, NamedNode(SCHEMA + "target"), NamedNode(root + "sparql"))


def _completion(site: Site, counts: Statistics, prefixes: Mapping[str, str]) -> dict[str, object]:
    """Return prefixes, and classes and properties by use: name in a query, number, labels by language."""
    return {
        "prefixes": dict(prefixes),
        "classes": [_term(site, term, number) for term, number in counts.classes[:MOST_TERMS]],
        "properties": [_term(site, term, number) for term, number in counts.properties[:MOST_TERMS]],
    }


def _term(site: Site, term: NamedNode, number: int) -> tuple[str, int, dict[str, str]]:
    texts = site.labels.all_of(term)
    if not texts and site.store.background is not None:
        label = site.labels.of(term)
        texts = {label.language: (label.text,)}
    name = site.store.prefixes.curie(term.value) or f"<{term.value}>"
    spoken = {language.partition("-")[0] for language in site.languages.labels}
    # Those of the site first; `sorted` keeps the others in the order of their tags.
    tags = sorted(sorted(texts), key=lambda tag: bool(tag) and tag.partition("-")[0] not in spoken)
    return name, number, {tag: texts[tag][0] for tag in tags[:MOST_LANGUAGES]}
