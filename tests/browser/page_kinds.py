"""One page of every kind of a site: the largest of each folder and of each sort of list, and all pages at the top."""

from pathlib import Path


def page_kinds(site: Path, *, translated: bool = True) -> list[str]:
    """Return pages that between them show everything the templates can do, `translated` ones among them or not."""
    largest: dict[tuple[str, str], Path] = {}
    for path in sorted(site.rglob("*.html")):
        folder = path.parent.relative_to(site).as_posix()
        name, _, variant = path.stem.partition(".")
        if variant and not translated:
            continue
        kind = (name if folder in (".", "classes") else folder, variant)
        known = largest.get(kind)
        if known is None or path.stat().st_size > known.stat().st_size:
            largest[kind] = path
    return sorted(path.relative_to(site).as_posix() for path in largest.values())
