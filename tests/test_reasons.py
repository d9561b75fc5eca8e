"""Reasons why a query is not answered: each kind has a sentence, and whoever gives a reason gives its values."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import communique
from communique.reasons import SENTENCES, SLOT, detail_of, reason, reason_from
from communique.syntax.query_faults import explain

PLACE = {"line", "column"}
MODULES = [path for path in Path(communique.__file__).parent.rglob("*.py") if "_bundled" not in path.parts]


def given() -> Iterator[tuple[str, set[str]]]:
    """Give the kind and the names of the values of each reason in the program that is told by its kind."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reason":
                names = {each.arg for each in node.keywords if each.arg}
                places = PLACE if any(each.arg is None for each in node.keywords) else set()
                if isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value), names | places


def test_each_reason_is_given_with_the_values_of_its_sentence() -> None:
    found = list(given())
    wrong = [(kind, names) for kind, names in found if set(SLOT.findall(SENTENCES[kind])) != names - PLACE]
    assert (wrong, len(found) > 30) == ([], True)


def test_no_sentence_is_for_nobody() -> None:
    scripts = Path(__file__).parents[1].joinpath("site/assets/query").glob("*.js")
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (*MODULES, *scripts) if path.name != "reasons.py")
    named = set(re.findall(r'"([a-z-]+)"', texts))
    assert sorted(kind for kind in SENTENCES if kind not in named and not kind.startswith("engine-")) == []


def test_a_reason_comes_back_from_json() -> None:
    told = reason("unread", text="x", line=1, column=29)
    assert reason_from(told.member) == told
    assert detail_of([told]) == "error at 1:29: cannot be read from 'x' on."


def test_what_several_reasons_say_stands_side_by_side() -> None:
    said = detail_of([reason("deadline", seconds=10.0), reason("logged", id="a1")])
    assert said == "The query did not end within 10 s and was stopped. In the log this is a1."


def test_what_the_parser_means_is_told() -> None:
    for words, said in (
        ("SELECT * is not authorized with GROUP BY", "SELECT * cannot stand with GROUP BY: name the variables."),
        ("Duplicated variable name in SELECT", "the SELECT names a variable twice."),
        ("The SELECT overrides an existing variable using an expression", "the SELECT gives a variable a value"),
    ):
        error = SyntaxError(f"error at 1:7: expected one of {words}, [_]")
        assert explain(error, "SELECT", prefixes=()).startswith(f"query:1:7: {said}")
