"""nginx: a fragment to include in a server block."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from communique.formats import HTML
from communique.hosting.negotiation import LADDER, choices, tongues
from communique.hosting.plan import (
    ASSETS,
    ENDED_TYPES,
    FOR_EVER,
    HEADERS,
    HIDDEN,
    METHODS,
    NAMED_TYPES,
    NOT_KEPT,
    PREFLIGHT,
    REVALIDATE,
    UNTYPED,
    ending_pattern,
    is_packed,
    media_types,
    pattern,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.hosting.plan import Plan

# The packed dumps lie beside the plain ones; every package of nginx can send them (gzip_static).
GZIP = """    gzip on;
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
    gzip_comp_level 5;
    gzip_min_length 512;
    gzip_types {types};"""
# All headers stand in one block, as a block with an `add_header` of its own inherits none. The address comes from the
# line of the request as it was sent: $uri is decoded and must not get into a header. An address that begins with two
# slashes would lead to another host. A numbered capture would be percent-encoded once more, a named one is not.
# After a page was found for a folder, these rules run again with the name of the page as $uri.
# A colon before what there is marks the address of a folder, whose page is shown and not led to.
# `set`, `break` and `return` are what is safe inside `if`; a `map` could not stand in a server block.
LOCATION = r"""# Written by the build. Include it in a server block whose `root` holds the site at {folder}
set $communique_cache "{revalidate}";
if ($uri ~ "^{assets}") {{ set $communique_cache "{for_ever}"; }}
set $communique_vary "{vary}";
if (-f $document_root$uri) {{ set $communique_vary ""; }}
if (-f $document_root${{uri}}index.html) {{ set $communique_vary ""; }}
if ($uri ~ "^{errors}404[.a-z0-9-]*\.html$") {{ set $communique_vary "{vary}"; set $communique_cache "{not_kept}"; }}
set $communique_page "";
set $communique_asked "$uri $request_uri";
if ($communique_asked ~ "/index\.html [^?]*/(?:\?|$)") {{ set $communique_page "index.html"; }}
{asking}
{reading}
set $communique_spoken "{ladder},$http_accept_language";
set $communique_language "";
set $communique_content_language "";
{languages}

