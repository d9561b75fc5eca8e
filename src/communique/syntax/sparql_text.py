"""What the text of a query tells before it is parsed: whether it would call another host, how deep it is nested."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What may hold any letters without meaning them (SPARQL 1.1 Query, section 19.8): strings, IRIs, comments, variables,
# language tags, and the local part of a prefixed name.
# A short string that is not closed ends the query anyway; it is taken whole, or each quote in it would be tried anew.
_OPAQUE = re.compile(
    r'''
      """ (?: [^"\\] | \\. | "(?!"") )* """
    | \'\'\' (?: [^'\\] | \\. | '(?!\'\') )* \'\'\'
    | " (?: [^"\\\r\n] | \\. )*+ "?
    | ' (?: [^'\\\r\n] | \\. )*+ '?
    | (?P<iri> < [^<>"{}|^`\x00-\x20]* > )
    | \# [^\r\n]*
    | [?$] \w+
    | @ [A-Za-z]+ (?: - [A-Za-z0-9]+ )*
    | : (?: [\w\-.:%] | \\. )*
    ''',
    re.VERBOSE | re.DOTALL,
)
_CALLS = re.compile("service|load", re.IGNORECASE)
_IN_PREFIX = re.compile(r"[\w.\-]*")
# What stands behind a name that no group follows (SERVICE needs one), nor a comment, which may end before one.
_NO_GROUP = re.compile(r"[ \t\r\n]*\Z|[ \t\r\n]+[^\s{#]|[,;.()\[\]|/^*+?!<>=&\"'@$}]")
_CHANCES = re.compile("now|rand|uuid|bnode", re.IGNORECASE)
_CHANCE = re.compile(rf"(?:{_CHANCES.pattern})\s*[(#]", re.IGNORECASE)
# Virtuoso has another word for it.
_DATASET = re.compile(r"(?<![A-Za-z])(?:from|using)(?![A-Za-z])", re.IGNORECASE)
_PROLOGUE = re.compile(r"\bPREFIX\s+\S*", re.IGNORECASE)
_FORM = re.compile(r"\b(?:SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
# A query from its beginning (section 19.8, Prologue). The quantifiers are possessive: what does not fit ends at once.
_QUERY = re.compile(
    r"""
    (?: \s++ | \# [^\r\n]*+
      | PREFIX \s++ (?: [\w.\-]++ )?+ : \s*+ <[^<>"{}|^`\\\x00-\x20]*+>
      | BASE \s*+ <[^<>"{}|^`\\\x00-\x20]*+>
    )*+
    (?: SELECT | ASK | CONSTRUCT | DESCRIBE ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UPDATE = re.compile(r"(?:[.\s]|\bBASE\b)*(INSERT|DELETE|LOAD|WITH|CLEAR|CREATE|DROP|ADD|MOVE|COPY)\b", re.IGNORECASE)
_READS = re.compile(r"(?:[.\s]|\bBASE\b)*(?:SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_CHANGES = re.compile(r"(?<!\w)(?:INSERT|DELETE|MODIFY|CLEAR|DROP|CREATE|DEFINE)(?!\w)", re.IGNORECASE)
_EXTENSION = re.compile(r"(?<![\w-])(?:get:|(?:bif|sql):(?!contains\b))", re.IGNORECASE)
_HIERARCHICAL = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_BRACKET = re.compile(r"[(){}\[\]]")
_RETURN = re.compile(r"\r(?!\n)")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def reaches_out(query: str) -> bool:
    """Tell whether a query may ask another host (`SERVICE`) or fetch a document (`LOAD`).

    It is looked for without word boundaries, since `?o.service<iri>` and `SERVICEsilent<iri>` are valid, and with code
    point escapes read as well as unread (section 19.2), since engines differ. A prefix (`webservice:`) counts only
    where it may be taken for such a call (`SERVICE:name {`).
    """
    return any(_mentions(_CALLS, text) and _calls(text) for text in readings(query))


def _calls(query: str) -> bool:
    loads = False
    for start, end, opaque in places(query):
        # Where the first such word is in a prefix, what stands behind it is so, too.
        if found := _CALLS.search(query, start, end):
            if not _is_in_prefix(query, found, end, opaque):
                return True
            loads = loads or "load" in query[found.start() : end].lower()
    # An update begins with LOAD, a query does not.
    return loads and _QUERY.match(query) is None


def _is_in_prefix(query: str, found: re.Match[str], end: int, opaque: re.Match[str] | None) -> bool:
    """Tell whether a word is for sure in the prefix of a name, behind which no group stands."""
    if opaque is None or opaque[0][0] != ":" or not _IN_PREFIX.fullmatch(query, found.end(), end):
        return False
    return _NO_GROUP.match(query, opaque.end()) is not None


def names_dataset(query: str) -> bool:
    """Tell whether a query names the graphs that it reads (`FROM`), which some engines load from there.

    Errs on the side of caution: a prefix called `from:` counts too.

    >>> names_dataset("SELECT * FROM <file:///etc/passwd> { ?s ?p 'FROM' }")
    True
    """
    return any(_stands_in(_DATASET, text) for text in readings(query))


def leaves_to_chance(query: str) -> bool:
    """Tell whether a query may be answered in another way each time: it may call NOW, RAND, UUID, STRUUID or BNODE.

    Errs on the side of caution: such a name counts in a string as well, and at the end of a longer one.

    >>> leaves_to_chance("SELECT (1 + rand () AS ?n) {}"), leaves_to_chance("SELECT * { ?s <#brand> ?now }")
    (True, False)
    """
    return any(_mentions(_CHANCES, text) and _CHANCE.search(text) for text in readings(query))


def blanked(query: str) -> str:
    """Return a query of the same length in which spaces stand for all that is neither keyword nor punctuation.

    >>> blanked("ASK { ?s ?p '{' } # {")
    'ASK {           }    '
    """
    return _OPAQUE.sub(lambda opaque: " " * len(opaque[0]), query)


def form_of(query: str) -> str:
    """Return the form of a query in capitals: SELECT, ASK, CONSTRUCT, DESCRIBE, or "" if it has none.

    >>> form_of("PREFIX ask: <http://example.org/select#> construct { ?s ?p ?o } { ?s ?p ?o }")
    'CONSTRUCT'
    """
    visible = _OPAQUE.sub(lambda opaque: "." * len(opaque[0]), query)
    found = _FORM.search(_PROLOGUE.sub(" ", visible))
    return found[0].upper() if found else ""


def update_word(query: str) -> str:
    """Return the word in capitals with which a text begins as an update does, "" if it does not; the rest is not read.

    >>> update_word("BASE <http://example.org/> PREFIX : <#> # one\\n insert data { :a :b :c }")
    'INSERT'
    >>> update_word("PREFIX insert: <http://example.org/> SELECT * { ?delete insert:data 'CLEAR ALL' }")
    ''
    """
    if _QUERY.match(query):
        return ""
    visible = _OPAQUE.sub(lambda opaque: "." * len(opaque[0]), query)
    found = _UPDATE.match(_PROLOGUE.sub(" ", visible))
    return found[1].upper() if found else ""


def only_reads(query: str) -> bool:
    """Tell whether a text is a query in any engine's eyes, without extensions by which some change or fetch something.

    Errs on the side of caution: a prefix called `insert:` is refused, and so are Virtuoso's pragmas (`DEFINE`, and
    `get:` after FROM), which may fetch, and its functions `bif:` and `sql:`, but for its full-text search.

    >>> only_reads("PREFIX : <#> SELECT * { ?s ?p 'DELETE' } # insert")
    True
    >>> only_reads("DEFINE get:soft 'soft' SELECT * { ?s ?p ?o }"), only_reads("ASK {} ; INSERT DATA { <a> <b> <c> }")
    (False, False)
    """
    texts = readings(query)
    return all(form_of(text) and _READS.match(_visible(text)) for text in texts) and not _may_change(texts)


def is_nothing(query: str) -> bool:
    """Tell whether a text is neither a query nor anything that an engine may know beside queries.

    >>> is_nothing("SELEC * { ?s ?p ?o }"), is_nothing("MODIFY <x:g> DELETE {} INSERT {}"), is_nothing("EXPLAIN ASK {}")
    (True, False, False)
    """
    texts = readings(query)
    return not any(form_of(text) for text in texts) and not _may_change(texts)


def _may_change(texts: Iterable[str]) -> bool:
    return any(_stands_in(_CHANGES, text) or _EXTENSION.search(text) for text in texts)


def _visible(query: str) -> str:
    """Return a query with full stops for what is opaque, and without its prefixes."""
    visible = _OPAQUE.sub(lambda opaque: " " if opaque[0].startswith("#") else "." * len(opaque[0]), query)
    return _PROLOGUE.sub(" ", visible)


def pattern_of(query: str) -> str | None:
    """Return the SELECT query for the rows from which a query makes its graph, None where it only names resources.

    >>> pattern_of("CONSTRUCT { ?s a ?o } WHERE { ?s ?p ?o } LIMIT 9")
    'SELECT * WHERE { ?s ?p ?o } LIMIT 9'
    >>> pattern_of("CONSTRUCT WHERE { ?s ?p ?o }")
    'SELECT * WHERE { ?s ?p ?o }'
    """
    visible = _OPAQUE.sub(lambda opaque: "." * len(opaque[0]), query)
    prologue = [(each.start(), each.end()) for each in _PROLOGUE.finditer(visible)]
    found = next((f for f in _FORM.finditer(visible) if not any(a <= f.start() < b for a, b in prologue)), None)
    if found is None or "{" not in visible[found.end() :]:
        return None
    start, end = found.span()
    if found[0].upper() == "CONSTRUCT" and visible[end:].lstrip().startswith("{"):
        end = visible.index("}", end) + 1
    elif found[0].upper() == "DESCRIBE":
        end = next(each.start() for each in re.finditer(r"(?i)\bWHERE\b|\{", visible) if each.start() >= end)
    return f"{query[:start]}SELECT *{query[end:] if query[end : end + 1].isspace() else ' ' + query[end:]}"


def is_nested_deeper(query: str, than: int) -> bool:
    """Tell whether more than `than` brackets of any kind are open at once in a query.

    >>> is_nested_deeper("SELECT * { ?s ?p (1 2) . # {{{\\n }", than=1), is_nested_deeper("ASK { ?s ?p '{' }", than=1)
    (True, False)
    """
    if sum(map(query.count, "({[")) <= than:
        return False
    depth = 0
    for bracket in _BRACKET.findall(_OPAQUE.sub(" ", query)):
        depth += 1 if bracket in "({[" else -1
        if depth > than:
            return True
    return False


def _stands_in(word: re.Pattern[str], query: str) -> bool:
    """Tell whether a word stands outside of all that is opaque, in any reading of the query."""
    return any(word.search(query, start, end) for start, end, _ in places(query))


def places(query: str) -> Iterator[tuple[int, int, re.Match[str] | None]]:
    """Give where a query has something that is not opaque, from where to where, and the opaque thing behind it.

    A `<` may open an IRI or compare, and what follows may be a string in one reading and not in the other, as in
    `FILTER(?a<?b)BIND('>' AS ?x)SERVICE?y#'`. So both are followed, each place once.
    """
    waiting, seen = [0], set()
    while waiting:
        place = waiting.pop()
        while place not in seen:
            seen.add(place)
            opaque = _OPAQUE.search(query, place)
            end = opaque.start() if opaque else len(query)
            yield place, end, opaque
            if opaque is None:
                break
            if opaque["iri"] and _may_compare(opaque["iri"]):
                waiting.append(end + 1)
            place = opaque.end()


def _may_compare(iri: str) -> bool:
    """Tell whether what looks like an IRI may begin with a comparison: that ends or calls before another `>`."""
    return _HIERARCHICAL.match(iri) is None and any(sign in iri for sign in "()&,'#")


def _mentions(words: re.Pattern[str], query: str) -> bool:
    """Tell whether one of some plain words is in a query at all, whatever its case, far quicker than by a search."""
    if not query.isascii():
        return words.search(query) is not None
    small = query.lower()
    for word in words.pattern.split("|"):  # noqa: SIM110 (this is asked of each query, and a generator takes twice as long)
        if word in small:
            return True
    return False


@lru_cache(maxsize=4)
def readings(query: str) -> frozenset[str]:
    """Return a query unread and with its code point escapes read (section 19.2), and as who ends comments at LF alone.

    Virtuoso does: behind `#` and CR a quote may stand that is no quote to it.
    """
    texts = {query}
    if "\\" in query:
        texts.add(_ESCAPE.sub(lambda escape: chr(min(int(escape[1] or escape[2], 16), 0x10FFFF)), query))
    return frozenset(texts | {_RETURN.sub(" ", text) for text in texts if "\r" in text})
