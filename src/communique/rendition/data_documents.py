"""Data documents: the page of a resource in the RDF formats."""

from __future__ import annotations

from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, parse

from communique.bounded import Bounded
from communique.descriptions.closure import closure
from communique.distributions.dumps import dump
from communique.formats import JSONLD, NTRIPLES, TRIG, TURTLE
from communique.representations.context import Context
from communique.representations.derivation import SOURCES, derive
from communique.representations.documents import cited, descriptions, trig
from communique.representations.jsonld import JsonLd
from communique.representations.nested import nested_turtle
from communique.representations.terms import Terms
from communique.representations.turtle import Turtle
from communique.store import Store
from communique.syntax import RDF_FORMATS
from communique.syntax.serialization import by_subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pyoxigraph import Quad

    from communique.descriptions.facts import Description
    from communique.formats import Format
    from communique.representations.documents import Parts
    from communique.store import Subject
    from communique.website.site import Site


class DataDocuments:
    """The RDF documents of one site, which share what they repeat."""

    def __init__(self, site: Site, *, catalogue: Collection[Quad] = ()) -> None:
        """Read the context of the project; `catalogue` is what the document of the catalogue holds instead."""
        prefixes = site.store.prefixes
        self._site = site
        self._catalogue = catalogue
        self.context = Context.read(
            site.project.context.read_bytes(), prefixes=prefixes, name=str(site.project.context)
        )
        self._terms = Terms(prefixes)
        self._graphs: Bounded[NamedNode, tuple[Parts, ...]] = Bounded()
        self._turtle = Turtle(labels=site.labels, prefixes=prefixes)
        self._jsonld = JsonLd(labels=site.labels, context=self.context)

    def document(self, description: Description, *, format: Format) -> bytes:
        """Return what the store says of a resource, and of everything that the same document describes.

        That of the catalogue is the completed one: whoever asks for it wants the files with their sizes as well.
        All formats hold the same graph. Those with named graphs hold its triples in the graphs that state them, what is
        said of these graphs, and if the resource is a graph itself, what it states.

        Raises ValueError for a format in which no documents are written, UsageError for what a format cannot say.
        """
        if format in SOURCES:
            return derive(self.document(description, format=SOURCES[format]), format=format)
        if format not in {TURTLE, JSONLD, TRIG}:
            raise ValueError(f"no documents are written in {format.label}")
        told = (description.resource, *self._site.parts_of(description.resource))
        about = self._site.catalog.about.resource
        if self._catalogue and about in told:
            return self._whole((each for each in told if each != about), format, self._catalogue)
        if len(told) > 1:
            return self._whole(told, format)
        if format is TRIG:
            return trig(description, labels=self._site.labels, terms=self._terms, more=self._evidence(description))
        return (self._turtle if format is TURTLE else self._jsonld).document(description)

    def _evidence(self, description: Description) -> Iterator[Parts]:
        """Give what is said of the graphs that state a document, and what the graph states that it is about."""
        for graph in reversed(dict.fromkeys(graph for each in descriptions(description) for graph in cited(each))):
            yield from self._about(graph)
        if isinstance(description.resource, NamedNode):
            stated = self._site.store.quads(None, None, None, description.resource)
            yield from ((*quad.triple, quad.graph_name) for quad in by_subject(stated))

    def _about(self, graph: NamedNode) -> tuple[Parts, ...]:
        """Return what is said of a graph, which many documents tell."""
        known = self._graphs.get(graph)
        if known is None:
            said = closure(self._site.store, (graph,))
            known = self._graphs[graph] = tuple((*quad.triple, quad.graph_name) for quad in said)
        return known

    def _whole(self, nodes: Iterable[Subject], format: Format, more: Iterable[Quad] = ()) -> bytes:
        told, prefixes = tuple(nodes), self._site.store.prefixes
        named = [node for node in told if isinstance(node, NamedNode)]
        own, axioms = self._site.store, self._site.presentation.axioms.by_mention
        about = dict.fromkeys(axiom for node in named for axiom in axioms.get(node, ()))
        store = Store.of(chain(closure(own, told), closure(own.loose, about), more))
        stream = BytesIO()
        # People read Turtle: it is written anew, with brackets.
        written = NTRIPLES if format is TURTLE else format
        dump(store, format=written, prefixes=prefixes, out=stream, context=self.context)
        if format is not TURTLE:
            return stream.getvalue()
        lines = parse(stream.getvalue(), RDF_FORMATS[NTRIPLES.name], rename_blank_nodes=False, lenient=True)
        return nested_turtle((quad.triple for quad in lines), prefixes=prefixes)
