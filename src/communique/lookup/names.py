"""The names of all resources in one SQLite file, to be found again in other spellings; the one module with sqlite3."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from communique.bounded import Bounded
from communique.descriptions.people import PEOPLE
from communique.errors import AccessError
from communique.lookup.readings import tokens
from communique.lookup.resemblance import within_two_slips
from communique.lookup.romanisation import folded, name_words, plain
from communique.lookup.slips import bones, forms, pieces, pieces_after_slips

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

MOST_FORMS = 14
MOST_ROWS = 300
MOST_DISTANT = 5000
"""The most words that are looked at for one with two slips."""
MAPPED = 1 << 30
"""Bytes of an index that are mapped into memory: it is never written to, and each request opens it anew."""
LAST_CHARACTER = "\U0010ffff"
SCHEMA = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE resource (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, stem TEXT, name TEXT);
CREATE TABLE kind (resource INTEGER, type TEXT, direct INTEGER, PRIMARY KEY (resource, type)) WITHOUT ROWID;
CREATE TABLE name (id INTEGER PRIMARY KEY, resource INTEGER, text TEXT, plain TEXT, words TEXT);
CREATE TABLE term (iri TEXT, sort TEXT, name TEXT, plain TEXT, PRIMARY KEY (sort, iri)) WITHOUT ROWID;
CREATE TABLE fact (resource INTEGER, property TEXT, value TEXT, sort TEXT, plain TEXT, language TEXT,
                   PRIMARY KEY (resource, property, value, sort, language)) WITHOUT ROWID;
CREATE TABLE link (iri TEXT, resource INTEGER, PRIMARY KEY (iri, resource)) WITHOUT ROWID;
CREATE TABLE word (word TEXT PRIMARY KEY, names INTEGER) WITHOUT ROWID;
CREATE TABLE writing (id INTEGER PRIMARY KEY, text TEXT, word TEXT, UNIQUE (text, word));
CREATE TABLE spelling (form TEXT, writing INTEGER, PRIMARY KEY (form, writing)) WITHOUT ROWID;
CREATE VIRTUAL TABLE token USING fts5(text, content='', detail=none, columnsize=0, prefix='1 2 3', tokenize='ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(token, row);
"""
INDEXES = """
CREATE INDEX kind_type ON kind (type, resource);
CREATE INDEX name_resource ON name (resource);
CREATE INDEX name_plain ON name (plain);
CREATE INDEX fact_value ON fact (property, plain);
"""


class Resource(NamedTuple):
    """A named thing: the IRI, the path of its page without extension, the name it is shown by."""

    id: int
    iri: str
    stem: str
    name: str


class Name(NamedTuple):
    """One of the names of a resource."""

    id: int
    resource: int
    text: str
    words: str


class Fact(NamedTuple):
    """A value of a resource: `sort` is `iri`, or the local name of a datatype."""

    resource: int
    property: str
    value: str
    sort: str
    language: str


class Entry(NamedTuple):
    """All that is kept of a resource: types with whether each is stated, texts, facts, foreign IRIs of the same."""

    iri: str
    stem: str
    name: str
    types: Mapping[str, bool]
    texts: Iterable[str]
    facts: Iterable[tuple[str, str, str, str]]
    links: Iterable[str]


