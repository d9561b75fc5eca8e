"""Jena's `riot` from Debian's packages, which ship its classes without a command.

Its reader of JSON-LD 1.1 (Titanium) wants an implementation of Jakarta JSON. Debian has the interfaces alone
(libjsonp2-java), and both of the edition before (libjsonp-java), whose classes do it under their later names.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from java_classes import renamed

JARS = Path("/usr/share/java")
NEEDED = re.compile(
    r"(jena-[a-z0-9-]+|thrift|slf4j-(api|simple)|commons-(lang3|csv|io|codec|cli|compress|collections4)|jsonld-java|"
    r"jackson-[a-z]+|titanium-json-ld|jakarta\.json-api|guava|caffeine|failureaccess|protobuf|dexx\.collection|gson|http(client|core))\.jar"
)
SHADED = "org/apache/jena/ext/"
JSON = JARS / "javax.json.jar"
PROVIDER = ("jakarta.json.spi.JsonProvider", "org.glassfish.json.JsonProviderImpl")


def is_installed() -> bool:
    return shutil.which("java") is not None and (JARS / "jena-cmds.jar").is_file()


def reads_jsonld() -> bool:
    return is_installed() and JSON.is_file() and (JARS / "jakarta.json-api.jar").is_file()


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
    if JSON.is_file():
        _json(folder)
    return folder


def _json(folder: Path) -> None:
    """Lay an implementation of Jakarta JSON where it is looked for (java.util.ServiceLoader)."""
    with zipfile.ZipFile(JSON) as jar:
        for name in jar.namelist():
            if name.startswith("org/glassfish/") and name.endswith(".class"):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(renamed(jar.read(name), old="javax/json", new="jakarta/json"))
    service, provider = PROVIDER
    (folder / "META-INF/services").mkdir(parents=True, exist_ok=True)
    (folder / "META-INF/services" / service).write_text(provider + "\n", encoding="utf-8")
