"""The Accept and Accept-Language headers by regular expressions, for hosts that know nothing better.

They are tried in order and understood by PCRE and Python alike, with letters of any case. What they cannot do is
arithmetic: below full weight the format that the header names first, of those that there are, is taken for the one
that it likes best. Clients write their headers in that order, as RFC 9110 does in its examples. Languages are fewer:
their weights are looked up on a ladder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.formats import JSONLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.formats import Format

ALSO = {JSONLD: ("application/json",)}
"""Media types of other formats that mean one of these where a thing is asked for."""
START = r",\s*+"
END = r"\s*+(?:,|$)"
PARAMETERS = r"(?:\s*+;(?!\s*+q=)[^;,]*+)*+"
FULL = rf"{PARAMETERS}(?:\s*+;\s*+q=1(?:\.0*+)?)?{END}"
SOME = rf"{PARAMETERS}(?:{END}|\s*+;\s*+q=(?:0?\.0*+[1-9]|1))"
NO_ZERO = rf"(?![0.]*{END})"
LADDER = "9876543210"
"""The first digits of weights below one, as a pattern tries them."""
RANGES = 100
"""Languages of a header that are read."""
UNREADABLE = "[^,]*,[^/*]*$"
"""A header that is missing, empty, or names no media range."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A format to send when `pattern` fits what there is and the Accept header, and no choice before it did.

    What there is are the extensions of the formats of one thing, as in ".html.ttl", and a comma ends it, which makes
    the first media range look like any other. Every pattern begins with "^".
    """

    format: Format
    pattern: str


def choices(offers: Sequence[Format]) -> Iterator[Choice]:
    """Give the choices between these formats, which stand in the order of the server's preference."""
    for each in offers:
        yield Choice(each, f"^{_is_there(each)}{UNREADABLE}")
    for each in offers:
        yield Choice(each, f"^{_is_there(each)}.*{START}{_names(each)}{FULL}")
    for each in offers:
        yield Choice(each, f"^{_is_there(each)}{_unnamed(each)}.*{START}{_ranges(each)}{FULL}")
    for each in offers:
        others = [other for other in offers if other is not each]
        yield Choice(each, f"^{_is_there(each)}{_first_of(others)}{START}{_names(each)}{SOME}")
    for each in offers:
        if each.vague_media_type:
            yield Choice(each, f"^{_is_there(each)}{_vaguely(each)}")
    for each in offers:
        yield Choice(each, f"^{_is_there(each)}{_unnamed(each)}.*{START}{_ranges(each)}{SOME}")


def means_vaguely(format: Format, *, of: Sequence[Format]) -> str:
    """Return what fits a comma and an Accept header that names none of some formats, but one of them vaguely.

    That is so where it has full weight and a wildcard that means any of them has not: a program that can read much
    more than RDF is not given RDF because of it.
    """
    named = f"(?!.*{START}(?:{'|'.join(map(_names, of))}){SOME})"
    for each in of:
        named += f"(?!.*{START}{_ranges(each)}{FULL})"
    return f"^{named}{_vaguely(format)}"


def names_of(format: Format) -> tuple[str, ...]:
    """Return the media types by which a request may name a format of a thing, its own first."""
    return format.media_type, *format.other_media_types, *ALSO.get(format, ())


def _is_there(format: Format) -> str:
    return rf"(?=[^,]*\{format.extension}[.,])"


def _first_of(others: Sequence[Format]) -> str:
    """Return what fits as far as no other format is named, of those that there are: a group for each tells which.

    What looks ahead is never tried again in another way, so that a group stays as it was found.
    """
    groups = "".join(rf"(?=(?:[^,]*(\{other.extension})[.,])?)" for other in others)
    named = "|".join(f"(?({number}){_names(other)}|(?!))" for number, other in enumerate(others, 1))
    before = rf"(?!{START}(?:{named}){SOME})" if others else ""
    return f"{groups}[^,]*+(?:{before},[^,]*+)*?"


def tongues(languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give each language but the first with a pattern, which fits LADDER and Accept-Language if it is to be sent.

    That is the language which the header likes best, as far as there are pages in it, and of equals the one that it
    names first: "ru-RU" names "ru" (RFC 4647, section 3.4), and an asterisk the first of all. A comma stands between
    LADDER and the header, and weights are read to their first digit: the highest is tried first.
    """
    for tag in languages[1:]:
        others = "|".join((r"\*", *(_tag(other, languages) for other in languages if other != tag)))
        named = rf"(?:,[^,]*+){{0,{RANGES - 1}}}?,\s*+(?:({_tag(tag, languages)})|{others})"
        full = rf"[0-9]+{named}{FULL}"
        less = rf"[0-9]*?([0-9])[0-9]*{named}{PARAMETERS}\s*+;\s*+q={NO_ZERO}0?\.\2"
        # What looks ahead is never tried again in another way: the groups are those of the best range.
        yield tag, f"^(?={full}|{less})(?:(?(1)|(?(3)|(?!))))"


def _tag(tag: str, languages: Sequence[str]) -> str:
    """Return what names a language: its tag and any longer one that is not that of another."""
    longer = "|".join(other.removeprefix(tag) for other in languages if other.startswith(f"{tag}-"))
    return tag + (f"(?!(?:{longer})[^a-z0-9])" if longer else "") + "(?:-[a-z0-9]+)*"


def _names(format: Format) -> str:
    return "(?:" + "|".join(name.replace("+", "[+]").replace(".", "[.]") for name in names_of(format)) + ")"


def _ranges(format: Format) -> str:
    """Return the wildcards that a format falls under; a lone asterisk is Java's way to write the widest."""
    return rf"(?:{format.media_type.partition('/')[0]}/\*|\*(?:/\*)?)"


def _unnamed(format: Format) -> str:
    """A format that is named is not meant by a wildcard (RFC 9110, section 12.5.1): it may be named to be refused."""
    return rf"(?!.*{START}{_names(format)}\s*+(?:[;,]|$))"


def _vaguely(format: Format) -> str:
    return f"{_unnamed(format)}.*{START}{format.vague_media_type}{FULL}"
