"""What data of unknown origin may do to a page: be read."""

import json
import re
from pathlib import Path

import pytest

from communique.website.site import Site
from html_pages import Page, dead_links, pages
from made_projects import BASE, build, html, make_site

SCRIPTS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u2028alert(1)//\u2029",
]
PLACES = {
    "label": ":x a foaf:Person ; rdfs:label {} .",
    "language label": ":x a foaf:Person ; rdfs:label {}@en .",
    "comment": ":x a foaf:Person ; rdfs:comment {} .",
    "anyURI": ":x a foaf:Person ; rdfs:seeAlso {}^^xsd:anyURI .",
    "HTML": ":x a foaf:Person ; rdfs:comment {}^^rdf:HTML .",
    "XML": ":x a foaf:Person ; rdfs:comment {}^^rdf:XMLLiteral .",
    "class": ":x a :C . :C rdfs:label {} .",
    "property": ":x a foaf:Person ; :p 1 . :p rdfs:label {} .",
    "number": ":x a foaf:Person ; :p {}^^xsd:integer .",
    "gist": "GRAPH :e {{ :x a foaf:Person }} :e a cmq:Passage ; cmq:gist {}@en ; skos:notation {} ; cmq:paragraph {} .",
    "incoming": ":x a foaf:Person . :y foaf:knows :x ; rdfs:label {} .",
}


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def elements(page: Page) -> list[tuple[str, frozenset[str]]]:
    return [(element.tag, frozenset(element.attributes)) for element in page.elements]


@pytest.mark.parametrize("place", PLACES)
def test_a_script_in_the_data_is_text(tmp_path: Path, place: str) -> None:
    data = "\n".join(filled(PLACES[place], script, number) for number, script in enumerate(SCRIPTS))
    site = make_site(tmp_path, data)
    for number, script in enumerate(SCRIPTS):
        page = html(site, f"x{number}")
        assert page.faults == [], script
        assert page.scripts == [], script
        assert not [
            link for link in page.links if link.lower().strip().startswith(("javascript:", "data:", "vbscript:"))
        ]


