"""Every competency question in tests/questions, asked of the project's own data in two engines.

`NN-slug.rq` begins with two comments: the level and who asks, then the question. `NN-slug.expected.csv` has the rows (a
number in its shortest form, an unbound value empty), `NN-slug.expected.json` the answer of an ASK query. The order of
rows counts where the query orders them.
"""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from communique.project import Project
from communique.store import Store

if TYPE_CHECKING:
    from rdflib import Dataset

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib warns of its own calls

ROOT = Path(__file__).parents[1]
QUESTIONS = sorted((ROOT / "tests" / "questions").glob("*.rq"))
NUMBERS = re.compile(r"http://www\.w3\.org/2001/XMLSchema#(integer|decimal|double)$")
HEADER = re.compile(r"# Level [1-4], asked by: \S.*\n# .+[?)]\n\nPREFIX ")

Answer = bool | list[tuple[str, ...]]


@cache
def store() -> Store:
    """Return everything that the repository publishes."""
    return Store.load(Project.open(ROOT))


@cache
def dataset() -> Dataset:
    """Return the same for the other engine."""
    from rdflib import Dataset

    judge = Dataset(default_union=True)
    judge.parse(data=ox.serialize(store().quads(), format=ox.RdfFormat.N_QUADS), format="nquads")
    return judge


def cell(value: object, datatype: object) -> str:
    return format(Decimal(str(value)).normalize(), "f") if NUMBERS.search(str(datatype)) else str(value)


def answer_of_oxigraph(query: str) -> Answer:
    result = store().query(query)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    assert isinstance(result, ox.QuerySolutions)
    return [tuple(oxigraph_cell(value) for value in row) for row in result]


def oxigraph_cell(term: Any) -> str:
    return cell(term.value, term.datatype.value if isinstance(term, ox.Literal) else "") if term is not None else ""


def answer_of_rdflib(query: str) -> Answer:
    result = dataset().query(query)
    if result.type == "ASK":
        return bool(result.askAnswer)
    return [tuple(rdflib_cell(value) for value in row) for row in result]  # type: ignore[union-attr]


def rdflib_cell(term: Any) -> str:
    return cell(term, getattr(term, "datatype", None)) if term is not None else ""


def expected(question: Path) -> Answer:
    rows = question.with_suffix(".expected.csv")
    if not rows.exists():
        return bool(json.loads(question.with_suffix(".expected.json").read_text("utf-8"))["boolean"])
    with rows.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def comparable(answer: Answer, query: str) -> Answer:
    return answer if isinstance(answer, bool) or "ORDER BY" in query else sorted(answer)


@pytest.mark.parametrize("ask", [answer_of_oxigraph, answer_of_rdflib])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.stem)
def test_question_has_its_expected_answer(question: Path, ask: Any) -> None:
    query = question.read_text("utf-8")
    assert comparable(ask(query), query) == comparable(expected(question), query)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.stem)
def test_question_says_its_level_who_asks_and_what(question: Path) -> None:
    assert HEADER.match(question.read_text("utf-8"))


def test_columns_of_expected_rows_are_the_variables_of_the_question() -> None:
    for question in QUESTIONS:
        rows = question.with_suffix(".expected.csv")
        if rows.exists():
            result = store().query(question.read_text("utf-8"))
            assert isinstance(result, ox.QuerySolutions)
            with rows.open(encoding="utf-8", newline="") as file:
                assert next(csv.reader(file)) == [variable.value for variable in result.variables], question.name
