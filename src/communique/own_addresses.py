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
ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in ".*+?^$(){}[]|\\/"})
"""Signs that mean something in regular expressions; ECMAScript allows no other to be escaped."""


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


def pattern_of_guarded(*, reserved: Iterable[str], endings: Iterable[str]) -> str:
    """Return what is found, whatever the case, in the paths that have a "%" or get one (`guarded`).

    It is a regular expression of Python and of ECMAScript.

    >>> import re
    >>> odd = re.compile(pattern_of_guarded(reserved=["search"], endings=[".ru"]), re.IGNORECASE)
    >>> [path for path in ("a%20b", "a//b", "/b", "a/.b", "a/Index", "x.ru", "search/x") if not odd.search(path)]
    []
    >>> [path for path in ("a/b", "a/", "index/b", "x.ru/y", "x-ru", "searches", "a/search") if odd.search(path)]
    []
    """
    tags, names = ("|".join(sorted(each.translate(ESCAPED) for each in every)) for every in (endings, reserved))
    last = f"|(?:{tags})$" if tags else ""
    first = f"|^(?:{names})(?:/|$)" if names else ""
    return rf"%|^/|//|(?:^|/)\.|(?:^|/){INDEX}$" + last + first


def unguarded(stem: str) -> str:
    """Return the path of an IRI by that of its page; what ends in `index` may be the page of a folder besides.

    >>> unguarded("%-/%-.b/x.ru%-")
    '/.b/x.ru'
    """
    return stem.replace(GUARD, "")
