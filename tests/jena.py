"""Jena's `riot` from Debian's package, which ships its classes without a command."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

JARS = Path("/usr/share/java")
NEEDED = re.compile(
    r"(jena-[a-z0-9-]+|thrift|slf4j-(api|simple)|commons-(lang3|csv|io|codec|cli|compress|collections4)|jsonld-java|"
    r"jackson-[a-z]+|guava|caffeine|failureaccess|protobuf|dexx\.collection|gson|http(client|core))\.jar"
)
SHADED = "org/apache/jena/ext/"


def is_installed() -> bool:
    return shutil.which("java") is not None and (JARS / "jena-cmds.jar").is_file()


def riot(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run `riot`; `folder` is one to put files into."""
    resources = _resources(folder)
    jars = [str(path) for path in sorted(JARS.iterdir()) if NEEDED.fullmatch(path.name)]
    command = ["java", "-cp", ":".join([str(resources), *jars]), "riotcmd.riot", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=300)


def _resources(folder: Path) -> Path:
    """Lay the messages of Jena's Xerces where its classes look for them: Debian's build has renamed the latter only."""
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(SHADED) and name.endswith(".properties"):
                target = folder / name.removeprefix(SHADED)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(name))
    return folder