def write(
    path: Path, entries: Iterable[Entry], *, about: Mapping[str, Any], terms: Iterable[tuple[str, str, str]]
) -> None:
    """Write an index; `terms` are the types and properties as (IRI, `type` or `property`, name).

    Raises AccessError.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as db:
            db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
            db.executemany("INSERT INTO about VALUES (?, ?)", [(k, json.dumps(v)) for k, v in about.items()])
            for number, entry in enumerate(entries, 1):
                _add(db, number, entry)
            rows = [(iri, sort, name, " " + plain(name)) for iri, sort, name in terms]
            db.executemany("INSERT OR IGNORE INTO term VALUES (?, ?, ?, ?)", rows)
            # In one tree each word is looked up once.
            db.execute("INSERT INTO token (token) VALUES ('optimize')")
            db.execute("INSERT INTO word SELECT term, doc FROM vocabulary")
            db.execute("INSERT OR IGNORE INTO writing SELECT NULL, word, word FROM word")
            writings = db.execute("SELECT id, text, word FROM writing").fetchall()
            spellings = ((form, number) for number, *each in writings for form in _spellings(*each))
            db.executemany("INSERT INTO spelling VALUES (?, ?)", spellings)
            db.executescript(INDEXES + "ANALYZE;")
            db.commit()
        part.replace(path)
    except (sqlite3.Error, OSError) as error:
        raise AccessError(f"{path}: the index of names cannot be written: {error}") from error


def _add(db: sqlite3.Connection, number: int, entry: Entry) -> None:
    db.execute("INSERT INTO resource VALUES (?, ?, ?, ?)", (number, entry.iri, entry.stem, entry.name))
    db.executemany("INSERT INTO kind VALUES (?, ?, ?)", [(number, *each) for each in entry.types.items()])
    person = not PEOPLE.isdisjoint(entry.types)
    for text in dict.fromkeys(entry.texts):
        split = name_words(text)
        row = (number, text, plain(text), " ".join(split))
        rowid = db.execute("INSERT INTO name VALUES (NULL, ?, ?, ?, ?)", row).lastrowid
        found_by = " ".join(tokens(text, split, person=person))
        db.execute("INSERT INTO token (rowid, text) VALUES (?, ?)", (rowid, found_by))
        written = [(word, fold) for word in split if (fold := folded(word)) != word]
        db.executemany("INSERT OR IGNORE INTO writing VALUES (NULL, ?, ?)", written)
    facts = [(number, p, value, sort, plain(value)[:200], language) for p, value, sort, language in entry.facts]
    db.executemany("INSERT OR IGNORE INTO fact VALUES (?, ?, ?, ?, ?, ?)", facts)
    db.executemany("INSERT OR IGNORE INTO link VALUES (?, ?)", [(iri, number) for iri in entry.links])


def _spellings(written: str, word: str) -> set[str]:
    """Return what finds a folded word again that was written so, be either misspelt."""
    return forms(written) | pieces(written) | (bones(word) if written == word else set())


class Names:
    """A connection to an index that nobody writes; use it as a context, in one thread."""

    def __init__(self, path: Path, *, seconds: float = 5.0) -> None:
        """Open an index for reading; after `seconds` every question is ended with AccessError."""
        try:
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            self._db.execute("PRAGMA query_only=1")
            self._db.execute(f"PRAGMA mmap_size={MAPPED}")
            self.about: dict[str, Any] = {k: json.loads(v) for k, v in self._db.execute("SELECT * FROM about")}
        except sqlite3.Error as error:
            raise AccessError(f"{path}: no index of names can be opened: {error}") from error
        # Each name of a candidate asks for them, several times.
        self._types = Bounded[int, dict[str, bool]]()
        end = time.monotonic() + seconds
        self._db.set_progress_handler(lambda: time.monotonic() > end, 10_000)

    def __enter__(self) -> Names:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._db.close()

    def spellings(self, word: str) -> list[tuple[str, str, int]]:
        """Return the words that a word may be with one slip, or with other vowels.

        Each is told as it is written, folded, and by how many names have it.
        """
        both = {word, folded(word)}
        keys = sorted(bones(folded(word)).union(*map(forms, both)))
        sql = f"""SELECT DISTINCT w.text, w.word, names FROM spelling s JOIN writing w ON w.id = s.writing
                  JOIN word USING (word) WHERE form IN ({_marks(keys)}) LIMIT 200"""
        return self._all(sql, keys)

    def distant_spellings(self, word: str) -> list[tuple[str, str, int]]:
        """Return the words that a long word may be with two slips, told as by `spellings`."""
        keys = sorted(pieces_after_slips(word) | pieces_after_slips(folded(word)))
        having = f"SELECT writing FROM spelling WHERE form IN ({_marks(keys)}) LIMIT ?"
        rows = self._all(f"SELECT text, word FROM writing WHERE id IN ({having})", [*keys, MOST_DISTANT])
        columns = ((word, [text for text, _ in rows]), (folded(word), [known for _, known in rows]))
        near = sorted(set().union(*(within_two_slips(asked, column) for asked, column in columns)))
        found = [rows[at] for at in near]
        words = sorted({known for _, known in found})
        names = dict(self._all(f"SELECT word, names FROM word WHERE word IN ({_marks(words)})", words))
        return [(text, known, names[known]) for text, known in found]

    def has_word(self, word: str) -> bool:
        """Tell if any name has a folded word."""
        return bool(self._all("SELECT 1 FROM word WHERE word = ?", [word]))

    def names(self, expression: str, *, types: Sequence[str] = (), limit: int = MOST_ROWS) -> list[Name]:
        """Return names by an expression of FTS5 over folded words, of resources of any of the types."""
        sql = "SELECT n.id, n.resource, n.text, n.words FROM token JOIN name n ON n.id = token.rowid"
        # EXISTS asks for each name found; IN would first collect everything of the types.
        having = f"SELECT 1 FROM kind WHERE resource = n.resource AND type IN ({_marks(types)})"
        inside = f" AND EXISTS ({having})" if types else ""
        rows = self._all(f"{sql} WHERE token MATCH ?{inside} LIMIT ?", [expression, *types, limit])
        return [Name(*row) for row in rows]

    def beginning(self, text: str, *, types: Sequence[str] = (), limit: int = MOST_ROWS) -> list[Name]:
        """Return names that begin with a text, but for case and white space, the shortest first."""
        sql = "SELECT id, resource, text, words FROM name WHERE plain >= ? AND plain < ?"
        inside = f" AND EXISTS (SELECT 1 FROM kind WHERE resource = name.resource AND type IN ({_marks(types)}))"
        order = " ORDER BY length(plain), id LIMIT ?"
        start = plain(text)
        values = [start, start + LAST_CHARACTER, *types, limit]
        return [Name(*row) for row in self._all(sql + inside * bool(types) + order, values)]

    def having(self, types: Sequence[str], resources: Collection[int]) -> set[int]:
        """Return those of some resources that have any of the types."""
        sql = f"SELECT resource FROM kind WHERE type IN ({_marks(types)}) AND resource IN ({_marks(resources)})"
        return {row[0] for row in self._all(sql, [*types, *sorted(resources)])}

    def exact(self, text: str) -> list[Name]:
        """Return the names that are exactly this text, but for case and white space."""
        sql = "SELECT id, resource, text, words FROM name WHERE plain = ? ORDER BY id LIMIT 100"
        return [Name(*row) for row in self._all(sql, [plain(text)])]

    def resource(self, key: int | str) -> Resource | None:
        """Return a resource by its number in the index or its IRI."""
        column = "id" if isinstance(key, int) else "iri"
        rows = self._all(f"SELECT id, iri, stem, name FROM resource WHERE {column} = ?", [key])
        return Resource(*rows[0]) if rows else None

    def linked(self, iri: str) -> list[Resource]:
        """Return the resources of which a foreign IRI is said to name the same."""
        sql = "SELECT r.id, r.iri, r.stem, r.name FROM link JOIN resource r ON r.id = resource WHERE link.iri = ?"
        return [Resource(*row) for row in self._all(sql + " LIMIT 10", [iri])]

    def texts(self, resource: int) -> list[str]:
        """Return all names of a resource."""
        rows = self._all("SELECT text FROM name WHERE resource = ? ORDER BY id LIMIT 50", [resource])
        return [row[0] for row in rows]

    def types(self, resource: int) -> dict[str, bool]:
        """Return the types of a resource, also by subclass, with whether each is stated."""
        return self._types.get(resource) or self.types_of((resource,))[resource]

    def types_of(self, resources: Collection[int]) -> dict[int, dict[str, bool]]:
        """Return the types of each of some resources, with whether they are stated."""
        found = {each: self._types[each] for each in resources if each in self._types}
        if missing := [each for each in resources if each not in found]:
            fresh: dict[int, dict[str, bool]] = {each: {} for each in missing}
            sql = f"SELECT resource, type, direct FROM kind WHERE resource IN ({_marks(missing)}) ORDER BY type"
            for resource, iri, direct in self._all(sql, missing):
                fresh[resource][iri] = bool(direct)
            for resource, types in fresh.items():
                self._types[resource] = types
            found |= fresh
        return found

    def facts(self, resource: int, property: str, *, limit: int = 100) -> list[Fact]:
        """Return the values of a property of a resource."""
        sql = "SELECT resource, property, value, sort, language FROM fact WHERE resource = ? AND property = ? LIMIT ?"
        return [Fact(*row) for row in self._all(sql, [resource, property, limit])]

    def with_value(self, property: str, value: str, *, limit: int = MOST_ROWS) -> set[int]:
        """Return the resources that have a value of a property, compared as plain text."""
        sql = "SELECT DISTINCT resource FROM fact WHERE property = ? AND plain = ? LIMIT ?"
        return {row[0] for row in self._all(sql, [property, plain(value)[:200], limit])}

    def terms(self, sort: str, *, prefix: str = "", limit: int = 100, skip: int = 0) -> list[tuple[str, str]]:
        """Return types or properties, as (IRI, name), one word of whose name begins with a prefix."""
        pattern = plain(prefix).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        sql = "SELECT iri, name FROM term WHERE sort = ? AND plain LIKE ? ESCAPE '\\' ORDER BY length(name), iri"
        return self._all(f"{sql} LIMIT ? OFFSET ?", [sort, f"% {pattern}%", limit, skip])

    def term(self, sort: str, iri: str) -> str | None:
        """Return the name of a type or a property."""
        rows = self._all("SELECT name FROM term WHERE sort = ? AND iri = ?", [sort, iri])
        return rows[0][0] if rows else None

    def properties_of(self, type: str, *, limit: int = 50) -> list[tuple[str, str]]:
        """Return the properties, as (IRI, name), that resources of a type have (a sample of them)."""
        some = (
            "SELECT resource FROM kind WHERE type = ? LIMIT 500"
            if type
            else "SELECT id FROM resource WHERE ? = '' LIMIT 500"
        )
        sql = f"""SELECT property, t.name FROM fact JOIN term t ON t.iri = property AND t.sort = 'property'
                  WHERE resource IN ({some}) GROUP BY property
                  ORDER BY count(DISTINCT resource) DESC, property LIMIT ?"""
        return self._all(sql, [type, limit])

    def _all(self, sql: str, values: Sequence[Any]) -> list[Any]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise AccessError(f"the index of names gives no answer: {error}") from error


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
