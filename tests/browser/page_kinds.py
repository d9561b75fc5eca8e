"""One page of every kind of a site: the largest of each sort of list and of each folder, and all pages at the top."""

from pathlib import Path

ALIKE = ("classes", "code", "links", "shapes")
"""Folders whose subfolders hold pages of one kind."""


def page_kinds(site: Path, *, translated: bool = True) -> list[str]:
    """Return pages that between them show everything the templates can do, `translated` ones among them or not."""
    largest: dict[tuple[str, int, str], Path] = {}
    for path in sorted(site.rglob("*.html")):
        name, _, variant = path.stem.partition(".")
        if variant and not translated:
            continue
        folders = path.parent.relative_to(site).parts
        kind = folders[0] if folders and folders[0] in ALIKE else "/".join(folders) or name
        if folders == ("manual",) and not variant:  # each is written by hand
            kind += "/" + name
        place = (kind, len(folders), variant)
        if place not in largest or path.stat().st_size > largest[place].stat().st_size:
            largest[place] = path
    return sorted(path.relative_to(site).as_posix() for path in largest.values())
