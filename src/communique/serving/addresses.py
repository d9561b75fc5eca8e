"""What of a site a request names: the path of a file or of a thing, or a thing whose IRI has an escaped slash."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from starlette.types import Scope

from communique.hosting.plan import HIDDEN, RENAMED, SLASHED, key_of_slashed
from communique.serving.problems import Refusal

INDEX = "index.html"
LETTERS = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
"""Letters beyond ASCII, which an IRI has as they are and a request does not."""


@dataclass(frozen=True, slots=True)
class Names:
    """The documents that have another name than their IRIs, by the path of these, and by its key (`slashed`)."""

    renamed: dict[str, str] = field(default_factory=dict)
    slashed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> "Names":
        """Return those of the site in a folder, as the build has written them."""
        tables = (root / each for each in (RENAMED, SLASHED))
        return cls(*(json.loads(each.read_bytes()) if each.is_file() else {} for each in tables))

    def asked_for(self, path: str, scope: Scope) -> str:
        """Return the path inside the site that a request names, whose decoded URL path is `path`; raises Refusal."""
        if key := slashed(scope):
            if key not in self.slashed:
                raise Refusal(404, "There is no such page.")
            return self.slashed[key]
        try:
            return name_of(path)
        except Refusal:
            # No file is called so, or shown, and a thing may be.
            if found := self.renamed.get(path[1:]):
                return found
            raise


def name_of(path: str) -> str:
    """Return the path inside the site that a decoded URL path names; one thing has one address: nothing is guessed."""
    origin, *segments = path.split("/")
    if segments and not segments[-1]:
        segments[-1] = INDEX
    if origin or not segments or not all(map(_is_name, segments)) or HIDDEN.search(path):
        raise Refusal(404, "There is no such page.")
    return "/".join(segments)


def slashed(scope: Scope) -> str:
    """Return the key of the thing that a request names whose IRI has an escaped slash, "" for any other request.

    `a%2Fb` is another IRI than `a/b` (RFC 3986, section 2.2), and decoded they are the same.
    """
    raw = scope.get("raw_path") or b""
    if b"%2f" not in raw.lower():
        return ""
    return key_of_slashed(raw.decode("latin-1").removeprefix(quote(scope.get("root_path", "")) + "/").lstrip("/"))


def spellings(scope: Scope) -> list[str]:
    """Return the paths of the IRIs that a request may name: with letters beyond ASCII, and with these as it has them.

    >>> spellings({"raw_path": b"/a%3Fb/%C3%A9"})
    ['a%3Fb/\u00e9', 'a%3Fb/%C3%A9']
    """
    raw = str((scope.get("raw_path") or b"").decode("latin-1"))
    path = raw.removeprefix(quote(scope.get("root_path", "")) + "/")
    return list(dict.fromkeys((LETTERS.sub(_letters, path), path)))


def _letters(found: re.Match[str]) -> str:
    try:
        return unquote(found[0], errors="strict")
    except UnicodeDecodeError:
        return found[0]


def _is_name(segment: str) -> bool:
    """Tell whether a segment can be the name of a file of ours; names of more than 255 bytes are none anywhere."""
    plain = segment not in ("", ".", "..") and not {"\0", "\\"} & set(segment)
    return plain and len(segment.encode("utf-8", "surrogatepass")) <= 255
