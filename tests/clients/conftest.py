"""A site with an endpoint whose IRIs lead to it, for programs that know nothing of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import free_port

DATA = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix void: <http://rdfs.org/ns/void#> .
@base <{base}> .
<people> a dcat:Dataset ; rdfs:label "People"@en ; void:uriSpace "{base}" .
<ada> a foaf:Person ; rdfs:label "Ada Lovelace"@en , "Ада Лавлейс"@ru ; foaf:knows <charles> ; foaf:age 36 .
<charles> a foaf:Person ; rdfs:label "Charles Babbage"@en .
"""


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, which is the base of its IRIs as well."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    folder = tmp_path_factory.mktemp("people")
    (folder / "people.ttl").write_text(DATA.format(base=address), encoding="utf-8")
    command = [sys.executable, "-m", "communique", "serve", "-q", "-p", str(folder), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert server.stdout.readline().strip() == address
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=20)


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip where a program is missing, and say so; where CI runs none may be."""
    missing = [program for program in programs if not (shutil.which(program) or Path(program).exists())]
    assert not missing or os.environ.get("CI") != "true", f"{', '.join(missing)}: install it (.ci/run does)"
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
