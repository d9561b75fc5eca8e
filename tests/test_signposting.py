"""Signposting: what programs find in pages and in the link set, where the site is a folder of files."""

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import signposting

from made_projects import BASE, PREFIXES, build


def test_a_page_and_the_link_set_give_the_same_addresses(tmp_path: Path) -> None:
    """The data say where the site is, and the page lies in a folder, where a relative address has two meanings."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "public"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}/"
        data = f'<{BASE}about/trees> a dcat:Dataset ; dcterms:title "Trees"@en ; foaf:homepage <{root}> .'
        build(tmp_path, f"{data} :catalog a dcat:Catalog ; dcat:dataset <{BASE}about/trees> .")
        page = signposting.find_signposting_html(f"{root}about/trees.html")
        (linkset,) = page.linksets
        found = signposting.find_signposting_linkset(linkset.target)
        server.shutdown()
    assert linkset.target == f"{root}linkset.json"
    of_page, of_dump = (found.for_context(root + each) for each in ("about/trees.html", "dumps/data.nq"))
    for told, listed in ((page.items, of_page.items), (page.describedBy, of_page.describedBy)):
        assert told and {str(each.target) for each in told} <= {str(each.target) for each in listed}
    assert page.citeAs is not None and of_page.citeAs is not None and page.citeAs.target == of_page.citeAs.target
    assert of_dump.collection is not None and of_dump.collection.target == f"{root}about/trees.html"


def test_the_link_set_of_a_site_whose_address_nobody_knows_is_relative(tmp_path: Path) -> None:
    data = PREFIXES + '<ark://x/d> a dcat:Dataset ; dcterms:title "D"@en ; void:uriSpace "ark://x/" .'
    out = build(tmp_path, "", data__data_trig=data)
    anchors = {each["anchor"] for each in json.loads((out / "linkset.json").read_text())["linkset"]}
    assert {"d.html", "dumps/data.nq"} <= anchors
