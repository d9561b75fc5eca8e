"""Pages filled by their own templates, `<template id="site-...">`, as a script in the page would fill them.

So the words and the markup stay in the theme. A name in braces is a value, which is escaped; what stands between
`<!--name-->` and `<!--/name-->` is repeated.
"""

import re
from collections.abc import Iterable, Mapping

from markupsafe import escape

TEMPLATE = re.compile(r'<template id="site-([\w-]+)">(.*?)</template>', re.DOTALL)
SLOT = re.compile(r"\{(\w+)\}")
OPTIONAL = re.compile(r'<(\w+)([^>]*) data-if="([^"]*)"([^>]*)>(.*?)</\1>', re.DOTALL)


def templates_of(page: str) -> dict[str, str]:
    """Return the templates of a page by name."""
    return dict(TEMPLATE.findall(page))


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with values, escaped, where it names them in braces.

    An element with `data-if="{name}"` is left out where that value is empty; `data-href` becomes `href`.
    """
    kept = OPTIONAL.sub(lambda found: _kept(found, values), template)
    # A link that leads nowhere yet is no link.
    return SLOT.sub(lambda found: str(escape(values.get(found[1], ""))), kept.replace(" data-href=", " href="))


def repeated(template: str, name: str, parts: Iterable[str]) -> str:
    """Return a template with `parts` in place of what it marks to be repeated by this name."""
    before, _, rest = template.partition(f"<!--{name}-->")
    return before + "".join(parts) + rest.partition(f"<!--/{name}-->")[2]


def part(template: str, name: str) -> str:
    """Return what a template marks to be repeated by this name."""
    return template.partition(f"<!--{name}-->")[2].partition(f"<!--/{name}-->")[0]


def _kept(found: re.Match[str], values: Mapping[str, str]) -> str:
    tag, before, condition, after, inside = found.groups()
    return f"<{tag}{before}{after}>{inside}</{tag}>" if values.get(condition.strip("{}")) else ""
