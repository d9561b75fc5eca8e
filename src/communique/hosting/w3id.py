"""w3id.org: the folder of a pull request that lets permanent IRIs lead to the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.formats import HTML
from communique.hosting.apache import ASKING, FOLDERS, READ_ALONE, asking, renamings, spoken
from communique.hosting.negotiation import choices
from communique.hosting.plan import ENDED_TYPES, NAMED_TYPES, media_types, pattern
from communique.website.shadowed import LABELS, SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.hosting.plan import Plan

HOST = "https://w3id.org/"
NOT_PUBLIC = frozenset(("healthz", "healthz/ready", "metrics"))
"""Services for who runs the server."""
METHODS_OF_SERVICES = "GET, HEAD, POST, OPTIONS"
PLACEHOLDER = "https://REPLACE-ME.example/"
README = """# /{name}

{base} leads to {address}, where Communiqué publishes data about what these IRIs name.

- Maintainer: REPLACE-ME (name, e-mail, GitHub user name)

## Before the pull request

{todo}2. Put your name above.
3. Copy this folder to `{name}/` in a fork of https://github.com/perma-id/w3id.org and open a pull request.

`.htaccess` redirects files and folders as they are (302) and IRIs of things to the document that the client prefers
(303), so that content negotiation works even when the site stands on a host that has none. The SPARQL endpoint,
look-ups and reconciliation are redirected with their method (307); some clients follow only redirects of GET.
"""
STATED = "1. The address of the site is the one that the data state. Look whether it is right.\n"
MISSING = (
    f"1. Replace `{PLACEHOLDER}` in `.htaccess` and above by the address of the site, or state it in the data:\n"
    "   `foaf:homepage <https://...>` of the catalogue or the dataset, and build again.\n"
)


def folder(plan: Plan) -> Iterator[tuple[str, str]]:
    """Give the files of the folder, none when the IRIs are not those of w3id.org."""
    name = plan.base.removeprefix(HOST).rstrip("/#")
    if plan.base.startswith(HOST) and name:
        address = plan.address or PLACEHOLDER
        yield ".htaccess", "\n".join(_rules(plan, address))
        todo = STATED if plan.address else MISSING
        yield "README.md", README.format(name=name, base=plan.base, address=address, todo=todo)


def _services() -> str:
    """Return the paths of the services of a site as a regular expression."""
    return f"(?:{'|'.join(pattern(each) for each in sorted(SERVICES - NOT_PUBLIC))}|{pattern(LABELS)}.+)"


def _asking_services() -> Iterator[str]:
    """Give the headers for a browser that asks before it puts a query of another site."""
    service = f"%{{REQUEST_URI}} =~ m#/{_services()}$#"
    fields = {
        "Access-Control-Allow-Methods": METHODS_OF_SERVICES,
        "Access-Control-Allow-Headers": "Accept, Content-Type",
    }
    for name, value in fields.items():
        yield f'Header always set {name} "{value}" "expr=%{{REQUEST_METHOD}} == \'OPTIONS\' && {service}"'
    yield f'Header always set Allow "{METHODS_OF_SERVICES}" "expr=%{{REQUEST_STATUS}} == 204 && {service}"'


def _rules(plan: Plan, address: str) -> Iterator[str]:
    yield f"# {plan.base} -> {address}"
    yield "Options +FollowSymLinks -MultiViews"
    yield "RewriteEngine On"
    yield 'Header always set Access-Control-Allow-Origin "*"'
    yield from asking()
    for field in plan.vary:
        yield f'Header always merge Vary {field} "expr=%{{REQUEST_STATUS}} =~ /^(?:303|406)$/"'
    for field in plan.vary:
        yield f"Header always merge Vary {field} \"expr=-n reqenv('COMMUNIQUE_CHOSEN')\""
    yield from _asking_services()
    yield ASKING
    # The site answers, whatever it is asked and how; 307 keeps the method (RFC 9110, section 15.4.8).
    yield f'RewriteRule "^{_services()}$" "{address}$0" [R=307,L]'
    yield READ_ALONE
    for folder in plan.folders:
        yield f'RewriteRule "^{pattern(folder)}$" "{address}$0" [R=302,L]'
    extensions = "|".join(media_types())
    yield f'RewriteRule "^.*\\.(?:{extensions})$" "{address}$0" [R=302,L]'
    bare = [pattern(name) for name in (*NAMED_TYPES, *ENDED_TYPES) if "." not in name.rpartition("/")[2]]
    yield f'RewriteRule "^(?:.*/)?(?:{"|".join(bare)})$" "{address}$0" [R=302,L]'
    yield from spoken(plan)
    yield from renamings(plan.renamed)
    yield FOLDERS
    there = "".join(each.extension for each in plan.documents)
    for choice in choices(plan.documents):
        condition = f'RewriteCond "{there},%{{HTTP_ACCEPT}}" "{choice.pattern}" [NC]'
        if choice.format is HTML:
            # Whether the host of the site shows the page of a folder in the language of the reader is not known here.
            page = f'RewriteRule "^(?:.*/)?$" "{address}$0'
            if len(plan.languages) > 1:
                spoken_page = f'{page}index%{{ENV:COMMUNIQUE_LANGUAGE}}.html" [R=303,L]'
                yield f'{condition}\nRewriteCond "%{{ENV:COMMUNIQUE_LANGUAGE}}" "."\n{spoken_page}'
            yield f'{condition}\n{page}" [E=COMMUNIQUE_CHOSEN:1,R=302,L]'
        name = "%{ENV:COMMUNIQUE_LANGUAGE}" if choice.format is HTML else "%{ENV:COMMUNIQUE_INDEX}"
        yield f'{condition}\nRewriteRule "^.*$" "{address}$0{name}{choice.format.extension}" [R=303,L]'
    yield 'RewriteRule "^" "-" [R=406,L]'
    yield ""
