"""What a process keeps ready from one build to the next: a site is the same with it and without."""

import hashlib
from pathlib import Path

import pytest

from communique.errors import DataError
from communique.interface import Interface
from communique.project import Project
from communique.publication.building import build
from communique.publication.early import Early
from communique.publication.progress import Progress
from communique.publication.warmth import Warmth
from communique.snapshots import NAMES, beside
from communique.store import Store
from communique.website.catalogues import interfaces
from communique.website.site import Site
from made_projects import PREFIXES, make_project

DATA = """
:ada a foaf:Person ; rdfs:label "Ada"@en ; foaf:age 36 ; foaf:knows :charles .
:charles a foaf:Person ; rdfs:label "Charles"@en .
"""
SHAPE = f"""{PREFIXES}
<https://example.org/shapes> a owl:Ontology ; rdfs:label "Rules"@en .
:Person a sh:NodeShape ; rdfs:label "Person"@en ; sh:targetClass foaf:Person ; sh:property :age .
:age a sh:PropertyShape ; sh:path foaf:age ; sh:name "age"@en ; sh:maxCount 1 ; sh:severity sh:Warning ;
  sh:message "One age."@en .
"""
WORDS = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=n != 1;\\n"

msgid "Downloads"
msgstr "{}"
"""
RU = "locale/ru/LC_MESSAGES/communique.po"
RUSSIAN = WORDS.replace(
    "nplurals=2; plural=n != 1;",
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
)
BEFORE = {
    "site/templates/classes/Person.html": "<p>{{ page.path }} {{ _('Downloads') }}</p>",
    f"site/{RU}": RUSSIAN.format("Взять"),
    "shapes/person.ttl": SHAPE,
    "site/pages/about.md": "# About\n",
    "site/site.toml": 'languages = ["en", "ru", "de"]\n',
}
AFTER = {
    "data": {"data/more.ttl": PREFIXES + ':ada rdfs:label "Countess"@en ; foaf:age 37 .'},
    "a template": {"site/templates/classes/Person.html": "<b>{{ page.path }} {{ _('Downloads') }}</b>"},
    "a template of the theme": {"site/templates/partials/colophon.html": "{% macro colophon(c) %}end{% endmacro %}"},
    "a template of suggestions": {"site/templates/reconcile/preview.html": "<p>{{ site.title.text }}</p>"},
    "a catalogue": {f"site/{RU}": RUSSIAN.format("Забрать")},
    "a new catalogue": {"site/locale/de/LC_MESSAGES/communique.po": WORDS.format("Mitnehmen")},
    "a shape": {"shapes/person.ttl": SHAPE.replace("maxCount 1", "maxCount 0").replace('"age"', '"years"')},
    "a bundled file of shapes": {"shapes/evidence.ttl": PREFIXES + "<https://example.org/e> a owl:Ontology ."},
    "prose": {"site/pages/about.md": "# About us\n"},
    "settings": {"site/site.toml": 'languages = ["ru", "en"]\n'},
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def built(project: Path, out: Path, warmth: Warmth | None = None) -> dict[str, str]:
    """Build, and return the digest of each file and that of the index of names; warm, with early pages."""
    early = Early(frozenset(("ada.html", "index.ru.html")), lambda *_: None) if warmth else None
    build(Project.open(project), out=out, progress=Progress(quiet=True), snapshot=True, warmth=warmth, early=early)
    files = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*")) if path.is_file()}
    files[NAMES] = beside(out) / NAMES
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


class Edited:
    """A project that is built again and again by one process, and by another each time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.project, self.warmth, self.number = folder, folder / "project", Warmth(), 0
        make_project(self.project, DATA)
        write(self.project, BEFORE)
        self.warmth.renew(Project.open(self.project))

    def again(self) -> dict[str, str]:
        return built(self.project, self.folder / "warm", self.warmth)

    def afresh(self) -> dict[str, str]:
        self.number += 1
        return built(self.project, self.folder / f"fresh-{self.number}")


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    return Edited(tmp_path_factory.mktemp("edited"))


@pytest.mark.parametrize("edit", AFTER)
def test_a_site_that_is_built_after_an_edit_is_the_one_of_a_fresh_build(edit: str, edited: Edited) -> None:
    before = edited.again()
    write(edited.project, AFTER[edit])
    after = edited.again()
    fresh = edited.afresh()
    assert {name for name in after.keys() | fresh.keys() if after.get(name) != fresh.get(name)} == set()
    assert after != before


@pytest.mark.parametrize("file", [f"site/{RU}", "shapes/person.ttl", "site/templates/classes/Person.html"])
def test_what_is_taken_away_is_forgotten(file: str, edited: Edited) -> None:
    write(edited.project, BEFORE)
    edited.again()
    (edited.project / file).unlink()
    assert edited.again() == edited.afresh()


def test_a_shape_that_was_right_and_is_wrong_is_refused(tmp_path: Path) -> None:
    project, warmth = tmp_path / "project", Warmth()
    make_project(project, DATA)
    write(project, BEFORE)
    built(project, tmp_path / "out", warmth)
    write(project, {"shapes/person.ttl": SHAPE.replace("sh:maxCount 1", 'sh:maxCount "one"')})
    with pytest.raises(DataError, match=r"person\.ttl"):
        built(project, tmp_path / "out", warmth)


def test_words_of_a_catalogue_that_is_saved_while_they_are_read_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, warmth = tmp_path / "project", Warmth()
    make_project(project, DATA)
    write(project, BEFORE)

    def saved(opened: Project) -> dict[str, Interface]:
        words = interfaces(opened)
        write(project, {f"site/{RU}": RUSSIAN.format("Забрать")})
        return words

    with monkeypatch.context() as reading:
        reading.setattr("communique.publication.warmth.interfaces", saved)
        warmth.renew(Project.open(project))
    assert built(project, tmp_path / "warm", warmth) == built(project, tmp_path / "fresh")


def test_words_of_a_catalogue_that_is_saved_after_a_site_has_read_it_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, warmth = tmp_path / "project", Warmth()
    make_project(project, DATA)
    write(project, BEFORE)

    class Saved(Site):
        def __init__(self, project: Project, store: Store) -> None:
            super().__init__(project, store)
            write(project.root, {f"site/{RU}": RUSSIAN.format("Забрать")})

    with monkeypatch.context() as building:
        building.setattr("communique.publication.building.Site", Saved)
        built(project, tmp_path / "warm", warmth)
    assert built(project, tmp_path / "warm", warmth) == built(project, tmp_path / "fresh")


def test_what_is_ready_is_not_made_again(tmp_path: Path) -> None:
    project, warmth = tmp_path / "project", Warmth()
    opened = make_project(project, DATA)
    warmth.renew(opened)
    assert warmth.shapes(opened) is warmth.shapes(opened)
    with warmth.compiled(opened) as once, warmth.compiled(opened) as again:
        assert once is again
    with warmth.compiled(opened) as later:
        assert later is once
