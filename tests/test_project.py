"""A folder of RDF becomes a project."""

import os
from pathlib import Path

import pytest

from communique.errors import AccessError, ProjectError, UsageError
from communique.project import Project, Role, bundled_folder
from communique.settings import MenuEntry, Settings

TRIPLE = "<http://e/s> <http://e/p> <http://e/o> .\n"


def made(root: Path, **files: str) -> Path:
    """Write files whose names come with `__` for a slash and `_` for a dot."""
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


def names(project: Project, role: Role, *, bundled: bool = False) -> list[str]:
    return [file.name for file in project.files(role) if file.bundled == bundled]


def test_role_of_a_file_is_its_folder(tmp_path: Path) -> None:
    made(tmp_path, data__b_ttl=TRIPLE, data__a__x_trig=TRIPLE, ontology__o_ttl=TRIPLE, shapes__s_ttl=TRIPLE)
    project = Project.open(tmp_path)
    assert names(project, "data") == ["data/a/x.trig", "data/b.ttl"]
    assert names(project, "ontology") == ["ontology/o.ttl"]
    assert names(project, "shapes") == ["shapes/s.ttl"]


def test_every_rdf_syntax_is_found_packed_or_not(tmp_path: Path) -> None:
    found = ["a.jsonld", "b.nq", "c.nt", "d.owl", "e.rdf", "f.trig", "g.ttl", "h.ttl.gz", "i.xml"]
    (tmp_path / "data").mkdir()
    for name in found:
        (tmp_path / "data" / name).write_text('<x xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>')
    assert names(Project.open(tmp_path), "data") == [f"data/{name}" for name in found]


def test_folder_without_data_is_data_itself(tmp_path: Path) -> None:
    made(tmp_path, x_ttl=TRIPLE, deep__y_nt=TRIPLE, ontology__o_ttl=TRIPLE, site__z_ttl=TRIPLE, README_md="x")
    project = Project.open(tmp_path)
    assert names(project, "data") == ["deep/y.nt", "x.ttl"]
    assert project.notes == ()


def test_single_file_is_a_project(tmp_path: Path) -> None:
    made(tmp_path, x_ttl=TRIPLE, y_ttl=TRIPLE, site__site_toml="nonsense = 1")
    project = Project.open(tmp_path / "x.ttl")
    assert names(project, "data") == ["x.ttl"]
    assert project.settings == Settings()


def test_context_is_no_data(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE, ontology__context_jsonld='{"@context": {}}')
    project = Project.open(tmp_path)
    assert names(project, "ontology") == []
    assert project.context == tmp_path / "ontology/context.jsonld"


def test_context_is_bundled_for_who_has_none(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    assert Project.open(tmp_path).context == bundled_folder() / "ontology/context.jsonld"


def test_bundled_ontology_and_shapes_serve_every_project(tmp_path: Path) -> None:
    project = Project.open(made(tmp_path, data__x_ttl=TRIPLE))
    assert "ontology/meeting.ttl" in names(project, "ontology", bundled=True)
    assert names(project, "shapes", bundled=True) == ["shapes/catalog.ttl", "shapes/evidence.ttl", "shapes/meeting.ttl"]


def test_own_file_replaces_the_bundled_one_of_its_name(tmp_path: Path) -> None:
    project = Project.open(made(tmp_path, data__x_ttl=TRIPLE, shapes__meeting_ttl=TRIPLE))
    assert names(project, "shapes") == ["shapes/meeting.ttl"]
    assert "shapes/meeting.ttl" not in names(project, "shapes", bundled=True)


def test_repository_is_its_own_project() -> None:
    root = bundled_folder()
    if not (root / "data").is_dir():
        pytest.skip("not in the repository")
    project = Project.open(root)
    assert names(project, "ontology", bundled=True) == names(project, "shapes", bundled=True) == []
    assert "shapes/ontology.ttl" in names(project, "shapes")


def test_site_file_is_the_own_one_or_else_the_bundled_one(tmp_path: Path) -> None:
    project = Project.open(made(tmp_path, data__x_ttl=TRIPLE, site__assets__own_css=""))
    assert project.site_file("assets/own.css") == tmp_path / "site/assets/own.css"
    assert project.site_file("assets/site.css") == bundled_folder() / "site/assets/site.css"
    assert project.site_file("assets/none.css") is None
    assert {"assets/own.css", "assets/site.css"} <= set(project.site_files("assets"))


def test_site_file_never_leaves_the_site(tmp_path: Path) -> None:
    project = Project.open(made(tmp_path, data__x_ttl=TRIPLE, site__x_css=""))
    assert project.site_file("../data/x.ttl") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "site.toml: colour: is unknown; known are languages, menu, formats, theme"),
        ('languages = "en"', "languages: must be a list of language tags"),
        ("languages = []", "languages: must be"),
        ('languages = ["e n"]', "languages: must be"),
        ('menu = ["about"]', "menu: must be a list of tables"),
        ('menu = [{ link = "about" }]', "menu: must be"),
        ("theme = { accent = 1 }", "theme: must be a table of strings"),
        ("languages = [", "is no TOML"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, text: str, message: str) -> None:
    made(tmp_path, data__x_ttl=TRIPLE, site__site_toml=text)
    with pytest.raises(ProjectError, match=r"site\.toml: ") as caught:
        Project.open(tmp_path)
    assert message in str(caught.value)


