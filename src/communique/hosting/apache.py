"""Apache 2.4: `.htaccess`, which works in any folder of a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.formats import HTML
from communique.hosting.negotiation import LADDER, choices, tongues
from communique.hosting.plan import (
    ASSETS,
    ENDED_TYPES,
    FOR_EVER,
    HEADERS,
    METHODS,
    NAMED_TYPES,
    NOT_KEPT,
    PREFLIGHT,
    REVALIDATE,
    ending_pattern,
    is_packed,
    media_types,
    packed_extensions,
    pattern,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from communique.hosting.plan import Plan

START = r"""# Written by the build. Apache 2.4 with mod_rewrite and mod_headers,
# and `AllowOverride All`, or `AllowOverride FileInfo Indexes Options`.

Options -Indexes -MultiViews
DirectoryIndex index.html
DirectorySlash Off
ErrorDocument 404 "/%{reqenv:COMMUNIQUE_FOLDER}404%{reqenv:COMMUNIQUE_LANGUAGE}.html"
# A name may end in .php.html, which some hosts would run.
SetHandler default-handler
"""
# A browser that asks before it reads follows no redirect.
ASKING = r"""RewriteCond "%{REQUEST_METHOD}" "=OPTIONS"
RewriteRule "^" "-" [R=204,L]"""
READ_ALONE = r"""RewriteCond "%{REQUEST_METHOD}" "!^(?:GET|HEAD)$"
RewriteRule "^" "-" [R=405,L]"""
# The folder of the site on its host is what is left of the address without the part that the rule sees, which has no
# two slashes. An address that begins with two would lead to another host.
REWRITING = r"""
<IfModule mod_rewrite.c>
RewriteEngine On
RewriteOptions AllowNoSlash
RewriteCond "$0//%{REQUEST_URI}" "^(.*)///+(.*)\1$"
RewriteRule "^.*$" "-" [E=COMMUNIQUE_FOLDER:%2]
"""
# The site itself without its slash, of which mod_rewrite hears by AllowNoSlash alone: the rule sees the name of a file.
HOME = r"""
RewriteCond "$0//%{REQUEST_FILENAME}" "^(.+)//\1$"
RewriteCond "%{REQUEST_URI}" "^/+(.*[^/])$"
RewriteRule "^.*[^/]$" "/%1/" [R=308,L,QSD]"""
PLACES = r"""
RewriteRule "(?:^|/)\.(?!well-known/)" "-" [R=404,L]
RewriteCond "%{REQUEST_FILENAME}" -f
RewriteRule "^" "-" [L]
"""
# The name of what stands at the address of a folder, and the page of a folder without data beside it.
FOLDERS = r"""RewriteRule "(?:^|/)$" "-" [E=COMMUNIQUE_INDEX:index]"""
PLAIN_FOLDERS = r"""RewriteCond "%{ENV:COMMUNIQUE_OFFERS}" "=.html"
RewriteRule "(?:^|/)$" "-" [L]"""
# What lies below a thing is no thing because of that: for "x/y" REQUEST_FILENAME ends in "x", and PATH_INFO is "/y".
BELOW = r"""
RewriteCond "%{PATH_INFO}" "."
RewriteRule "^" "-" [R=404,L]
"""


def htaccess(plan: Plan) -> str:
    """Return the rules for the folder of the site."""
    return "\n".join(
        [
            START,
            *_types(),
            *_headers(plan),
            *_packed(),
            REWRITING,
            ASKING,
            READ_ALONE,
            HOME,
            *spoken(plan),
            *_named_languages(plan),
            *renamings(plan.hidden),
            PLACES,
            *renamings(plan.renamed),
            BELOW,
            *_negotiation(plan),
            "</IfModule>",
            "",
        ]
    )


def _types() -> Iterator[str]:
    for extension, media_type in media_types().items():
        yield f'<FilesMatch "\\.{extension}$">\n  ForceType "{typed(media_type)}"\n</FilesMatch>'
    patterns = {f"/{pattern(path)}$": media_type for path, media_type in NAMED_TYPES.items()}
    patterns |= {ending_pattern(ending): media_type for ending, media_type in ENDED_TYPES.items()}
    for wanted, media_type in patterns.items():
        condition = f"%{{REQUEST_URI}} =~ m#{wanted}#"
        yield f'<If "{condition}">\n  ForceType "{typed(media_type)}"\n</If>'


def _headers(plan: Plan) -> Iterator[str]:
    yield "\n<IfModule mod_headers.c>"
    for name, value in HEADERS.items():
        yield f'Header always set {name} "{value}"'
    yield from asking()
    yield f'Header always set Cache-Control "{REVALIDATE}"'
    yield f'Header always set Cache-Control "{FOR_EVER}" "expr=%{{REQUEST_URI}} =~ m#/{ASSETS}#"'
    yield f'Header always set Cache-Control "{NOT_KEPT}" "expr=%{{REQUEST_STATUS}} =~ /^(?:404|405|406)$/"'
    yield "# Without `always` redirects would go without it; `merge` as mod_rewrite may have said the same."
    for field in plan.vary:
        yield f'Header always merge Vary {field} "expr=%{{REQUEST_STATUS}} =~ /^(?:303|404|406)$/"'
    # A variable of the request has another name after it was led to a file inside the server.
    chosen = "-n reqenv('COMMUNIQUE_CHOSEN') || -n reqenv('REDIRECT_COMMUNIQUE_CHOSEN')"
    for field in plan.vary:
        yield f'Header always merge Vary {field} "expr={chosen}"'
    for tag, ending in plan.endings.items():
        said = f'Header always set Content-Language "{plan.readers[tag]}"'
        yield f'<FilesMatch "{pattern(ending)}$">\n  {said}\n</FilesMatch>'
        page, at_folder = f"index{ending}", "%{THE_REQUEST} =~ m#^[A-Z]+ [^ ?]*/[? ]#"
        located = f'Header set Content-Location {page} "expr={at_folder}"'
        yield f'<FilesMatch "^{pattern(page)}$">\n  {located}\n</FilesMatch>'
    yield "</IfModule>"


def asking() -> Iterator[str]:
    """Give the headers that let scripts of other sites read, when a browser asks before it does, and the methods."""
    for name, value in PREFLIGHT.items():
        yield f'Header always set {name} "{value}" "expr=%{{REQUEST_METHOD}} == \'OPTIONS\'"'
    # Apache adds TRACE, unless its operator has switched that off.
    yield f'Header always set Allow "{METHODS}" "expr=%{{REQUEST_STATUS}} =~ /^(?:204|405)$/"'


def _packed() -> Iterator[str]:
    # By name: an answer of the server's own to a thing, which is no file, would vary by what does not matter to it.
    yield "<IfModule mod_deflate.c>"
    # Apache gives what it has packed an ETag of its own, and does not know it again (its bug 45023).
    yield '<IfModule mod_headers.c>\n  RequestHeader edit* If-None-Match "-gzip\\"" "\\""\n</IfModule>'
    yield f'<FilesMatch "\\.(?:{"|".join(packed_extensions())})$">\n  SetOutputFilter DEFLATE\n</FilesMatch>'
    for path, media_type in (*NAMED_TYPES.items(), *ENDED_TYPES.items()):
        if is_packed(media_type) and "." not in path.rpartition("/")[2]:
            yield f'<If "%{{REQUEST_URI}} =~ m#/{pattern(path)}$#">\n  SetOutputFilter DEFLATE\n</If>'
    yield "</IfModule>"


def spoken(plan: Plan) -> Iterator[str]:
    """Give the rules that find out the language of a page: COMMUNIQUE_LANGUAGE is "", or ".ru"."""
    # NV: a file does not vary, though the rules come by on the way to it.
    for tag, fits in tongues(plan.languages):
        yield f'RewriteCond "{LADDER},%{{HTTP:Accept-Language}}" "{fits}" [NC,NV]'
        yield f'RewriteRule "^" "-" [E=COMMUNIQUE_LANGUAGE:.{tag}]'


def _named_languages(plan: Plan) -> Iterator[str]:
    """Give the rules by which what is missing is told in the language that its address names."""
    for tag, ending in list(plan.endings.items())[1:]:
        yield f'RewriteRule "{pattern(ending)}$" "-" [E=COMMUNIQUE_LANGUAGE:.{tag}]'


def renamings(renamed: Mapping[str, str]) -> Iterator[str]:
    """Give a rule for each of these documents, which have another name than their IRIs."""
    for path, name in renamed.items():
        # mod_rewrite takes "$" and "%" for references to what was matched.
        words = name.replace("%", r"\%").replace("$", r"\$")
        yield f'RewriteRule "^{pattern(path)}$" "{words}" [DPI]'


def _negotiation(plan: Plan) -> Iterator[str]:
    yield FOLDERS
    for extension in (each.extension for each in plan.documents):
        yield f'RewriteCond "%{{REQUEST_FILENAME}}%{{ENV:COMMUNIQUE_INDEX}}{extension}" -f'
        yield f'RewriteRule "^" "-" [E=COMMUNIQUE_OFFERS:%{{ENV:COMMUNIQUE_OFFERS}}{extension}]'
    yield from _without_language(plan)
    yield PLAIN_FOLDERS
    for choice in choices(plan.documents):
        condition = f'RewriteCond "%{{ENV:COMMUNIQUE_OFFERS}},%{{HTTP_ACCEPT}}" "{choice.pattern}" [NC]'
        if choice.format is HTML:
            yield from (f"{condition}\n{rule}" for rule in _shown(plan))
        name = "%{ENV:COMMUNIQUE_LANGUAGE}" if choice.format is HTML else "%{ENV:COMMUNIQUE_INDEX}"
        ending = name + choice.format.extension
        yield f'{condition}\nRewriteRule "^.*$" "/%{{ENV:COMMUNIQUE_FOLDER}}$0{ending}" [R=303,L,QSD]'
    yield 'RewriteCond "%{ENV:COMMUNIQUE_OFFERS}" "."'
    yield 'RewriteRule "^" "-" [R=406,L]'
    yield 'RewriteCond "%{REQUEST_FILENAME}/index.html" -f'
    yield 'RewriteRule "^.*[^/]$" "/%{ENV:COMMUNIQUE_FOLDER}$0/" [R=308,L,QSD]'
    yield 'RewriteRule "^" "-" [R=404,L]'


def _without_language(plan: Plan) -> Iterator[str]:
    """Give what leads to the one page that there is: what is called `x.ru` may be that of `x`, in one language."""
    if len(plan.languages) > 1:
        name = "%{REQUEST_FILENAME}%{ENV:COMMUNIQUE_INDEX}"
        yield f'RewriteCond "{name}.html" -f'
        yield f'RewriteCond "{name}%{{ENV:COMMUNIQUE_LANGUAGE}}.html" !-f'
        yield 'RewriteRule "^" "-" [E=!COMMUNIQUE_LANGUAGE]'


def _shown(plan: Plan) -> Iterator[str]:
    """Give what shows the page of a thing at the address of its folder, in the language of the reader."""
    if len(plan.languages) > 1:
        page = "index%{ENV:COMMUNIQUE_LANGUAGE}.html"
        yield (
            'RewriteCond "%{ENV:COMMUNIQUE_LANGUAGE}" "."\n'
            f'RewriteCond "%{{REQUEST_FILENAME}}{page}" -f\n'
            f'RewriteRule "^(?:.*/)?$" "/%{{ENV:COMMUNIQUE_FOLDER}}$0{page}" [E=COMMUNIQUE_CHOSEN:1,L]'
        )
    yield 'RewriteRule "(?:^|/)$" "-" [E=COMMUNIQUE_CHOSEN:1,L]'
