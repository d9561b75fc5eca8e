"""What every host must know of a site, whatever the syntax of its rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from communique.formats import FORMATS, HTML, TURTLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from communique.formats import Format

ASSETS = "assets/"
RENAMED = "_hosting/renamed.json"
"""The documents that have another name than their IRIs, for our own server."""
HIDDEN = re.compile(r"/\.(?!well-known/)")
"""The paths of files that no host shows, such as `.htaccess`, which a build writes beside the pages."""
SLASHED = "_hosting/slashed.json"
"""The documents of IRIs with an escaped slash, which hosts of files take for a slash, for our own server."""
LANGUAGES = "_hosting/languages.json"
"""The languages of the pages, that of the plain addresses first, for our own server."""
CONTENT_LANGUAGE = "_hosting/content-language.json"
"""What the header says of pages in a language that the interface does not speak; there only where some are."""
FOLDER = "_hosting/folder.json"
"""The path from which the page for what is missing leads on, for our own server."""
ADDRESS = "_hosting/address.json"
"""Where the site stands by its data, "" where they do not say it: what its link set begins with, for our own server."""
LINKSET = "linkset.json"
NAMED_TYPES: Mapping[str, str] = MappingProxyType(
    {".well-known/void": TURTLE.media_type, LINKSET: "application/linkset+json"}
)
"""Files whose names do not tell their types: VoID, section 7.2; RFC 9264."""
ENDED_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".csl.json": "application/vnd.citationstyles.csl+json",
        ".csv-metadata.json": "application/csvm+json",
        "SHA256SUMS": "text/plain",
    }
)
"""Names of files in any folder, or their endings where these begin with a dot, that say more than an extension."""
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Link, Location",
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
)
METHODS = "GET, HEAD, OPTIONS"
PREFLIGHT: Mapping[str, str] = MappingProxyType(
    {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, If-Match, If-None-Match, Range",
        "Access-Control-Max-Age": "86400",
    }
)
"""What a browser is told that asks before it reads (Fetch, CORS-preflight fetch).

