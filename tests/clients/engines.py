"""A site over engines that are no part of the tests: rdflib-endpoint, the slowest there is, and Comunica (needs Node).

    python tests/clients/engines.py [FOLDER]

Installs them into FOLDER, by default a temporary one, loads the data of `tests/remote/test_live_pages.py`, reads all of
it, and makes some of its pages. Says what each took; ends with 1 where a page is not that of a build, byte for byte.
"""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "remote"))

from test_live_pages import MORE, QUADS, SETTINGS, SHAPE

from communique.live.making import Maker
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.remote.service import Service
from communique.remote.store import RemoteStore
from services import Manners, free_port, mannered

RDFLIB = "rdflib-endpoint==0.6.3"
COMUNICA = "@comunica/query-sparql-file@4.2"
SOME = ("ada", "charles", "passage", "register", "p7", "classes/person")
"""Of other pages it joins so slowly that a query ends at the 120 s that it is given."""


def rdflib_endpoint(folder: Path, data: Path, port: int) -> list[str]:
    """Return the command that serves a file, after it was installed."""
    if not (folder / "rdflib/bin/rdflib-endpoint").exists():
        venv.create(folder / "rdflib", with_pip=True)
        subprocess.run([folder / "rdflib/bin/pip", "install", "-q", RDFLIB, "uvicorn"], check=True)
    return [f"{folder}/rdflib/bin/rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", str(port), str(data)]


def comunica(folder: Path, data: Path, port: int) -> list[str]:
    """Return the command that serves a file by Comunica, after it was installed."""
    program = folder / "comunica/node_modules/.bin/comunica-sparql-file-http"
    if not program.exists():
        install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder / "comunica"), COMUNICA]
        subprocess.run(install, check=True)
    return [str(program), str(data), "-p", str(port)]


@contextmanager
def running(command: list[str], url: str, log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=10).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield
    finally:
        process.kill()
        process.wait()


def compare(name: str, url: str, project: Project, built: Path) -> None:
    began = time.perf_counter()
    with closing(Service(url)) as service:
        read = sum(1 for _ in RemoteStore(service).quads())
        print(f"{name}: {read} of {len(QUADS)} quads read in {time.perf_counter() - began:.1f} s")
        maker = Maker(project, service)
        maker.reader.seconds = 120.0
        for stem in SOME:
            began = time.perf_counter()
            made = maker.make(stem)
            expected = {path.relative_to(built).as_posix(): path.read_bytes() for path in built.glob(f"{stem}.*")}
            same = made is not None and sorted(made) == sorted(expected)
            for path, content in (made or {}).items():
                same = same and content.decode() == MORE.sub("", expected[path].decode())
            print(f"{name}: {stem} in {time.perf_counter() - began:.1f} s, {maker.asked} queries", flush=True)
            if not same:
                sys.exit(f"{name}: {stem} is not the page of a build")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        work, folder = Path(name), Path(sys.argv[1] if len(sys.argv) > 1 else name).absolute()
        for path, text in {"site/site.toml": SETTINGS, "shapes/person.ttl": SHAPE}.items():
            (work / "project" / path).parent.mkdir(parents=True, exist_ok=True)
            (work / "project" / path).write_text(text, encoding="utf-8")
        data = work / "data.nq"
        data.write_bytes(ox.serialize(QUADS, format=ox.RdfFormat.N_QUADS) or b"")
        project = Project.open(work / "project", may_be_empty=True)
        with mannered(QUADS, Manners()) as url, closing(Service(url)) as service:
            build(project, out=work / "public", progress=Progress(quiet=True), more=RemoteStore(service).quads())
        port = free_port()
        url = f"http://127.0.0.1:{port}/"
        with running(rdflib_endpoint(folder, data, port), url, work / "log"):
            compare("rdflib-endpoint", url, project, work / "public")
        port = free_port()
        # It listens where the name leads to, and nowhere else.
        url = f"http://localhost:{port}/sparql"
        with running(comunica(folder, data, port), url, work / "log"):
            compare("Comunica", url, project, work / "public")


if __name__ == "__main__":
    main()
