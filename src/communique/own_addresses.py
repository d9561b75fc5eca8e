"""Addresses that are IRIs themselves: paths of pages that a server makes, which no file system has to keep.

What stands for something else in an address is guarded by a sign that no IRI has: a "%" that begins no escape
(RFC 3986, section 2.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

GUARD = "%-"
INDEX = "index"


def guarded(path: str, *, reserved: Collection[str] = (), endings: Iterable[str] = ()) -> str:
    """Return the path of the page of a thing, without an extension, by that of its IRI.

    Guarded are segments that are empty, hidden, or called as the page of a folder; first ones that are `reserved`, in
    small letters, for the site itself; and last ones with one of the `endings` of pages in other languages.

    >>> guarded("a//.b/index"), guarded("Search/"), guarded("x.ru")
    ('a/%-/%-.b/%-index', 'Search/index', 'x.ru')
    >>> guarded("Search/", reserved={"search"}), guarded("x.ru", endings=(".ru",))
    ('%-Search/index', 'x.ru%-')
    """
    *folders, last = path.split("/")
    names = [each if each[:1] not in ("", ".") else GUARD + each for each in folders]
    if last == "":
        names.append(INDEX)
    else:
        start = GUARD if last[:1] == "." or last.casefold() == INDEX else ""
        names.append(start + last + GUARD * last.casefold().endswith(tuple(endings)))
    if names[0].casefold() in reserved:
        names[0] = GUARD + names[0]
    return "/".join(names)


def unguarded(stem: str) -> str:
    """Return the path of an IRI by that of its page; what ends in `index` may be the page of a folder besides.

    >>> unguarded("%-/%-.b/x.ru%-")
    '/.b/x.ru'
    """
    return stem.replace(GUARD, "")