It asks of a script that says `Range`, or accepts so many types that they take more than 128 bytes.
"""
PACKED = frozenset(
    ("application/json", "application/n-quads", "application/n-triples", "application/sparql-query",
     "application/trig", "application/wasm", "application/xml")
)  # fmt: skip
"""Types whose names do not tell that gzip makes them smaller."""
FOR_EVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
NOT_KEPT = "no-store"
"""What is said of the caching of refusals."""
# What a site consists of beside the formats of the table.
OTHER_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".atom": "application/atom+xml",
        ".bib": "application/x-bibtex",
        ".cff": "application/yaml",
        ".conf": "text/plain",
        ".css": "text/css",
        ".gz": "application/gzip",
        ".ico": "image/x-icon",
        ".ics": "text/calendar",
        ".js": "text/javascript",
        ".json": "application/json",
        ".md": "text/markdown",
        ".mjs": "text/javascript",
        ".parquet": "application/vnd.apache.parquet",
        ".png": "image/png",
        ".ris": "application/x-research-info-systems",
        ".rq": "application/sparql-query",
        ".svg": "image/svg+xml",
        ".txt": "text/plain",
        ".wasm": "application/wasm",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
        ".xml": "application/xml",
        ".zip": "application/zip",
        ".zst": "application/zstd",
    }
)


UNTYPED = "application/octet-stream"
"""What nothing is known of: a project may have assets of any kind."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A site as its hosts see it.

    `formats` are those of its documents, the preferred one first. `renamed` leads from the paths of IRIs to the
    documents that have another name, both decoded and without an extension. `address` is where the site stands, ending
    in "/", or "" where nobody says so; `folder` is the path of it, "/" at the root of a host. `languages` are the tags
    of those in which every page is there, `x.html` in the first, `x.ru.html` in another. `folders` are the paths,
    ending in "/" but for the site itself, of the folders that are no things: they have a page, and no data beside it.
    `interface` is the language of the program's own words where they are not in the first of the languages, else "".
    """

    base: str
    formats: tuple[Format, ...]
    renamed: Mapping[str, str]
    address: str = ""
    languages: tuple[str, ...] = ("en",)
    folders: tuple[str, ...] = ()
    interface: str = ""

    @property
    def hidden(self) -> dict[str, str]:
        """Those of `renamed` whose path is that of a file that no host shows."""
        return {path: name for path, name in self.renamed.items() if HIDDEN.search(f"/{path}")}

    @property
    def vary(self) -> tuple[str, ...]:
        """The header fields that decide which document of a thing is sent."""
        return vary(self.languages)

    @property
    def endings(self) -> dict[str, str]:
        """The endings of the names of pages by language."""
        return endings(self.languages)

    @property
    def readers(self) -> dict[str, str]:
        """Whom the pages in each language are for, as Content-Language says it (RFC 9110, section 8.5).

        Where data are shown in words of another language, those who read either of them: there is what both can read.
        """
        first = f"{self.languages[0]}, {self.interface}" if self.interface else self.languages[0]
        return {**dict(zip(self.endings, self.endings, strict=True)), self.languages[0]: first}

    @property
    def folder(self) -> str:
        """The path of the site on its host, with a slash at both ends."""
        return "/" + self.address.partition("://")[2].partition("/")[2]

    @property
    def documents(self) -> tuple[Format, ...]:
        """The formats of documents, as a server prefers them: people first."""
        return tuple(sorted(self.formats, key=lambda format: format is not HTML))


def vary(languages: Sequence[str]) -> tuple[str, ...]:
    """Return the header fields that decide which document of a thing is sent."""
    return ("Accept", "Accept-Language") if len(languages) > 1 else ("Accept",)


def endings(languages: Sequence[str]) -> dict[str, str]:
    """Return the endings of the names of pages by language: that of the first, in which all end, comes first.

    >>> endings(["en", "ru"])
    {'en': '.html', 'ru': '.ru.html'}
    """
    tags = dict.fromkeys(languages)
    return {tag: HTML.extension if tag == languages[0] else f".{tag}{HTML.extension}" for tag in tags}


def key_of_slashed(path: str) -> str:
    """Return a path with escapes in the one form that tells an escaped slash from a slash, however it was written.

    >>> key_of_slashed("a%2fb/%C3%A9"), key_of_slashed("a%2Fb/\u00e9")
    ('a%2Fb/%C3%A9', 'a%2Fb/%C3%A9')
    """
    return "/".join(quote(unquote(segment), safe="") for segment in path.split("/"))


def media_types() -> dict[str, str]:
    """Return the media type of every extension in a site, without its dot: `{"ttl": "text/turtle"}`."""
    found = {each.extension: each.media_type for each in FORMATS} | dict(OTHER_TYPES)
    return {extension.removeprefix("."): media_type for extension, media_type in sorted(found.items())}


def type_of(name: str) -> str:
    """Return the media type of a file by its path in the site.

    >>> type_of("dumps/tables/person.csv-metadata.json")
    'application/csvm+json'
    """
    last = name.rpartition("/")[2]
    ended = (kind for end, kind in ENDED_TYPES.items() if last == end or (end[0] == "." and last.endswith(end)))
    extension = last.rpartition(".")[2] if "." in last else ""
    return NAMED_TYPES.get(name) or next(ended, "") or media_types().get(extension, UNTYPED)


def typed(media_type: str) -> str:
    """Return the value of Content-Type: what is text is UTF-8."""
    return media_type + "; charset=utf-8" * media_type.startswith("text/")


def ending_pattern(ending: str) -> str:
    """Return a key of ENDED_TYPES as a regular expression that is searched for in an address.

    >>> ending_pattern("SHA256SUMS")
    '/SHA256SUMS$'
    """
    return "/" * (ending[0] != ".") + pattern(ending) + "$"


def is_packed(media_type: str) -> bool:
    """Tell whether what has this type is sent packed to those who unpack it: text in any form, and WebAssembly."""
    essence = media_type.partition(";")[0]
    return essence.startswith("text/") or essence.endswith(("+json", "+xml")) or essence in PACKED


def packed_extensions() -> list[str]:
    """Return the extensions, without their dots, of the files that are sent packed."""
    return [extension for extension, media_type in media_types().items() if is_packed(media_type)]


def pattern(path: str) -> str:
    """Return a path as a regular expression that means just these letters, in quotation marks or out of them.

    >>> pattern("sco/a.b")
    'sco/a\\\\x2eb'
    """
    return "".join(
        letter if letter.isalnum() or not letter.isascii() or letter in "/-_~" else f"\\x{ord(letter):02x}"
        for letter in path
    )