def filled(pattern: str, script: str, number: int) -> str:
    """Put a script into a place of its own: `:x` becomes `:x7`."""
    numbered = re.sub(r"(?<![\w>]):([xCpye])\b", rf":\g<1>{number}", pattern)
    return numbered.replace("{{", "{ ").replace("}}", " }").replace("{}", quoted(script))


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A person with a plain label, and one for each script that is its label."""
    labels = ["plain", *SCRIPTS]
    data = "\n".join(f":x{number} a foaf:Person ; rdfs:label {quoted(label)} ." for number, label in enumerate(labels))
    return make_site(tmp_path_factory.mktemp("labelled"), data)


@pytest.mark.parametrize("number", range(1, len(SCRIPTS) + 1))
def test_a_script_changes_no_element_of_a_page(labelled: Site, number: int) -> None:
    assert elements(html(labelled, f"x{number}")) == elements(html(labelled, "x0"))


@pytest.mark.parametrize("number", range(1, len(SCRIPTS) + 1))
def test_structured_data_stay_in_their_block(labelled: Site, number: int) -> None:
    page = html(labelled, f"x{number}")
    assert "<" not in page.one("script").text
    assert page.structured["@type"] == "Person"


def test_a_template_in_the_data_is_text(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, ':x rdfs:label "{{7*7}}{% raw %}${7*7}" .'), "x")
    assert page.one("h1").text == "{{7*7}}{% raw %}${7*7}"


def test_a_datatype_that_runs_is_text(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, ':x :p "1"^^<javascript:alert(1)> .'), "x")
    assert not any("javascript" in link for link in page.links)


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_an_iri_that_runs_is_text(tmp_path: Path, iri: str) -> None:
    page = html(make_site(tmp_path, f":x foaf:homepage <{iri}> ; <{iri}> 1 ; a <{iri}> . <{iri}> foaf:knows :x ."), "x")
    assert [link for link in page.links if ":" in link and not link.startswith(("http://", "https://"))] == []


def test_invisible_characters_of_an_iri_are_seen(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, ":x foaf:homepage <https://pay\u200bpal.example/\u202egnp> ."), "x")
    assert "[U+200B]" in page.text and "[U+202E]" in page.text


def test_an_address_that_deceives_is_no_link(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, ":x foaf:homepage <https://pay\u200bpal.example/> ."), "x")
    assert not any("pal.example" in link for link in page.links)


def test_control_characters_are_seen(tmp_path: Path) -> None:
    site = make_site(tmp_path, ':x rdfs:label "a\\u0000b\\u001B[31m" ; rdfs:comment "c\\u202Ed" .')
    shown = html(site, "x").text
    assert "a␀b␛[31m" in shown and "c[U+202E]d" in shown


def test_an_ill_typed_value_is_shown_and_marked(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, ':x :p "abc"^^xsd:integer .'), "x")
    assert "not a valid xsd:integer" in page.text and "abc" in page.text


def test_a_number_of_ten_thousand_digits_is_shown(tmp_path: Path) -> None:
    assert "9" * 9_999 in html(make_site(tmp_path, f":x :p {'9' * 9_999} ."), "x").text


def test_a_megabyte_of_label_is_cut(tmp_path: Path) -> None:
    site = make_site(tmp_path, f':x rdfs:label "{"y" * 1_000_000}" ; foaf:knows :x .')
    assert len(html(site, "x").source) < 100_000


def test_a_megabyte_of_text_is_cut_and_says_so(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, f':x rdfs:label "x" ; :p "{"y" * 1_000_000}" .'), "x")
    assert "cut after 10,000 of 1,000,000 characters" in page.text


def test_four_hundred_languages_are_told(tmp_path: Path) -> None:
    tags = [f"a{chr(97 + i // 20)}{chr(97 + i % 20)}" for i in range(400)]
    site = make_site(tmp_path, ":x rdfs:label " + ", ".join(f'"{tag}"@{tag}' for tag in tags) + " .")
    shown = html(site, "x").text
    assert [tag for tag in tags if tag not in shown] == []


def test_five_thousand_incoming_links_make_a_small_page(tmp_path: Path) -> None:
    links = " ".join(f":p{number} foaf:knows :x ." for number in range(5000))
    page = html(make_site(tmp_path, ":x a foaf:Person ." + links), "x")
    assert len(page.source) < 100_000 and "knows 5,000" in page.text


def test_three_thousand_properties_are_told(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, ":x " + " ; ".join(f":p{number} {number}" for number in range(3000)) + " ."), "x")
    assert len(page.all("dt")) > 3000


IRIS = [
    *[
        "../secret",
        "..%2Fsecret",
        "%2e%2e/secret",
        "a//b",
        "a/./b",
        "a/../b",
        "CON",
        "NUL.html",
        "x.html",
        "x.ttl",
        "index",
        "index.html",
    ],
    *[
        ".htaccess",
        ".git/config",
        "assets/site.css",
        "404",
        "dumps/data.nq",
        "robots.txt",
        "sitemap.xml",
        "a%00b",
        "a%0d%0ab",
        "%C3%A9",
        "é",
        "A",
        "a",
    ],
    *[
        "Straße",
        "日本語",
        "a?b=1",
        "a?b=1#c",
        "a#b",
        "a/b",
        "#c",
        "c",
        "a/",
        "a:b",
        "trailing.",
        "~tilde",
        "q'uote",
        "a&b",
        "classes/person",
        "report",
        "manual",
    ],
    "x" * 300,
    "/".join("abcdefgh" * 8),
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = "\n".join(
        f'<{BASE}{iri}> a foaf:Person ; rdfs:label "thing {number}"@en ; foaf:knows <{BASE}{IRIS[number - 1]}> .'
        for number, iri in enumerate(IRIS)
    )
    return build(tmp_path_factory.mktemp("hostile"), data)


def test_every_iri_has_a_page_of_its_own(hostile: Path) -> None:
    titles = [page.one("h1").text for name, page in pages(hostile).items() if name != "404.html"]
    assert sorted(title for title in titles if title.startswith("thing ")) == sorted(
        f"thing {n}" for n in range(len(IRIS))
    )


def test_hostile_iris_lead_to_pages_that_are_there(hostile: Path) -> None:
    every = pages(hostile)
    assert dead_links(hostile, {name: page for name, page in every.items() if name != "404.html"}) == []


def test_pages_of_hostile_iris_are_well_formed(hostile: Path) -> None:
    assert {name: page.faults for name, page in pages(hostile).items() if page.faults} == {}


def test_nothing_is_written_outside_the_folder(hostile: Path) -> None:
    around = sorted(path.name for path in hostile.parent.iterdir())
    assert around == [".public", "data", "public"]
