"""Whom the pages of a built site are for, as their header says it."""

import json
from collections.abc import Sequence
from pathlib import Path

from communique.hosting.plan import CONTENT_LANGUAGE


def readers(site: Path, languages: Sequence[str]) -> dict[str, str]:
    """Return what Content-Language says of the pages in each of the languages of the site in a folder."""
    table = site / CONTENT_LANGUAGE
    told = json.loads(table.read_bytes()) if table.is_file() else {}
    return {each: told.get(each, each) for each in languages}
