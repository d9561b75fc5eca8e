"""Small projects for tests, and what is built from them."""

import functools
from pathlib import Path

from communique.formats import HTML, Format
from communique.project import Project
from communique.publication.publishing import publish
from communique.rendition.rendering import Renderer
from communique.shacl.validation import ValidationReport
from communique.store import Store
from communique.website.pages import Download, Page
from communique.website.site import Site
from html_pages import Page as Html

BASE = "https://example.org/id/"
PREFIXES = f"""
@prefix : <{BASE}> .
@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATASET = f'<{BASE}dataset> a dcat:Dataset ; dcterms:title "Made up"@en ; void:uriSpace "{BASE}" .\n'


def make_project(folder: Path, data: str = "", **files: str) -> Project:
    """Write a project: `data` is TriG under the prefixes above, others are named with `__` for `/`, `_` for `.`."""
    contents = {"data/data.trig": PREFIXES + DATASET + data}
    contents |= {path_of(name): text for name, text in files.items()}
    for path, text in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return Project.open(folder)


def path_of(name: str) -> str:
    stem, _, extension = name.replace("__", "/").rpartition("_")
    return f"{stem}.{extension}"


def make_site(folder: Path, data: str = "", **files: str) -> Site:
    project = make_project(folder, data, **files)
    return Site(project, Store.load(project))


def renderer(site: Site, report: ValidationReport | None = None, downloads: tuple[Download, ...] = ()) -> Renderer:
    names = site.project.site_files("assets")
    assets = {name.removeprefix("assets/"): name for name in names}
    return Renderer(site, assets=assets, downloads=downloads, report=report or ValidationReport())


def page_at(site: Site, path: str) -> Page:
    (found,) = [page for page in site.pages() if page.path == path]
    return found


@functools.lru_cache(maxsize=2)
def renderer_of(site: Site) -> Renderer:
    """Return the same renderer each time: to read the templates takes longer than to fill them."""
    return renderer(site)


def html(site: Site, path: str) -> Html:
    return Html(renderer_of(site).render(page_at(site, path), HTML).decode())


def text(site: Site, path: str, format: Format) -> str:
    return renderer_of(site).render(page_at(site, path), format).decode()


def build(folder: Path, data: str = "", **files: str) -> Path:
    """Publish a made-up project without validating it, and return the folder of the site."""
    site = make_site(folder, data, **files)
    publish(site, report=ValidationReport(), out=folder / "public")
    return folder / "public"
