"""Assets under names that change with their content, and modules that find each other under these names."""

import re
from pathlib import Path

import pytest

from communique.errors import ProjectError
from communique.rendition.assets import Asset, published_assets
from made_projects import make_project


def assets(folder: Path, **files: str) -> dict[str, Asset]:
    return published_assets(make_project(folder, **{f"site__assets__{name}": text for name, text in files.items()}))


def test_a_module_imports_another_by_its_published_name(tmp_path: Path) -> None:
    found = assets(tmp_path, a_js='import { b } from "./sub/b.js";', sub__b_js="export const b = 1;")
    assert (
        found["a.js"].content.decode() == f'import {{ b }} from "./{found["sub/b.js"].path.removeprefix("assets/")}";'
    )


def test_a_worker_and_what_is_loaded_later_are_found_too(tmp_path: Path) -> None:
    text = 'new Worker(new URL("../w.js", import.meta.url)); await import("../w.js");'
    found = assets(tmp_path, sub__a_js=text, w_js="1;")
    assert found["sub/a.js"].content.decode().count("../" + found["w.js"].path.removeprefix("assets/")) == 2


def test_a_change_of_a_module_changes_the_names_of_those_that_import_it(tmp_path: Path) -> None:
    files = {"a_js": 'import "./b.js";', "b_js": 'import "./c.js";'}
    before = assets(tmp_path / "1", c_js="1;", **files)
    after = assets(tmp_path / "2", c_js="2;", **files)
    assert all(before[name].path != after[name].path for name in ("a.js", "b.js", "c.js"))


def test_what_is_not_there_is_left_as_it_is(tmp_path: Path) -> None:
    text = 'import "./none.js"; import "https://example.org/x.js"; import "../../../../../etc/passwd";'
    assert assets(tmp_path, a_js=text)["a.js"].content.decode() == text


def test_only_modules_are_rewritten(tmp_path: Path) -> None:
    text = 'from "./b.js"'
    found = assets(tmp_path, a_txt=text, b_js="1;")
    assert found["a.txt"].content.decode() == text


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=re.escape("site/assets/a.js: imports itself, by way of")):
        assets(tmp_path, a_js='import "./b.js";', b_js='import "./a.js";')
