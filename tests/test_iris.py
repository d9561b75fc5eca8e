"""Laws of IRI <-> path <-> CURIE."""

import doctest
import posixpath
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from communique import file_names, iris
from communique.errors import ProjectError
from communique.file_names import folded
from communique.iris import Addresses, Prefixes

BASE = "https://w3id.org/communique/"
HOSTILE = [
    "../../etc/passwd", "%2e%2e/x", "..%2Fx", "%2E%2E%2Fetc", "a%5cb", "%252e%252e/x", "./x", "a/./b", "a/../b",
    "//x", "a//b", "x", "x/", "x/y", "x.html", "x.html/y", "index.html", "index", "INDEX", "", "x/index", "X", "%78",
    "é", "e\u0301", "%C3%A9", "%c3%a9", "CON", "con", "nul", "NUL.html", "com1", "LPT9.txt", "x.", "x.../y", "a:b",
    "a%3Ab", "a%20", "%20a", "x" * 256, "я" * 130, "/".join("s" * 500), "y" * 8000, "a%00b", "a%0d%0ab", "%ff",
    ".git/config", ".htaccess", ".well-known/void", "sparql", "SPARQL", "assets/x", "robots.txt", "dumps", "a\u200bb",
    "a\u202eb", "／etc", "․․/x", "straße", "STRASSE", "İ", "i̇", "ﬁ", "fi", "x~aaaaaaaaaaaaaaaa", "~aaaaaaaaaaaaaaaa",
    "*", "%3C", "%22", "%7C", "%3F", "a%2Fb", "aux.ttl/x",
]  # fmt: skip
PIECES = st.sampled_from(
    [
        "x",
        "X",
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%2F",
        "%61",
        "a",
        "A",
        "é",
        "e\u0301",
        "index",
        ".html",
        "~",
        "con",
        "%",
        "я",
    ]
)
RESTS = st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(max_size=12), st.sampled_from(HOSTILE))


def paths(rests: list[str], extension: str = "html") -> list[str]:
    addresses = Addresses(BASE, [BASE + rest for rest in rests])
    return [addresses.path(BASE + rest, extension) for rest in rests]


@pytest.mark.parametrize(
    ("rest", "path"),
    [
        ("", "index.html"),
        ("sco/meeting/prosecutors-general-19", "sco/meeting/prosecutors-general-19.html"),
        ("sco/", "sco/index.html"),
        ("sco", "sco.html"),
        ("ns#Meeting", "ns.html#Meeting"),
        ("x?y=1", "x.html"),
        ("#f", "index.html#f"),
        ("лицо/Иванов", "лицо/Иванов.html"),
        ("%D0%BB", "л.html"),
        ("会议/第十九次", "会议/第十九次.html"),
        ("v1.0/x_y", "v1.0/x_y.html"),
    ],
)
def test_readable_iri_becomes_the_path_as_it_stands(rest: str, path: str) -> None:
    assert paths([rest]) == [path]


def test_extension_may_come_with_its_dot() -> None:
    assert paths(["x"], ".ttl") == ["x.ttl"]


@given(st.lists(RESTS, max_size=12))
@example(HOSTILE)
@example(["a/x", "%61/x", "A/x", "a/X"])
@example(["x", "x.html/y", "x/", "x/index", "X/"])
def test_no_two_documents_share_a_path_even_where_case_is_ignored(rests: list[str]) -> None:
    documents = sorted({rest.partition("#")[0].partition("?")[0] for rest in rests})
    found = paths(documents) + paths(documents, "jsonld")
    assert len({folded(path) for path in found}) == 2 * len(documents)


@given(st.lists(RESTS, max_size=12))
@example(HOSTILE)
def test_no_document_is_a_folder_of_another(rests: list[str]) -> None:
    found = [path.partition("#")[0] for path in paths(rests) + paths(rests, "ttl")]
    folders = {folded(str(folder)) for path in found for folder in PurePosixPath(path).parents}
    assert not folders & {folded(path) for path in found}


@given(RESTS)
@example("/".join("s" * 500))
def test_path_is_safe_on_every_file_system(rest: str) -> None:
    path = paths([rest])[0].partition("#")[0]
    assert posixpath.normpath(path) == path
    assert len(path) <= 255
    for name in path.split("/"):
        assert name.rstrip(". ") == name and not name.startswith((".", " "))
        assert len(name.encode()) <= 255
        assert not set(name) & set('<>:"\\|?*%#') and name.isprintable()
        assert name.split(".")[0].strip().lower() not in ("con", "nul", "aux", "prn", "com1", "lpt9")


