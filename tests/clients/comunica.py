"""Comunica 4.2 against our endpoints: one, one that it finds out about, and two in a federation. Needs Node 20.

    python tests/clients/comunica.py [FOLDER]

Installs `@comunica/query-sparql` with npm into FOLDER, by default a temporary
one. Says what ran and what came; ends with 1 as soon as something is not as expected.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parents[1]))

from services import endpoint

PACKAGE = "@comunica/query-sparql@4.2"
PEOPLE = """<http://example.org/ada> <http://xmlns.com/foaf/0.1/name> "Ada" .
<http://example.org/charles> <http://xmlns.com/foaf/0.1/name> "Charles" ."""
WORKS = """<http://example.org/notes> <http://purl.org/dc/terms/creator> <http://example.org/ada> .
<http://example.org/engine> <http://purl.org/dc/terms/creator> <http://example.org/charles> ."""
NAMES = "SELECT ?name { ?s <http://xmlns.com/foaf/0.1/name> ?name } ORDER BY ?name"
JOINED = """SELECT ?name ?work {
  ?work <http://purl.org/dc/terms/creator> ?s . ?s <http://xmlns.com/foaf/0.1/name> ?name }
ORDER BY ?name"""


def expect(folder: Path, title: str, sources: list[str], query: str, rows: list[dict[str, str]]) -> None:
    program = str(folder / "node_modules/.bin/comunica-sparql")
    done = subprocess.run([program, *sources, "-q", query], capture_output=True, text=True, timeout=180, check=False)
    found = json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else done.stderr
    print(f"{title}: {found}")
    if found != rows:
        sys.exit(f"expected {rows}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else name).absolute()
        if not (folder / "node_modules/.bin/comunica-sparql").exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE], check=True)
        people, works = (
            stack.enter_context(endpoint(ox.parse(text, format=ox.RdfFormat.TURTLE), Path(name) / part))
            for part, text in (("people", PEOPLE), ("works", WORKS))
        )
        expect(folder, "one endpoint", [f"sparql@{people}"], NAMES, [{"name": '"Ada"'}, {"name": '"Charles"'}])
        expect(folder, "found out by its description", [people], NAMES, [{"name": '"Ada"'}, {"name": '"Charles"'}])
        both = [
            {"name": '"Ada"', "work": "http://example.org/notes"},
            {"name": '"Charles"', "work": "http://example.org/engine"},
        ]
        expect(folder, "two endpoints in a federation", [f"sparql@{people}", f"sparql@{works}"], JOINED, both)
    print("Comunica: all three ran and gave what was expected")


if __name__ == "__main__":
    main()
