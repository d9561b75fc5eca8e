"""The site: which pages exist, which template each one takes, and what they all share.

A site has an edition in each of its languages: the same pages, with labels, menu and links of that language.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.bounded import Bounded
from communique.descriptions.authorities import Authorities
from communique.descriptions.catalog import Catalog
from communique.descriptions.documented import document_of, names_in
from communique.descriptions.labels import Label, Labels, local_name
from communique.descriptions.notes import Notes
from communique.descriptions.presentation import TYPE, Presentation
from communique.descriptions.statistics import Statistics, statistics
from communique.descriptions.targets import Targets
from communique.descriptions.term_types import NODE_SHAPE, ONTOLOGY, TERMS
from communique.formats import HTML
from communique.interface import Interface
from communique.literals import safe_url
from communique.website.actions import Offers
from communique.website.arrivals import Arrivals
from communique.website.browsing import MEETING, ClassList, class_lists, in_order_of_labels, pages_of_lists
from communique.website.catalogues import interfaces
from communique.website.dump_paths import dump_paths
from communique.website.examples import read_examples
from communique.website.languages import languages_of
from communique.website.pages import COOKBOOK, FIXED, QUERY_PAGE, Kind, MenuItem, Page
from communique.website.prose_pages import ProsePages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.project import Project
    from communique.store import Store, Term
    from communique.website.prose import Prose

CONTEXT = "context.jsonld"


class Site:
    """Everything that the pages of one project have in common; nothing in it changes while pages are made.

    `editions` holds the site in each of its languages, first the one whose pages have the plain addresses.
    """

    editions: tuple[Site, ...]
    whole = True  # the files are there that a build writes beside pages, such as the feed and the calendars

    def __init__(self, project: Project, store: Store) -> None:
        """Find out what has a page."""
        self.project, self.store = project, store
        self.presentation = Presentation.read(store)
        self.languages = languages_of(project.settings, store, counted=self.whole)
        self.prose = ProsePages(project, self.languages.labels)
        self.examples = read_examples(project)
        (language, interface), *others = interfaces(project, self.languages.pages).items()
        self._speak(language, interface)
        base = self.catalog.base
        self._ours = [node for node in names_in(store) if self.catalog.owns(node)]
        documents = {NamedNode(document_of(node.value)) for node in self._ours}
        self.targets = self._targets({*self._ours, *documents}, languages=[tag for tag, _ in others])
        self._templates: Bounded[tuple[Kind, tuple[NamedNode, ...]], tuple[str, ...]] = Bounded()
        self._documents = sorted(documents, key=lambda node: node.value)
        self.dumps = dump_paths(self.catalog)
        files = (CONTEXT, *self.dumps.values())
        self.targets.files.update({NamedNode(base + name): self.targets.url(name) for name in files})
        self.report_path = self.targets.free("report")
        self.statistics_path = self.targets.free("statistics")
        # Before anything is asked for that depends on the language, and kept.
        self.editions = (self, *(self._edition(tag, words) for tag, words in others))
        for other in self.editions:
            other.editions = self.editions

    def _targets(self, documented: set[NamedNode], *, languages: list[str]) -> Targets:
        """Return the targets of terms, which have pages in some languages more."""
        reserved = frozenset(path.partition("/")[0] for path in self.prose)
        return Targets(documented, base=self.catalog.base, labels=self.labels, reserved=reserved, languages=languages)

    def _edition(self, language: str, interface: Interface) -> Site:
        other = copy(self)
        other._speak(language, interface)
        other.targets = self.targets.in_language(other.labels, tag=language)
        other._first = self
        return other

    def _speak(self, language: str, interface: Interface) -> None:
        """Say in which language the pages are; `interface` has English words where there are none in that language."""
        self._first: Site = self
        self.language = language
        self.interface = interface
        self.native = Interface(language)
        self.labels = Labels(self.store, tuple(dict.fromkeys((language, *self.languages.labels))))
        self.notes = Notes(self.store, self.labels)
        self.catalog = Catalog.read(self.store, labels=self.labels, folder=self.project.name, base=self.project.base)

    @property
    def title(self) -> Label:
        """The title of what is published."""
        return self.catalog.title

    @property
    def version(self) -> str:
        """The version of what is published, or ""."""
        return self.catalog.version

    @property
    def licence(self) -> NamedNode | None:
        """The licence of what is published."""
        return self.catalog.licence

    @property
    def dataset(self) -> NamedNode | None:
        """The only dataset, of several their catalogue, as far as it has a page."""
        dataset = self.catalog.dataset
        return dataset if dataset is not None and dataset in self.targets else None

    def speaks(self, language: str) -> bool:
        """Tell whether a text in this language needs no mark on a page."""
        spoken = {each.split("-")[0] for each in (self.language, self.interface.language)}
        return language.lower().split("-")[0] in spoken

    def pages(self) -> Iterator[Page]:
        """Give every page once."""
        taken: set[str] = set()
        for page in self._every_page():
            if page.path not in taken:
                taken.add(page.path)
                yield page

    @cached_property
    def menu(self) -> tuple[MenuItem, ...]:
        """The entries of the menu, as the settings name them, else those that any site can have."""
        entries = self.project.settings.menu
        own = (self._item(label, entry.link) for entry in entries if (label := self.labels.choose(entry.label)))
        return tuple(own) or tuple(self._usual_menu())

    @cached_property
    def classes(self) -> dict[NamedNode, ClassList]:
        """The classes of the data with their members, in the order of their labels."""
        if self is not self._first:
            return in_order_of_labels(self._first.classes, self.labels)
        return class_lists(
            self.store,
            targets=self.targets,
            labels=self.labels,
            presentation=self.presentation,
            folder=self.targets.free("classes"),
        )

    @cached_property
    def authorities(self) -> Authorities:
        """The names of the datasets that things of ours are linked to."""
        return Authorities(self.store, self.labels)

    @cached_property
    def statistics(self) -> Statistics:
        """What the store holds, in numbers."""
        return self._first.statistics if self is not self._first else statistics(self.store, base=self.catalog.base)

    @cached_property
    def offers(self) -> Offers:
        """What readers can do with the pages of things."""
        query_page = self.targets.url(QUERY_PAGE + ".html")
        if self is not self._first:
            return self._first.offers.among(self.labels, query_page=query_page)
        return Offers(self.project, self.labels, query_page=query_page)

    @cached_property
    def arrivals(self) -> Arrivals:
        """The links to resources that are linked to more often than their own pages have room for."""
        if self is not self._first:
            return self._first.arrivals.among(self.targets)
        return Arrivals(self.store, targets=self.targets, folder=self.targets.free("links"))

    def parts_of(self, document: Term) -> tuple[NamedNode, ...]:
        """Return what a document describes beside itself: IRIs with a fragment or a query."""
        return self._first._parts.get(document, ())

    @cached_property
    def _parts(self) -> dict[Term, tuple[NamedNode, ...]]:
        found: dict[Term, list[NamedNode]] = {}
        for node in self._ours:
            document = document_of(node.value)
            if document != node.value:
                found.setdefault(NamedNode(document), []).append(node)
        return {document: tuple(nodes) for document, nodes in found.items()}

    @cached_property
    def vocabularies(self) -> tuple[Page, ...]:
        """The pages of ontologies and of files of shapes."""
        pages = (self._document_page(NamedNode(each)) for each in sorted(self._ontologies))
        return tuple(page for page in pages if page.kind in {Kind.ONTOLOGY, Kind.SHAPES})

    def types_of(self, node: NamedNode) -> frozenset[NamedNode]:
        """Return the types of a node."""
        found = (quad.object for quad in self.store.quads(node, TYPE, None, None))
        return frozenset(term for term in found if isinstance(term, NamedNode))

    def templates_of(self, page: Page, types: tuple[NamedNode, ...] = ()) -> tuple[str, ...]:
        """Return the templates that a page may take, the most particular first: those of its classes, then its kind's.

        The template of a class is called `classes/<local name>.html`, or `classes/<prefix>-<local name>.html` where two
        vocabularies share a name.
        """
        known = self._templates.get((page.kind, types))
        if known is None:
            classes = types if page.kind is Kind.RESOURCE else ()
            names = [name for cls in classes for name in self._class_templates(cls)]
            known = self._templates[page.kind, types] = (*names, f"{page.kind.value}.html")
        return known

    def _class_templates(self, cls: NamedNode) -> Iterator[str]:
        curie = self.store.prefixes.curie(cls.value)
        if curie:
            yield f"classes/{curie.replace(':', '-')}.html"
        yield f"classes/{local_name(cls.value)}.html"

    @cached_property
    def chapters(self) -> dict[str, tuple[MenuItem, ...]]:
        """The pages in prose by folder, in the order in which the index of the folder names them."""
        return {folder: tuple(self._chapter(path) for path in paths) for folder, paths in self.prose.chapters().items()}

    def _chapter(self, path: str) -> MenuItem:
        prose = self.read_prose(path)
        return MenuItem(prose.title, page=path, path=self.targets.url(path + ".html"), language=prose.language)

    def read_prose(self, path: str) -> Prose:
        """Return a page in prose, in the language that fits best, with links to pages in this one."""
        return self.prose.read(path, labels=self.labels, ending=self.targets.ending)

    @cached_property
    def _ontologies(self) -> frozenset[str]:
        found = (quad.subject for quad in self.store.quads(None, TYPE, ONTOLOGY, None))
        return frozenset(node.value for node in found if isinstance(node, NamedNode) and node in self.targets)

    def _every_page(self) -> Iterator[Page]:
        # What comes first takes the path: our own pages are reserved names, so that this matters for "index" alone.
        yield from map(self._document_page, self._documents)
        yield Page("index", Kind.HOME)
        for path in self.prose:
            if path != "index":
                yield Page(path, Kind.PROSE, source=self.prose.source(path, labels=self.labels))
        yield from pages_of_lists(self.classes.values())
        yield from self.arrivals.pages()
        yield Page(self.report_path, Kind.REPORT)
        yield Page(self.statistics_path, Kind.STATISTICS)
        yield from FIXED
        if self.examples:
            yield Page(COOKBOOK, Kind.COOKBOOK)
        yield Page("404", Kind.MISSING)
        yield from (self._part_page(node) for nodes in self._parts.values() for node in nodes)

    def _document_page(self, document: NamedNode) -> Page:
        path = self.targets.stem(document)
        kind = Kind.HOME if path == "index" else self._kind_of_document(document)
        return Page(path, kind, document, (HTML, *self.project.settings.formats), data=self.targets.data_of(document))

    def _part_page(self, node: NamedNode) -> Page:
        return Page(self.targets.stem(node), self._kind_of_part(node), node, data=self.targets.data_of(node))

    def _kind_of_document(self, document: NamedNode) -> Kind:
        if document.value not in self._ontologies:
            return Kind.RESOURCE
        shapes = any(NODE_SHAPE in self.types_of(part) for part in self.parts_of(document))
        return Kind.SHAPES if shapes else Kind.ONTOLOGY

    def _kind_of_part(self, node: NamedNode) -> Kind:
        types = self.types_of(node)
        if NODE_SHAPE in types:
            return Kind.SHAPE
        return Kind.TERM if TERMS & types else Kind.RESOURCE

    def _usual_menu(self) -> Iterator[MenuItem]:
        gettext = self.interface.gettext
        if self.dataset:
            yield self._item(gettext("Dataset"), self.targets.stem(self.dataset))
        if MEETING in self.classes:
            yield self._item(gettext("Meetings"), self.classes[MEETING].path)
        for page in self.vocabularies:
            if page.kind is Kind.ONTOLOGY:
                yield self._item(gettext("Vocabulary"), page.path)
                break
        for folder, chapters in self.chapters.items():
            yield self._item(folder.capitalize(), chapters[0].page)
        yield self._item(gettext("Query"), QUERY_PAGE)
        if self.whole:
            yield self._item(gettext("Validation"), self.report_path)

    def _item(self, words: str | Label, link: str) -> MenuItem:
        label = words if isinstance(words, Label) else Label(words, self.interface.language)
        if url := safe_url(link):
            return MenuItem(label.text, url=url, language=label.language)
        return MenuItem(label.text, page=link, path=self.targets.url(link + ".html"), language=label.language)
