from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from communique import snapshots
from communique.serving.app import application
from communique.serving.limits import MIB, Limits


class Server:
    """Makes test clients over quads and files of a site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def __call__(
        self, quads: Iterable[ox.Quad] = (), *, files: dict[str, bytes] | None = None, **limits: float
    ) -> TestClient:
        self.count += 1
        site = self.folder / f"site-{self.count}"
        for name, content in {"index.html": b"<p>home", **(files or {})}.items():
            path = site / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        snapshot = self.folder / f"snapshot-{self.count}"
        snapshots.write(quads, snapshot)
        # Nothing is kept, so that it is the workers who answer, unless a test asks for it.
        chosen = {
            "kept": 1,
            "fast_workers": 1,
            "stranger_workers": 1,
            "deadline": 2.0,
            "worker_memory": 256 * MIB,
            **limits,
        }
        app = application(site, snapshot=snapshot, triples=0, url="http://127.0.0.1:8000/", limits=Limits(**chosen))  # type: ignore[arg-type]
        return TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(tmp_path_factory.mktemp("served"))
