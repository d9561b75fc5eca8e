"""OpenRefine reconciles a column of misspelt and translated names of the first dataset: all found, none wrong."""

import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

ROOT = Path(__file__).parents[2]
BASE = "https://w3id.org/communique/"
NAMES = {
    "Igor Krasnof": "person/igor-krasnov",
    "Краснов И.": "person/igor-krasnov",
    "KRASNOV, Igor": "person/igor-krasnov",
    "Юсуф Рахмон": "person/yusuf-rakhmon",
    "Yusuf Rahmon": "person/yusuf-rakhmon",
    "Rakhmon Yusuf": "person/yusuf-rakhmon",
    "Нигматилла Юлдашев": "person/nigmatilla-yuldashev",
    "Nigmatilla Yuldashov": "person/nigmatilla-yuldashev",
    "Zhang Jun": "person/zhang-jun",
    "ZHANG Jun": "person/zhang-jun",
    "Чжан Цзюнь": "person/zhang-jun",
    "Tushar Metha": "person/tushar-mehta",
    "T. Mehta": "person/tushar-mehta",
    "Gizat Nurdauletow": "person/gizat-nurdauletov",
    "Abay Moldokmatov": "person/abai-moldokmatov",
    "Джумахон Гиёсов": "person/jumakhon-giyosov",
    "Dzhumakhon Giyosov": "person/jumakhon-giyosov",
    "Норов Владимир": "person/vladimir-norov",
    "Kazahstan": "state/kaz",
    "Казахстан": "state/kaz",
    "印度": "state/ind",
    "Tadzhikistan": "state/tjk",
    "Islamic Republic of Pakistan": "state/pak",
    "Kirgizia": "state/kgz",
    "Kirghizia": "state/kgz",
    "People's Republic of China": "state/chn",
    "Китайская Народная Республика": "state/chn",
    "中华人民共和国": "state/chn",
    "Республика Индия": "state/ind",
    "哈萨克斯坦共和国": "state/kaz",
    "Российская Федерация": "state/rus",
    "上合组织": "organisation/sco",
    "ШОС": "organisation/sco",
    "中国最高人民检察院": None,
    "Чжан Цзюн": None,
    "Germany": None,
    "Angela Merkel": None,
    "Igor Krasny": None,
    "Ivan Krasnov": None,
    "Zhang Jing": None,
    "Yuldashev": None,
}


class OpenRefine:
    """A running OpenRefine and the part of its HTTP interface that a browser uses for this."""

    def __init__(self, url: str) -> None:
        self.client = httpx2.Client(base_url=f"{url}/command/core/", timeout=60)

    def post(self, command: str, *, params: dict[str, Any] | None = None, **given: Any) -> httpx2.Response:
        token = self.client.get("get-csrf-token").json()["token"]
        answer = self.client.post(command, params={"csrf_token": token, **(params or {})}, **given)
        assert answer.status_code < 400, answer.text
        return answer

    def project(self, table: str) -> str:
        """Make a project of a table and return its number."""
        options = json.dumps({"separator": ",", "headerLines": 1, "storeBlankRows": True})
        answer = self.post(
            "create-project-from-upload",
            data={"project-name": "names", "format": "text/line-based/*sv", "options": options},
            files={"project-file": ("names.csv", table.encode(), "text/csv")},
        )
        return str(answer.headers["location"]).partition("project=")[2]

    def reconcile(self, project: str, *, column: str, manifest: dict[str, Any], service: str) -> None:
        """Reconcile a column against no particular type, taking certain matches, and wait for the end."""
        config = {
            "mode": "standard-service",
            "service": service,
            "identifierSpace": manifest["identifierSpace"],
            "schemaSpace": manifest["schemaSpace"],
            "type": None,
            "autoMatch": True,
            "columnDetails": [],
            "limit": 0,
        }
        engine = {"facets": [], "mode": "row-based"}
        given = {"columnName": column, "config": json.dumps(config), "engine": json.dumps(engine)}
        answer = self.post("reconcile", data=given, params={"project": project}).json()
        assert answer["code"] != "error", answer
        end = time.monotonic() + 60
        while self.client.get("get-processes", params={"project": project}).json()["processes"]:
            assert time.monotonic() < end, "OpenRefine does not come to an end"
            time.sleep(0.2)

    def judgments(self, project: str) -> dict[str, str | None]:
        """Return what each name was matched with, None for nothing."""
        given = {"engine": json.dumps({"facets": [], "mode": "row-based"})}
        answer = self.post("get-rows", data=given, params={"project": project, "start": 0, "limit": 1000}).json()
        pool = answer["pool"]["recons"]
        found = {}
        for row in answer["rows"]:
            cell = row["cells"][0]
            match = pool[str(cell["r"])].get("m") if "r" in cell else None
            found[cell["v"]] = match["id"] if match else None
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def openrefine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRefine]:
    program = shutil.which("openrefine")
    if program is None:
        assert not os.environ.get("CI"), "openrefine is missing"
        pytest.skip("OpenRefine is not here (the Debian package openrefine)")
    folder, port = tmp_path_factory.mktemp("openrefine"), free_port()
    options = ["-p", str(port), "-i", "127.0.0.1", "-d", str(folder), "-m", "512M", "-x", "refine.headless=true"]
    process = subprocess.Popen(
        [program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        refine = OpenRefine(f"http://127.0.0.1:{port}")
        wait_for(refine.client, "get-version", process)
        yield refine
        refine.client.close()
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("site") / "public"
    command = [sys.executable, "-m", "communique", "serve", "-q", "-p", str(ROOT), "-o", str(out), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip() + "reconcile"
        process.terminate()


def wait_for(client: httpx2.Client, path: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if client.get(path).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    raise AssertionError("OpenRefine does not start")


def test_openrefine_finds_all_names_and_takes_none_for_another(openrefine: OpenRefine, service: str) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([["name"], *([name] for name in NAMES)])
    manifest = httpx2.get(service).json()
    project = openrefine.project(table.getvalue())
    openrefine.reconcile(project, column="name", manifest=manifest, service=service)
    wanted = {name: f"sco/{path}" if path else None for name, path in NAMES.items()}
    assert openrefine.judgments(project) == wanted