def test_settings_are_read(tmp_path: Path) -> None:
    text = 'languages = ["ru", "zh-Hant", "RU"]\n'
    text += 'menu = [{ link = "about", label = { en = "About" } }]\ntheme = { a = "b" }'
    settings = Project.open(made(tmp_path, data__x_ttl=TRIPLE, site__site_toml=text)).settings
    assert settings.languages == ("ru", "zh-hant")
    assert settings.menu == (MenuEntry("about", {"en": "About"}),)
    assert settings.theme == {"a": "b"}


def test_nothing_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="does not exist"):
        Project.open(tmp_path / "nix")


def test_folder_without_rdf_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="holds no RDF"):
        Project.open(made(tmp_path, README_md="x"))


def test_file_that_is_no_rdf_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="extension"):
        Project.open(made(tmp_path, x_csv="x") / "x.csv")


def test_unknown_extension_is_noted(tmp_path: Path) -> None:
    (note,) = Project.open(made(tmp_path, data__x_ttl=TRIPLE, data__y_csv="x")).notes
    assert str(note).startswith(f"{tmp_path}/data/y.csv: is passed over")


def test_empty_file_is_noted(tmp_path: Path) -> None:
    (note,) = Project.open(made(tmp_path, data__x_ttl="")).notes
    assert note.message == "is empty."


def test_hidden_files_and_copies_of_editors_are_passed_over(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    for name in (".x.ttl", "x.ttl~"):
        (tmp_path / "data" / name).write_text("nonsense")
    project = Project.open(tmp_path)
    assert names(project, "data") == ["data/x.ttl"]
    assert project.notes == ()


def trouble(root: Path) -> str:
    (problem,) = Project.open(root).problems
    return str(problem)


def test_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    made(tmp_path, secret_ttl=TRIPLE, project__data__x_ttl=TRIPLE)
    (tmp_path / "project/data/y.ttl").symlink_to(tmp_path / "secret.ttl")
    assert "y.ttl: is a link out of the project" in trouble(tmp_path / "project")


def test_role_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    made(tmp_path, secret__x_ttl=TRIPLE, project__shapes__x_ttl=TRIPLE)
    (tmp_path / "project/data").symlink_to(tmp_path / "secret")
    assert "data: is a link out of the project" in trouble(tmp_path / "project")


def test_link_within_the_project_is_followed(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    (tmp_path / "data/y.ttl").symlink_to("x.ttl")
    assert names(Project.open(tmp_path), "data") == ["data/x.ttl", "data/y.ttl"]


@pytest.mark.parametrize(
    ("target", "message"), [("y.ttl", "leads nowhere"), ("none.ttl", "leads nowhere"), (".", "folder")]
)
def test_link_that_is_no_file_is_refused(tmp_path: Path, target: str, message: str) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    (tmp_path / "data/y.ttl").symlink_to(target)
    assert message in trouble(tmp_path)


def test_pipe_is_refused(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    os.mkfifo(tmp_path / "data/y.ttl")
    assert "y.ttl: is no regular file" in trouble(tmp_path)


def test_pipe_is_not_read_to_see_whether_it_is_rdf(tmp_path: Path) -> None:
    made(tmp_path, x_ttl=TRIPLE)
    os.mkfifo(tmp_path / "y.xml")
    pipe = os.open(tmp_path / "y.xml", os.O_RDWR)
    os.write(pipe, b"http://www.w3.org/1999/02/22-rdf-syntax-ns#" + b" " * 4096)
    assert Project.open(tmp_path).problems == ()
    assert len(os.read(pipe, 8192)) == 4139
    os.close(pipe)


def test_odd_name_is_refused_on_one_line(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    (tmp_path / "data/a\nb.ttl").write_text(TRIPLE)
    assert "\n" not in trouble(tmp_path)


def test_name_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/data/\xff.ttl")).write_text(TRIPLE)
    assert trouble(tmp_path).isprintable()


def test_folder_called_like_a_file_is_a_folder(tmp_path: Path) -> None:
    made(tmp_path, data__x_ttl=TRIPLE)
    (tmp_path / "data/y.ttl").mkdir()
    assert names(Project.open(tmp_path), "data") == ["data/x.ttl"]
