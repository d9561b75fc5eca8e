"""Netlify and Cloudflare Pages: `_headers` and `_redirects`, which know nothing of the Accept header.

Cloudflare takes 100 rules for headers with one asterisk each, and 2,000 redirections without an asterisk or `:name`,
each in a line of 1,000 characters; of several rules for a file it joins the values of a field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from communique.formats import HTML
from communique.hosting.plan import ASSETS, ENDED_TYPES, FOR_EVER, HEADERS, NAMED_TYPES, media_types, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.hosting.plan import Plan


KNOWN = re.compile(r"css|csv|gz|html|ico|js|json|md|mjs|png|svg|tsv|txt|wasm|webp|woff2|xml|zip")
"""Extensions that these hosts know. They join the values of all rules for a file, so that there may be but one."""


AS_SENT = "/!$&'()+,;=@"
"""Signs of a path that clients send as they are (URL Standard, path percent-encode set) and that rules take so, too.

Cloudflare compares addresses as they are sent. An asterisk and a colon are a pattern there, and are written otherwise.
"""


def headers(plan: Plan) -> str:
    """Return `_headers`: types that these hosts may not know, and what is said with every file."""
    return "\n".join(["# Written by the build.", *_headers(plan), ""])


def redirects(plan: Plan) -> str:
    """Return `_redirects`: from IRIs to the documents that have another name."""
    lines = (
        f"{quote('/' + path, safe=AS_SENT)} {quote('/' + name)}{HTML.extension} 303"
        for path, name in sorted(plan.renamed.items())
    )
    return "\n".join(
        [
            "# Written by the build. Other IRIs need no rule: these hosts look for <path>.html,",
            "# and lead from /dumps to /dumps/ where there is an index.html.",
            *lines,
            "",
        ]
    )


def _headers(plan: Plan) -> Iterator[str]:
    yield "/*"
    yield from (f"  {name}: {value}" for name, value in HEADERS.items())
    yield f"/{ASSETS}*"
    yield f"  Cache-Control: {FOR_EVER}"
    named = {f"*.{extension}": kind for extension, kind in media_types().items() if not KNOWN.fullmatch(extension)}
    named |= dict(NAMED_TYPES) | {f"*{'/' * (ending[0] != '.')}{ending}": kind for ending, kind in ENDED_TYPES.items()}
    for path, media_type in named.items():
        yield f"/{path}"
        yield f"  Content-Type: {typed(media_type)}"
    # Rules for one file add up: the plain ending, which all pages have, says nothing of the language.
    for tag, ending in list(plan.endings.items())[1:]:
        # Cloudflare sends a page at its address without the extension alone.
        for each in (ending, ending.removesuffix(HTML.extension)):
            yield f"/*{each}"
            yield f"  Content-Language: {tag}"