@given(st.lists(RESTS, max_size=8), st.randoms())
def test_order_of_the_iris_does_not_matter(rests: list[str], random: object) -> None:
    shuffled = sorted(rests, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert dict(zip(rests, paths(rests), strict=True)) == dict(zip(shuffled, paths(shuffled), strict=True))


@pytest.mark.parametrize("name", ["sparql", "SPARQL", "assets/site.css", "robots.txt", "dumps", "%73parql"])
def test_names_of_the_site_are_kept_free(name: str) -> None:
    first = paths([name])[0].split("/")[0]
    assert folded(first.removesuffix(".html")) not in iris.RESERVED


def test_site_may_keep_other_names_free() -> None:
    addresses = Addresses(BASE, [BASE + "about"], reserved=["about"])
    assert addresses.path(BASE + "about", "html").startswith("about~")


def test_renamed_lists_what_could_not_be_called_as_it_is() -> None:
    addresses = Addresses(BASE, [BASE + "x", BASE + "X", BASE + "sco/"])
    assert addresses.renamed == {BASE + "X": addresses.file(BASE + "X", "html").removesuffix(".html")}


def test_small_letters_keep_their_address_when_capitals_come() -> None:
    assert Addresses(BASE, [BASE + "x", BASE + "X"]).file(BASE + "x", "html") == "x.html"


@pytest.mark.parametrize(
    "iri",
    [
        "https://w3id.org.evil.org/communique/x",
        "https://user@w3id.org/communique/x",
        "https://w3id.org:443/communique/x",
        "HTTPS://w3id.org/communique/x",
        "https://wЗid.org/communique/x",
        "https://w3id.org/communique",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
    ],
)
def test_other_iris_are_not_ours(iri: str) -> None:
    assert not Addresses(BASE).owns(iri)


def test_document_is_the_iri_without_query_and_fragment() -> None:
    assert Addresses(BASE).document(BASE + "x?y=1#f") == BASE + "x"


def test_base_may_end_in_a_hash() -> None:
    addresses = Addresses("http://example.org/ns#", ["http://example.org/ns#A"])
    assert addresses.path("http://example.org/ns#A", "ttl") == "index.ttl#A"
    assert addresses.owns("http://example.org/ns")


def test_base_without_slash_or_hash_is_refused() -> None:
    with pytest.raises(ProjectError, match="must end in"):
        Addresses("https://example.org/id")


@pytest.mark.parametrize(
    ("from_path", "to_path", "url"),
    [
        ("sco/meeting/x.html", "ns.html#Meeting", "../../ns.html#Meeting"),
        ("ns.html", "ns.html#Meeting", "#Meeting"),
        ("x.html", "x.html", "x.html"),
        ("index.html", "лицо/a b.html", "%D0%BB%D0%B8%D1%86%D0%BE/a%20b.html"),
        ("a/b.html", "a/c.html#%20x y", "c.html#%20x%20y"),
    ],
)
def test_relative_url_leads_from_one_page_to_another(from_path: str, to_path: str, url: str) -> None:
    assert Addresses(BASE).relative(from_path, to_path) == url


@given(st.lists(RESTS, min_size=2, max_size=2))
def test_browser_that_follows_a_relative_url_asks_for_the_path(rests: list[str]) -> None:
    start, goal = (path.partition("#")[0] for path in paths(rests))
    url = urljoin("http://localhost/site/" + start, Addresses(BASE).relative(start, goal))
    assert unquote(url) == "http://localhost/site/" + goal


@pytest.mark.parametrize(
    ("iri", "curie"),
    [
        ("http://www.w3.org/ns/org#Post", "org:Post"),
        ("http://schema.org/", "schema:"),
        ("https://example.org/state/ind", "state:ind"),
        ("https://example.org/state/ind/x", None),
        ("https://example.org/state/x.", None),
        ("https://example.org/state/a,b", None),
        ("https://example.org/state/-x", None),
        ("https://example.org/state/a%20b", "state:a%20b"),
        ("https://example.org/state/Индия", "state:Индия"),
        ("https://example.org/id_42", "id:42"),
        ("urn:isbn:1", None),
    ],
)
def test_curie_is_what_turtle_can_write_without_a_backslash(iri: str, curie: str | None) -> None:
    prefixes = Prefixes({"state": "https://example.org/state/", "id": "https://example.org/id_"})
    assert prefixes.curie(iri) == curie
    assert curie is None or prefixes.expand(curie) == iri


def test_declared_prefix_wins_over_a_well_known_one() -> None:
    prefixes = Prefixes({"dct": "http://purl.org/dc/terms/", "org": "https://example.org/"})
    assert prefixes.curie("http://purl.org/dc/terms/title") == "dct:title"
    assert prefixes["org"] == "https://example.org/"
    assert "dcterms" not in prefixes


def test_of_two_prefixes_for_one_namespace_the_first_in_the_alphabet_is_used() -> None:
    assert Prefixes({"b": "urn:x/", "a": "urn:x/"}).curie("urn:x/y") == "a:y"


def test_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(iris).failed == doctest.testmod(file_names).failed == 0
