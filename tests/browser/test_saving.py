"""What a reader takes home from a page."""

import json
from pathlib import Path

from toolbox import drive, static_host


def test_a_citation_is_saved_whole_in_each_form(own_site: Path) -> None:
    with static_host(own_site) as origin:
        found = drive("saving.mjs", {"origin": origin, "page": "sco/meeting/prosecutors-general-19.ru.html"})
    name, title = "prosecutors-general-19-2026-udcuqwik", "Девятнадцатая встреча Генеральных прокуроров ШОС"
    assert list(found) == [f"{name}.bib", f"{name}.ris", f"{name}.csl.json"]
    assert f"title = {{{{{title}}}}}" in found[f"{name}.bib"]
    assert f"\r\nTI  - {title}\r\n" in found[f"{name}.ris"]
    assert json.loads(found[f"{name}.csl.json"])[0]["title"] == title
