"""Where the IRIs of a project begin: as the data state it, else as most of their names do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.errors import ProjectError
from communique.syntax import parse_file
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from communique.project import SourceFile
    from communique.store import Store, Subject

SPACE = NamedNode("http://rdfs.org/ns/void#uriSpace")
# A folder is the base of a store that does not state one if nearly all IRIs of the most frequent host lie in it.
_NEARLY_ALL = 0.9
VOCABULARIES = frozenset(
    map(NamedNode, ("http://www.w3.org/2002/07/owl#Ontology", "http://www.w3.org/2004/02/skos/core#ConceptScheme"))
)


def stated_base(store: Store, *, whole: Iterable[NamedNode], datasets: Iterable[NamedNode]) -> str:
    """Return the base that the catalogue (`whole`) states, else what those of all datasets have in common.

    It is "" where nothing is stated, or what is stated has not even the host in common.
    Raises ProjectError, with file and line, if what is stated cannot be a base.
    """
    return stem_of(spaces_of(store, whole)[:1] or spaces_of(store, datasets))


def guessed_base(store: Store) -> str:
    """Return the most used folder, or the one above, where a vocabulary has the name of that without its slash."""
    return _with_vocabulary(store, _most_used_folder(store.subjects()))


def stem_of(iris: Sequence[str]) -> str:
    """Return the deepest folder that all of several IRIs lie in, or "" if they have not even the host in common.

    >>> stem_of(["http://ex.org/item/", "http://ex.org/person/"]), stem_of(["http://ex.org/a/", "http://ex.net/a/"])
    ('http://ex.org/', '')
    """
    folders = _folders(iris[0]) if iris else ()
    return next((each for each in reversed(folders) if all(iri.startswith(each) for iri in iris)), "")


def spaces_of(store: Store, nodes: Iterable[NamedNode]) -> list[str]:
    """Return where the IRIs of catalogues or datasets begin as the data state it; raises ProjectError."""
    return [space for node in nodes for space in _spaces(store, node)]


def _spaces(store: Store, node: NamedNode) -> Iterator[str]:
    for term in sorted({quad.object for quad in store.quads(node, SPACE)}, key=str):
        text = term.value if isinstance(term, Literal | NamedNode) else ""
        if not text.endswith(("/", "#")) or "://" not in text:
            message = f"void:uriSpace must be an absolute IRI that ends in '/' or '#', got {text!r}"
            raise ProjectError(f"{_place(store, node, text)}{message}")
        yield text


def _most_used_folder(nodes: Iterable[NamedNode]) -> str:
    """The deepest folder that holds nearly all IRIs of the most frequent host.

    >>> _most_used_folder([NamedNode(f"http://ex.org/id/{part}") for part in ("a/1", "a/2", "b/1")])
    'http://ex.org/id/'
    """
    folders: Counter[str] = Counter()
    for node in nodes:
        folders.update(_folders(node.value))
    hosts = [folder for folder in folders if folder.count("/") == 3 or "/" not in folder]
    if not hosts:
        return "https://example.org/"
    host = min(hosts, key=lambda folder: (-folders[folder], folder))
    inside = [each for each in folders if each.startswith(host) and folders[each] >= _NEARLY_ALL * folders[host]]
    return max(inside, key=lambda folder: (len(folder), folder))


def _with_vocabulary(store: Store, folder: str) -> str:
    """Return the folder above one whose terms belong to a vocabulary with that name: it would have no page in it."""
    node = NamedNode(folder.removesuffix("/"))
    is_host = folder.count("/") <= 3
    if is_host or VOCABULARIES.isdisjoint(quad.object for quad in store.quads(node, TYPE)):
        return folder
    return node.value[: node.value.rindex("/") + 1]


def _folders(iri: str) -> list[str]:
    """The beginnings of an IRI that could be its base, the host first."""
    scheme, separator, rest = iri.partition("://")
    if not separator:
        return [iri[: iri.rfind(":") + 1]]
    *path, last = rest.split("/")
    folders = [f"{scheme}://{'/'.join(path[:depth])}/" for depth in range(1, len(path) + 1)]
    return [*folders, iri[: iri.index("#") + 1]] if "#" in last and folders else folders


def files_of(store: Store, subject: Subject) -> tuple[SourceFile, ...]:
    """Return the files that say something about a subject; they are read again, so ask for reports only."""
    graphs = {quad.graph_name for quad in store.quads(subject)}
    candidates = dict.fromkeys(file for graph in graphs for file in store.origins.get(graph, ()))
    return tuple(file for file in candidates if any(quad.subject == subject for quad in parse_file(file)))


def _place(store: Store, node: NamedNode, text: str) -> str:
    """Where a text stands that is said of a node, as far as it can be found: "data/catalog.ttl:12: "."""
    for file in files_of(store, node):
        for number, line in enumerate(file.path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if f'"{text}"' in line:
                return f"{file.path}:{number}: "
    return ""
