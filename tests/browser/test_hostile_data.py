"""The site of the repository with scripts in all that its data say, in a browser without the policy that stops them."""

import shutil
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from page_kinds import page_kinds
from toolbox import drive, static_host

from communique.project import Project
from communique.publication.publishing import publish
from communique.shacl.validation import validate
from communique.store import Store
from communique.website.site import Site
from test_hostile_pages import SCRIPTS

ROOT = Path(__file__).parents[2]
TEXTS = ("http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
READ = [ox.NamedNode("http://rdfs.org/ns/void#uriSpace")]
"""What a build reads as an address and refuses otherwise."""


def hostile(quad: ox.Quad, number: int) -> ox.Quad:
    """Put all scripts behind the words of a literal, another one first each time: what breaks out hides the others."""
    said = quad.object
    if not isinstance(said, ox.Literal) or said.datatype.value not in TEXTS or quad.predicate in READ:
        return quad
    first = number % len(SCRIPTS)
    text = " ".join((said.value, *SCRIPTS[first:], *SCRIPTS[:first]))
    literal = ox.Literal(text, language=said.language) if said.language else ox.Literal(text)
    return ox.Quad(quad.subject, quad.predicate, literal, quad.graph_name)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("data", "ontology", "shapes", "site"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules"))
    for path in (*(folder / "data").rglob("*.ttl"), *(folder / "data").rglob("*.trig")):
        quads = [hostile(quad, number) for number, quad in enumerate(ox.parse(path=str(path)))]
        syntax = ox.RdfFormat.TRIG if path.suffix == ".trig" else ox.RdfFormat.TURTLE
        ox.serialize(quads if path.suffix == ".trig" else (quad.triple for quad in quads), str(path), format=syntax)
    project = Project.open(folder)
    store = Store.load(project)
    # Rules are broken by such data: the report, which is a page as well, says which.
    publish(Site(project, store), report=validate(store, project=project), out=folder / "public", jobs=2)
    return folder / "public"


def test_no_script_of_the_data_runs_on_any_kind_of_page(site: Path) -> None:
    kinds = page_kinds(site)
    with static_host(site) as origin:
        # The search is one script for all pages; it is tried on a few of them.
        task = {"origin": origin, "pages": kinds, "typed": {"#site-q": SCRIPTS[0]}, "typedOn": kinds[::12]}
        found: dict[str, Any] = drive("hostile.mjs", task, timeout=1200)
    assert len(kinds) > 50
    assert sum(result["words"] for result in found.values()) > 30, "the scripts are there, as words"
    for what in ("ran", "dialogs", "handlers", "links", "frames", "foreign"):
        assert {page: result[what] for page, result in found.items() if result[what]} == {}, what