{home}{named}
location {folder} {{
    index index.html;
    absolute_redirect off;
    charset utf-8;
    charset_types {charset_types};
    default_type {untyped};
    types {{
{types}
    }}
{headers}
    add_header Cache-Control $communique_cache always;
    add_header Vary $communique_vary always;
    add_header Allow $communique_allow always;
    add_header Content-Language $communique_content_language always;
    add_header Content-Location $communique_page;
    error_page 403 =404 {folder}404$communique_language.html;
    error_page 404 {folder}404$communique_language.html;

    if ($request_method = OPTIONS) {{ return 204; }}
    if ($communique_allow) {{ return 405; }}
    set $communique_kind "";
    if ($uri ~ "{no_file}") {{ set $communique_kind "hidden"; }}
{hidden}
    if ($communique_kind = "hidden") {{ return 404; }}
    if (-f $request_filename) {{ set $communique_kind "$communique_kind file"; }}
    if ($communique_kind = " file") {{ break; }}
    set $communique_path "";
    if ($request_uri ~ "^(?<communique_sent>(?:/[^/?\\\\]+)+)(?:\?|$)") {{ set $communique_path $communique_sent; }}
    set $communique_stem $request_filename;
    if ($request_uri ~ "^(?<communique_in>(?:/[^/?\\\\]+)*/)(?:\?|$)") {{
        set $communique_path "${{communique_in}}index";
        set $communique_stem "${{request_filename}}index";
    }}
    set $communique_offers "";
{offers}
    set $communique_asked "$communique_offers $uri";
    if ($communique_asked ~ "^\.html .*/$") {{ set $communique_offers ""; }}
    if ($communique_asked ~ "^\.html\..* .*/$") {{
        set $communique_offers ":$communique_offers";
        set $communique_vary "{vary}";
    }}
{renamed}
    set $communique_shown "";
    if (-f ${{communique_stem}}$communique_language.html) {{ set $communique_shown $communique_language; }}
    set $communique_led $communique_language;
    if (-f ${{communique_stem}}.html) {{ set $communique_led $communique_shown; }}
    set $communique_tongue "{first}";
    if ($communique_shown ~ "^\.(?<communique_tag>.+)$") {{ set $communique_tongue $communique_tag; }}
    set $communique_index "";
    if (-f $request_filename/index.html) {{ set $communique_index "/"; }}
    if ($communique_path = "") {{ set $communique_offers ""; set $communique_index ""; }}
    set $communique_asked "$communique_offers$communique_index $uri";
    if ($communique_asked ~ "^/ .*[^/]$") {{ set $communique_vary ""; return 308 $communique_path/; }}
    set $communique_asked "$communique_offers $uri";
    if ($communique_asked ~ "^ .*[^/]$") {{ return 404; }}
    if ($communique_offers = "") {{ break; }}
    set $communique_asked "$communique_offers,$http_accept";
{negotiation}
    set $communique_cache "{not_kept}";
    return 406;
}}
"""

HOME = """
location = {home} {{
    absolute_redirect off;
{headers}
    add_header Cache-Control $communique_cache always;
    add_header Allow $communique_allow always;
    if ($request_method = OPTIONS) {{ return 204; }}
    if ($communique_allow) {{ return 405; }}
    return 308 {folder};
}}"""
NAMED = """
location {path} {{
    types {{ }}
    default_type {media_type};
    charset utf-8;
    charset_types text/turtle text/plain;
{headers}
    add_header Cache-Control $communique_cache always;
    add_header Vary $communique_vary always;
    add_header Allow $communique_allow always;
    error_page 404 {folder}404$communique_language.html;
    if ($request_method = OPTIONS) {{ return 204; }}
    if ($communique_allow) {{ return 405; }}
}}"""


def fragment(plan: Plan) -> str:
    """Return the rules for a server block."""
    headers = "\n".join([_gzip(), *_headers()])
    return LOCATION.format(
        folder=plan.folder,
        untyped=UNTYPED,
        assets=pattern(plan.folder + ASSETS),
        revalidate=REVALIDATE,
        vary=", ".join(plan.vary),
        first=plan.readers[plan.languages[0]],
        errors=pattern(plan.folder),
        asking="\n".join(_asking()),
        reading="\n".join(_reading()),
        not_kept=NOT_KEPT,
        ladder=LADDER,
        languages="\n".join(_languages(plan)),
        for_ever=FOR_EVER,
        charset_types=" ".join(sorted({each for each in media_types().values() if _is_text(each)})),
        types="\n".join(f"        {media_type} {extension};" for extension, media_type in media_types().items()),
        headers=headers,
        home=HOME.format(home=plan.folder[:-1], folder=plan.folder, headers=headers) if plan.folder != "/" else "",
        named="\n".join(
            NAMED.format(path=path, media_type=media_type, headers=headers, folder=plan.folder)
            for path, media_type in _named(plan)
        ),
        offers="\n".join(_offers(plan)),
        no_file=HIDDEN.pattern,
        hidden="\n".join(_hidden(plan)),
        renamed="\n".join(_renamed(plan)),
        negotiation="\n".join(_negotiation(plan)),
    )


def _gzip() -> str:
    """Return the rules by which files are packed; text/html is packed anyway, and nginx warns of a second one."""
    types = {each for table in (media_types(), NAMED_TYPES, ENDED_TYPES) for each in table.values() if is_packed(each)}
    return GZIP.format(types=" ".join(sorted(types - {HTML.media_type})))


def _headers() -> Iterator[str]:
    for name, value in HEADERS.items():
        yield f'    add_header {name} "{value}" always;'
    for name in PREFLIGHT:
        yield f"    add_header {name} {_variable(name)} always;"


def _asking() -> Iterator[str]:
    """Give what is said to a browser that asks before it reads; a header without a value is not sent."""
    for name in PREFLIGHT:
        yield f'set {_variable(name)} "";'
    said = "".join(f' set {_variable(name)} "{value}";' for name, value in PREFLIGHT.items())
    yield f"if ($request_method = OPTIONS) {{{said} }}"


def _reading() -> Iterator[str]:
    """Give the methods to who asks for them, or comes with another one."""
    yield 'set $communique_allow "";'
    said = f'set $communique_allow "{METHODS}"; set $communique_vary ""; set $communique_cache "{NOT_KEPT}";'
    yield f'if ($request_method !~ "^(?:GET|HEAD)$") {{ {said} }}'


def _variable(header: str) -> str:
    return f"$communique_{header.rpartition('-')[2].lower()}"


def _is_text(media_type: str) -> bool:
    """Tell whether a type needs a charset; that of text/html is set anyway, and nginx warns of a second one."""
    return media_type.startswith("text/") and media_type != "text/html"


def _named(plan: Plan) -> Iterator[tuple[str, str]]:
    """Give the files that have a type of their own, as `location` has them: a regular expression wins over a folder."""
    for path, media_type in NAMED_TYPES.items():
        yield f"= {plan.folder}{path}", media_type
    for ending, media_type in ENDED_TYPES.items():
        last = "[^/]*" * (ending[0] == ".") + ending_pattern(ending).removeprefix("/")
        yield f'~ "^{pattern(plan.folder)}(?:.*/)?{last}"', media_type


def _offers(plan: Plan) -> Iterator[str]:
    for each in plan.documents:
        yield (
            f"    if (-f ${{communique_stem}}{each.extension}) "
            f'{{ set $communique_offers "${{communique_offers}}{each.extension}"; }}'
        )


def _languages(plan: Plan) -> Iterator[str]:
    for tag, fits in tongues(plan.languages):
        yield f'if ($communique_spoken ~* "{fits}") {{ set $communique_language ".{tag}"; }}'
    for tag, ending in plan.endings.items():
        named = f' set $communique_language ".{tag}";' * (ending != HTML.extension)
        yield f'if ($uri ~ "{pattern(ending)}$") {{ set $communique_content_language "{plan.readers[tag]}";{named} }}'


def _hidden(plan: Plan) -> Iterator[str]:
    """Give what tells a thing that is called as a hidden file from such a file."""
    set_vary = f'set $communique_vary "{", ".join(plan.vary)}";'
    for path in plan.hidden:
        yield f'    if ($uri ~ "^{pattern(plan.folder + path)}$") {{ set $communique_kind "thing"; {set_vary} }}'


def _renamed(plan: Plan) -> Iterator[str]:
    offers = "".join(each.extension for each in plan.documents)
    for path, name in plan.renamed.items():
        url = quote(plan.folder + name)
        yield (
            f'    if ($uri ~ "^{pattern(plan.folder + path)}$") '
            f'{{ set $communique_path "{url}"; set $communique_offers "{offers}"; }}'
        )


def _negotiation(plan: Plan) -> Iterator[str]:
    language = "set $communique_content_language $communique_tongue;"
    page = 'set $communique_page "index${communique_shown}.html";'
    shown = f'{language} {page} rewrite "^(.*/)$" "$1$communique_page" break;'
    for choice in choices(plan.documents):
        extension = choice.format.extension
        if choice.format is HTML:
            pattern = choice.pattern.replace("^", "^:", 1)
            yield f'    if ($communique_asked ~* "{pattern}") {{ {shown} }}'
        ending = "${communique_led}" * (choice.format is HTML) + extension
        yield f'    if ($communique_asked ~* "{choice.pattern}") {{ return 303 ${{communique_path}}{ending}; }}'
