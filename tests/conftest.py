"""What several tests share: the site of the repository itself, built once."""

from pathlib import Path

import pytest

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the repository as `communique build` makes it."""
    out = tmp_path_factory.mktemp("own") / "public"
    build(Project.open(ROOT), out=out, progress=Progress(quiet=True), jobs=2)
    return out
