"""Questions that a project asks for its own templates: a query in a file beside the template of a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions

from communique.errors import ProjectError, UsageError
from communique.shacl.prebinding import prebound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.descriptions.evidence import Evidence
    from communique.portraits.graph import Graph
    from communique.store import Term

FOLDER = "templates/classes/"
THIS, EVIDENCE = "this", "graph"


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: its terms by the names of their variables, unbound ones left out, and the graph `?graph` as evidence."""

    terms: Mapping[str, Term]
    evidence: tuple[Evidence, ...]


def ask(graph: Graph, name: str, *, this: Term) -> tuple[Answer, ...]:
    """Return the rows of the SELECT query in `site/templates/classes/<name>`, in which `$this` is a resource.

    Raises ProjectError if there is no such file, if it is no such query, or if it is malformed.
    """
    path = graph.site.project.site_file(FOLDER + name)
    if path is None:
        raise ProjectError(f"site/{FOLDER}{name}: does not exist, but a template asks for it")
    text = prebound(path.read_text(encoding="utf-8"), {THIS: this})
    try:
        results = graph.store.query(text) if text else None
    except UsageError as error:
        raise ProjectError(f"{path}: {error}") from error
    if results is None:
        return ()
    if not isinstance(results, QuerySolutions):
        raise ProjectError(f"{path}: is no SELECT query")
    names = [variable.value for variable in results.variables]
    evidences = graph.site.presentation.evidences
    found = []
    for solution in results:
        terms = {each: term for each in names if (term := solution[each]) is not None}
        stated = terms.get(EVIDENCE)
        found.append(Answer(terms, () if stated is None else evidences.of_all((stated,))))
    return tuple(found)
