"""One page of every kind of a site: the largest of each sort of list and of each folder, and all pages at the top."""

from pathlib import Path

ALIKE = ("classes", "code", "links", "shapes")
"""Folders whose subfolders hold pages of one kind."""


def page_kinds(site: Path, *, translated: bool = True) -> list[str]:
    """Return pages that between them show everything the templates can do.

    With `translated` each kind is there in one more language, the languages by turns.
    """
    largest: dict[tuple[str, int], dict[str, Path]] = {}
    for path in sorted(site.rglob("*.html")):
        name, _, variant = path.stem.partition(".")
        folders = path.parent.relative_to(site).parts
        kind = folders[0] if folders and folders[0] in ALIKE else "/".join(folders) or name
        if folders == ("manual",) and not variant:  # each is written by hand
            kind += "/" + name
        alike = largest.setdefault((kind, len(folders)), {})
        if variant not in alike or path.stat().st_size > alike[variant].stat().st_size:
            alike[variant] = path
    found = [alike[""] for alike in largest.values() if "" in alike]
    if translated:
        variants = [sorted(path for variant, path in alike.items() if variant) for alike in largest.values()]
        found += [paths[number % len(paths)] for number, paths in enumerate(filter(None, variants))]
    return sorted(path.relative_to(site).as_posix() for path in found)
