"""Rendering: `(Page, Format) -> bytes`."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, UndefinedError

from communique.alignment.linking_tables import lookup_digits
from communique.descriptions.description import describe
from communique.descriptions.outward import sameness
from communique.descriptions.rules import read_rule_book
from communique.descriptions.vocabulary import use_of
from communique.errors import ProjectError
from communique.formats import HTML, JSONLD, TURTLE
from communique.hosting.host_rules import folder_of_site
from communique.metadata.citations import Citations
from communique.metadata.dataset_markup import catalogue_markup
from communique.metadata.signposting import Signposts
from communique.metadata.social import Socials
from communique.page_contents.class_pages import class_index, class_page
from communique.page_contents.contents import content_of
from communique.page_contents.downloads_page import folder_of
from communique.page_contents.link_page import link_page
from communique.page_contents.numbers_page import numbers
from communique.page_contents.overviews import diagram, findings, home, is_vocabulary, rule_books, term_groups, terms_of
from communique.portraits.atlas import Atlas
from communique.portraits.gallery import Portraits
from communique.rendition.data_documents import DataDocuments
from communique.rendition.fragments import Fragments
from communique.rendition.heads import head_of
from communique.rendition.writer import Writer
from communique.sparql.cookbook import cookbook
from communique.sparql.query_page import query_page
from communique.website.pages import Kind, Page
from communique.website.theme import Compiled, compiling, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from jinja2 import Template
    from markupsafe import Markup
    from pyoxigraph import NamedNode, Quad

    from communique.descriptions.facts import Description
    from communique.formats import Format
    from communique.page_contents.downloads_page import DownloadsPage
    from communique.shacl.validation import ValidationReport
    from communique.website.pages import Download
    from communique.website.site import Site


class Renderer:
    """Makes the bytes of every page of a site; the same page, format and language give the same bytes."""

    def __init__(
        self,
        site: Site,
        *,
        assets: Mapping[str, str],
        downloads: tuple[Download, ...],
        page: DownloadsPage | None = None,
        report: ValidationReport,
        catalogue: Collection[Quad] = (),
        compiled: defaultdict[str, Compiled] | None = None,
    ) -> None:
        """Load the theme; `assets` gives the path of each file in `site/assets` as it is published.

        `page` is what the page of downloads tells; `catalogue` is what the data documents of the catalogue hold, if it
        has any. `compiled` are the templates by language, as far as they are compiled, and are added to.
        """
        self.site = site
        self._report, self._downloads = report, downloads
        self._catalogue = catalogue
        self._documents = DataDocuments(site, catalogue=catalogue)
        self._downloads_page = page
        atlas = Atlas(site.project)
        codes = defaultdict(Compiled) if compiled is None else compiled
        self._presses = {
            each.language: _Press(each, assets, downloads, atlas, codes[each.language]) for each in site.editions
        }
        self._latest: Description | None = None

    def render(self, page: Page, format: Format, *, language: str = "") -> bytes:
        """Return a page in one of its formats; one for people in a language of the site, "" for the first of them."""
        if format is HTML:
            return self._html(page, self._presses[language or self.site.language]).encode()
        if page.resource is None:
            raise ValueError(f"{page.path} is about nothing that {format.label} could tell")
        return self._documents.document(self._described(page.resource), format=format)

    def over(self, site: Site) -> Renderer:
        """Return what renders the same site in another state of its data; templates are not compiled again."""
        other = copy(self)
        other.site, other._latest = site, None
        other._documents = DataDocuments(site, catalogue=self._catalogue)
        other._presses = {each.language: self._presses[each.language].over(each) for each in site.editions}
        return other

    def files(self, page: Page, *, but: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
        """Give the files of a page by path, `but` those: for people in each language, then the data formats."""
        for path, format, language in self._files(page):
            if path not in but:
                yield path, self.render(page, format, language=language)

    def _files(self, page: Page) -> Iterator[tuple[str, Format, str]]:
        for format in page.formats:
            if format is HTML:
                yield from ((page.path + each.targets.ending, format, each.language) for each in self.site.editions)
            else:
                yield page.path + format.extension, format, ""

    def compiling(self) -> Iterator[str]:
        """Compile all templates, one before the name of each is given."""
        for press in self._presses.values():
            yield from press.compiling()

    def _html(self, page: Page, press: _Press) -> str:
        # A host sends the page for what is missing in place of any other, in whatever folder.
        root = folder_of_site(self.site) if page.kind is Kind.MISSING else "../" * page.path.count("/")
        description = self._described(page.resource) if page.resource else None
        content = content_of(press.site, description) if description else None
        if content and page.resource:
            content.structured.update(catalogue_markup(press.site, content.structured, page.resource, self._downloads))
        cites = content is not None and content.cites
        more = content.more if content else None
        data = {TURTLE, JSONLD} <= {*page.formats}
        writer = Writer(press.fragments_at(root), cites=cites, current=page.path, has_data=data, more=more)
        template = press.template(self.site.templates_of(page, description.types if description else ()))
        view = self._view(page, press.site, description)
        types = [str(content.structured["@type"])] if content else []
        head = head_of(press.site, page, press.signposts.of(page, types=types))
        view["social"] = press.socials.of(page, description)
        if page.resource and content:
            view["citation"] = press.citations.of(page.resource)
            view["same"] = sameness(press.site.store, page.resource).value
        try:
            return template.render(view, root=root, page=page, head=head, content=content, w=writer)
        except UndefinedError as error:
            raise ProjectError(f"site/templates/{template.name}: {error.message}") from error
        except TemplateSyntaxError as error:  # of a template that this one extends or includes
            raise ProjectError(f"site/templates/{error.name}:{error.lineno}: {error.message}") from error

    def _view(self, page: Page, site: Site, description: Description | None) -> dict[str, object]:
        """Return what the template of a kind of page is given beside the content of its resource."""
        node = page.resource
        match page.kind:
            case Kind.TERM if description:
                return {"use": use_of(site.store, description=description)}
            case Kind.SHAPE if node:
                return {"book": read_rule_book(site.store, shape=node)}
            case Kind.ONTOLOGY if node:
                return _vocabulary(site, node)
            case Kind.SHAPES if node:
                groups = term_groups(site, terms_of(site, document=node))
                return {"groups": groups, "books": rule_books(site, document=node)}
            case Kind.ARRIVALS:
                return {"list": site.arrivals.read(page)}
            case Kind.CLASS:
                return {"list": class_page(site, page)}
            case Kind.CLASSES:
                return {"index": class_index(site)}
            case Kind.HOME:
                return {"home": home(site)} | _vocabulary_at_home(site, node)
            case Kind.STATISTICS:
                return {"numbers": numbers(site)}
            case Kind.REPORT:
                return {"report": self._report, "findings": findings(site, self._report)}
            case Kind.LINK:
                return {"link": link_page(site), "digits": lookup_digits(site)}
            case Kind.SEARCH:
                return {"ending": site.targets.ending}
            case Kind.DOWNLOADS if self._downloads_page:
                return {"taken": self._downloads_page}
            case Kind.FOLDER if self._downloads_page:
                return {"taken": self._downloads_page, "folder": folder_of(self._downloads_page, page)}
            case Kind.PROSE:
                return {"prose": site.read_prose(page.path)}
            case Kind.QUERY:
                return {"query": query_page(site)}
            case Kind.COOKBOOK:
                return {"chapters": cookbook(site)}
        return {}

    def _described(self, resource: NamedNode) -> Description:
        """Describe a resource; its files come one after the other, so that the latest description is kept."""
        if self._latest is None or self._latest.resource != resource:
            self._latest = describe(self.site.store, resource=resource, presentation=self.site.presentation)
        return self._latest


class _Press:
    """The templates and the fragments of one edition."""

    def __init__(
        self,
        site: Site,
        assets: Mapping[str, str],
        downloads: tuple[Download, ...],
        atlas: Atlas,
        compiled: Compiled,
    ) -> None:
        self.site = site
        self._shared = (assets, downloads, atlas, compiled)
        self.signposts = Signposts(site, downloads=downloads)
        self.socials, self.citations = Socials(site, assets=assets), Citations(site)
        self._environment = environment(site.project, words=site.interface, compiled=compiled)
        self._environment.globals.update(assets=assets, downloads=downloads, site=site)
        self._environment.globals["portraits"] = Portraits(site, atlas=atlas)
        self._fragments: dict[str, Fragments] = {}
        self._templates: dict[tuple[str, ...], Template] = {}

    def over(self, site: Site) -> _Press:
        return _Press(site, *self._shared)

    def compiling(self) -> Iterator[str]:
        return compiling(self._environment, self.site.project)

    def template(self, names: tuple[str, ...]) -> Template:
        found = self._templates.get(names)
        if found is None:
            try:
                found = self._templates[names] = self._environment.select_template(names)
            except TemplateSyntaxError as error:
                raise ProjectError(f"site/templates/{error.name}:{error.lineno}: {error.message}") from error
        return found

    def fragments_at(self, root: str) -> Fragments:
        """Return the fragments for pages from which `root` leads to the root of the site."""
        found = self._fragments.get(root)
        if found is None:
            macros: dict[str, Callable[..., Markup]] = {}

            def partials(name: str, /) -> Callable[..., Markup]:
                if name not in macros:
                    template = self._environment.get_template(f"partials/{name}.html")
                    macros[name] = getattr(template.make_module({"root": root, "fragments": fragments}), name)
                return macros[name]

            found = fragments = self._fragments[root] = Fragments(self.site, partials, root=root)
        return found


def _vocabulary(site: Site, document: NamedNode) -> dict[str, object]:
    terms = terms_of(site, document=document)
    return {"groups": term_groups(site, terms), "diagram": diagram(site, terms)}


def _vocabulary_at_home(site: Site, document: NamedNode | None) -> dict[str, object]:
    return _vocabulary(site, document) if document and is_vocabulary(site, document=document) else {}
