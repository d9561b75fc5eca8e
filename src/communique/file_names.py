"""Names of files and folders that every file system keeps: Linux, macOS, Windows, and whatever unpacks an archive."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from communique.formats import FORMATS

SEGMENT_BYTES = 200
READABLE_LETTERS = 40
MARK = "~"
# What needs no second look: most IRIs consist of nothing else.
PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HASHED = re.compile(r"~[a-z2-7]{16}$")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved alone and with any extension.
DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)", re.IGNORECASE)
PUNCTUATION = frozenset("-._~!$&'()+,;=@ ")
# A folder `x.html` and the page of `x` would be one path.
EXTENSIONS = tuple(
    {extension for each in FORMATS for extension in (each.extension, *each.other_extensions)}
    | {".gz", ".zst", ".zip", ".txt", ".js", ".css", ".map", ".svg", ".png", ".webp", ".woff2", ".atom", ".ics"}
)


@lru_cache(maxsize=65_536)
def name_of(segment: str, *, folder: bool) -> str:
    """Return the file or folder name of a segment of an IRI: itself without percent-encoding, or a hashed name.

    Different segments may want the same name (`a` and `%61`); whoever gives out names must look for that.
    """
    if PLAIN.fullmatch(segment) and len(segment) <= SEGMENT_BYTES and not DEVICE.match(segment):
        return segment
    try:
        name = unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        return hashed(segment)
    return name if _is_safe(name, folder=folder) else hashed(segment, readable=name)


def hashed(text: str, *, readable: str = "") -> str:
    """Return a safe name for any text: the letters and digits of `readable`, and 80 bits of a hash of the text.

    >>> hashed("..")
    '~l3a7pzya6n6d2czj'
    """
    letters = unicodedata.normalize("NFC", readable or text)
    kept = "".join(letter if unicodedata.category(letter)[0] in "LN" else "-" for letter in letters)
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:10]
    start = re.sub("-+", "-", kept).strip("-")[:READABLE_LETTERS]
    return f"{start}{MARK}{base64.b32encode(digest).decode().lower()}"


def folded(path: str) -> str:
    """Return what two paths have in common that some file systems take for one (case, normalisation of Unicode)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def _is_safe(name: str, *, folder: bool) -> bool:
    return (
        name != ""
        and len(name.encode()) <= SEGMENT_BYTES
        and not name.startswith((".", " "))
        and not name.endswith((".", " "))
        and unicodedata.normalize("NFC", name) == name
        and all(map(_is_safe_letter, name))
        and not DEVICE.match(name)
        and not HASHED.search(name)
        and not (folder and name.lower().endswith(EXTENSIONS))
    )


def _is_safe_letter(letter: str) -> bool:
    """Tell if a letter may stand in a name: letters, marks and digits of all scripts, and harmless punctuation.

    Signs that stand for others, such as a full-width slash, are no more harmless than these.
    """
    if letter.isascii():
        return letter.isalnum() or letter in PUNCTUATION
    kind = unicodedata.category(letter)[0]
    return kind in "LMN" or (kind in "PS" and unicodedata.normalize("NFKC", letter) == letter)
