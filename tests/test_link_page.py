"""How others link to a site: a page that tells it, and look-ups that need no server."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolution, RdfFormat, Store

from communique.descriptions.outward import OWL, Link
from communique.lookup.lookup_shards import digits_for, lookup_shards
from html_pages import read
from made_projects import build

DATA = """
:india a cmq:State ; rdfs:label "India"@en, "Индия"@ru ; owl:sameAs <http://www.wikidata.org/entity/Q668> ;
    skos:broadMatch <http://www.wikidata.org/entity/Q48> .
:other rdfs:label "India"@en .
"""


def looked_up(site: Path, text: str) -> list[str]:
    """Look a text up as the manual says."""
    digits = json.loads((site / "lookup" / "index.json").read_text())["digits"]
    path = site / "lookup" / f"{hashlib.sha256(text.encode()).hexdigest()[:digits]}.json"
    return list(json.loads(path.read_text(encoding="utf-8")).get(text, [])) if path.exists() else []


def test_a_foreign_iri_leads_to_the_same_thing_of_ours(tmp_path: Path) -> None:
    assert looked_up(build(tmp_path, DATA), "http://www.wikidata.org/entity/Q668") == ["https://example.org/id/india"]


def test_an_empty_label_has_no_row(tmp_path: Path) -> None:
    rows = (build(tmp_path, DATA + ':x rdfs:label "", " "@en, "X"@en .') / "labels.csv").read_text().splitlines()
    assert [row for row in rows if "/x," in row] == ["https://example.org/id/x,X,en,preferred,"]


def test_what_is_only_related_is_not_the_same(tmp_path: Path) -> None:
    assert looked_up(build(tmp_path, DATA), "http://www.wikidata.org/entity/Q48") == []


def test_a_label_leads_to_all_that_have_it(tmp_path: Path) -> None:
    site = build(tmp_path, DATA)
    assert looked_up(site, "India") == ["https://example.org/id/india", "https://example.org/id/other"]
    assert looked_up(site, "Индия") == ["https://example.org/id/india"]


def test_a_label_is_found_as_it_is_written_and_in_one_line(tmp_path: Path) -> None:
    site = build(tmp_path, ':one rdfs:label "Two\\nlines" . :two rdfs:label "Two  lines"@en .')
    every = ["https://example.org/id/one", "https://example.org/id/two"]
    assert [looked_up(site, label) for label in ("Two lines", "Two\nlines", "Two  lines")] == [every] * 3
    assert looked_up(site, "Two\tlines") == []


def test_no_file_grows_without_bound() -> None:
    texts = 300_000
    links = [
        Link(f"https://a.org/{n}", "http://www.w3.org/2002/07/owl#sameAs", f"https://b.org/{n}") for n in range(texts)
    ]
    shards = dict(lookup_shards(links, labels=()))
    about = json.loads(shards.pop("lookup/index.json"))
    assert about["digits"] == digits_for(texts) == 3
    assert max(len(json.loads(content)) for content in shards.values()) < 1500


def test_the_page_tells_all_ways_with_examples_of_the_site(tmp_path: Path) -> None:
    page = (build(tmp_path, DATA) / "link.html").read_text(encoding="utf-8")
    for words in (
        "https://example.org/id/reconcile",
        "PREFIX owl: &lt;http://www.w3.org/2002/07/owl#&gt;",
        "SERVICE &lt;https://example.org/id/sparql&gt;",
        'Q668|P2888|"https://example.org/id/india"',
        "lookup/index.json",
        'href="beacon-wd.txt"',
    ):
        assert words in page


@pytest.mark.parametrize(("service", "elsewhere"), [("reconcile", "labels.csv"), ("sparql", "downloads.html")])
def test_what_needs_a_server_is_said_to_and_what_to_take_elsewhere(
    tmp_path: Path, service: str, elsewhere: str
) -> None:
    page = (build(tmp_path, DATA) / "link.html").read_text(encoding="utf-8")
    (section,) = [each for each in page.split("<h2>") if f"https://example.org/id/{service}" in each]
    assert "Where <code>communique serve</code> serves this site" in section.partition("https://")[0]
    assert "A plain web host has no" in section and f'href="{elsewhere}"' in section


PROMISED = "They answer once that address leads to this site"


def test_the_page_promises_no_service_at_an_address_of_which_nobody_says_that_it_leads_here(tmp_path: Path) -> None:
    assert PROMISED in read(build(tmp_path / "one", DATA) / "link.html").text
    stated = DATA + ":dataset foaf:homepage <https://data.example.org/> ."
    page = read(build(tmp_path / "two", stated) / "link.html").text
    assert PROMISED not in page and "https://data.example.org/reconcile" in page


def test_the_example_for_a_shell_asks_for_the_file_of_the_very_name(tmp_path: Path) -> None:
    name = "Côte d'Ivoire \\ $HOME"
    text = name.replace("\\", "\\\\")
    site = build(tmp_path, f':ci a cmq:State ; rdfs:label "{text}"@en . :dataset void:exampleResource :ci .')
    shown = next(each.text for each in read(site / "link.html").all("pre") if each.text.startswith("text="))
    told = subprocess.run(["bash", "-c", shown.replace("curl", "echo")], capture_output=True, text=True, check=True)
    path = told.stdout.strip().removeprefix("https://example.org/id/")
    assert name in json.loads((site / path).read_text(encoding="utf-8"))


def test_a_page_of_a_thing_has_a_snippet_to_link_to_it(tmp_path: Path) -> None:
    page = (build(tmp_path, DATA) / "india.html").read_text(encoding="utf-8")
    assert '&lt;a href="https://example.org/id/india"&gt;India&lt;/a&gt;' in page and 'href="link.html"' in page


def shown(site: Path, beginning: str) -> str:
    return next(each.text for each in read(site / "link.html").all("pre") if beginning in each.text)


def answers(site: Path, *, thing: str) -> list[QuerySolution]:
    """Ask the dumped dataset what the query of the page asks, as somebody who has a thing that is the same."""
    store = Store()
    store.load(path=site / "dumps" / "data.nt", format=RdfFormat.N_TRIPLES)
    store.load(shown(site, "@prefix"), format=RdfFormat.TURTLE)
    assert any(store.quads_for_pattern(NamedNode("https://your.example/thing"), None, NamedNode(thing)))
    query = shown(site, "SERVICE").replace("SERVICE <https://example.org/id/sparql>", "")
    return list(store.query(query))


@pytest.mark.parametrize(
    ("stated", "relation"),
    [
        ('a skos:Concept ; skos:prefLabel "Ship"@en', "skos:exactMatch"),
        ('skos:inScheme :scheme ; a :Term ; skos:prefLabel "Ship"', "skos:exactMatch"),
        ('a :Thing ; foaf:name "Ship"', "owl:sameAs"),
        ('a :Thing ; dcterms:title "Ship"@ru', "owl:sameAs"),
        ('a :Thing ; schema:name "Ship"', "owl:sameAs"),
        ('a :Thing ; <https://schema.org/name> "Ship"', "owl:sameAs"),
        ("a :Thing ; :tonnage 3", "owl:sameAs"),
    ],
)
def test_what_the_page_proposes_gets_an_answer_whatever_the_data_use(
    tmp_path: Path, stated: str, relation: str
) -> None:
    site = build(tmp_path, f":ship {stated} . :dataset void:exampleResource :ship .")
    assert answers(site, thing="https://example.org/id/ship") != []
    assert f"?yours {relation} ?thing" in shown(site, "SERVICE")
    full = relation.replace("skos:", "http://www.w3.org/2004/02/skos/core#").replace("owl:", OWL)
    assert f"<https://your.example/thing> <{full}> <https://example.org/id/ship> ." in read(site / "ship.html").text
