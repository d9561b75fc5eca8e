"""The wheel, built from the sdist and used from another folder."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUNDLED = ("ontology", "shapes", "site")
MADE_LATER = ("vendor", "node_modules")

pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="not in the repository")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist and wheel; the wheel is made from what the sdist holds."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> list[str]:
    (path,) = built.glob("*.whl")
    return zipfile.ZipFile(path).namelist()


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("target")
    (path,) = built.glob("*.whl")
    zipfile.ZipFile(path).extractall(target)
    return target


def run(installed: Path, folder: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, input=text, capture_output=True, text=True)


def committed(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not any(part in MADE_LATER or part.startswith(".") for part in path.parts)
    }


@pytest.mark.parametrize("folder", BUNDLED)
def test_wheel_carries_the_defaults_of_every_project(wheel: list[str], folder: str) -> None:
    start = f"communique/_bundled/{folder}/"
    carried = {name.removeprefix("communique/_bundled/") for name in wheel if name.startswith(start)}
    assert carried - {name for name in carried if "/vendor/" in name} == committed(folder)


def test_wheel_carries_the_browser_code_of_others_byte_by_byte_as_every_build_makes_it(installed: Path) -> None:
    made = {path.name: path.read_bytes() for path in (installed / "communique/_bundled/site/assets/vendor").iterdir()}
    assert {"codemirror.js", "oxigraph.js", "oxigraph.wasm", "LICENCES.txt", "manifest.json"} <= made.keys()
    sums = json.loads(made.pop("manifest.json"))["files"]
    assert {name: hashlib.sha256(content).hexdigest() for name, content in made.items()} == sums
    here = {path.name: path.read_bytes() for path in (ROOT / "site/assets/vendor").iterdir()}
    assert {name: here[name] == content for name, content in made.items()} == dict.fromkeys(made, True)


def test_licences_of_all_that_is_bundled_go_with_it(installed: Path) -> None:
    vendor = installed / "communique/_bundled/site/assets/vendor"
    text = (vendor / "LICENCES.txt").read_text(encoding="utf-8")
    for name, version in json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))["packages"].items():
        assert f"{name} {version}\nLicence: " in text


def test_wheel_is_built_where_npm_cannot_be_reached_and_says_what_it_lacks(built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    unreachable = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)]
    made = subprocess.run(command, env=os.environ | unreachable, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "could not be fetched (npm error" in made.stdout + made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "target")
    (tmp_path / "x.ttl").write_text("@prefix e: <http://e/> . e:s e:p 42 .")
    site = run(tmp_path / "target", tmp_path, "-m", "communique", "build", "--project", "x.ttl", "--out", "public")
    assert site.returncode == 0
    assert "The query page is a plain form" in site.stderr


def test_wheel_carries_no_data_tests_or_stray_files(wheel: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"communique"}
    assert "communique/py.typed" in wheel


def test_no_python_is_bundled_with_the_defaults(wheel: list[str]) -> None:
    assert [name for name in wheel if "/_bundled/" in name and name.endswith((".py", ".pyc"))] == []


def test_sdist_carries_what_the_tests_need(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tests/test_wheel.py", "pyproject.toml", "LICENSE", "ontology/meeting.ttl", ".ci/run"} <= names
    assert committed("data") <= names


def test_wheel_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    found = run(installed, tmp_path, "-c", "import communique; print(communique.__file__)")
    assert found.stdout.startswith(str(installed))
    assert run(installed, tmp_path, "-m", "communique", "--version").stdout.startswith("communique, version ")


def test_wheel_answers_a_query_about_a_small_project(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.ttl").write_text("@prefix e: <http://e/> . e:s e:p 42 .")
    found = run(installed, tmp_path, "-m", "communique", "query", "-", "-q", text="SELECT ?x { e:s e:p ?x }")
    assert (found.stdout, found.stderr, found.returncode) == ("x\n42\n", "", 0)


def test_wheel_knows_its_ontology_shapes_and_site(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("@prefix e: <http://e/> . e:s e:p 42 .")
    code = """
from communique.project import Project
from communique.store import Store
project = Project.open(".")
print(all(file.path.is_file() for role in ("ontology", "shapes") for file in project.files(role)))
print(len(Store.load(project).background) > 1000, project.context.is_file(), bool(project.site_files("templates")))
"""
    found = run(installed, tmp_path, "-c", code)
    assert (found.stdout, found.stderr) == ("True\nTrue True True\n", "")
