"""Turtle in brackets: readable, and nothing lost whatever leads where."""

import random

import pyoxigraph as ox
import pytest

from communique.iris import Prefixes
from communique.representations.nested import DEEPEST, nested_turtle

EX = "https://example.org/"
HEAD = f"@prefix ex: <{EX}> .\n@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
PREFIXES = Prefixes({"ex": EX, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"})


def written(turtle: str) -> str:
    triples = (quad.triple for quad in ox.parse(HEAD + turtle, format=ox.RdfFormat.TURTLE))
    return nested_turtle(triples, prefixes=PREFIXES).decode()


def graph(turtle: str) -> ox.Dataset:
    found = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def test_brackets_and_lists_stand_where_they_are_mentioned() -> None:
    text = 'ex:a ex:b [ ex:c "d" ; ex:e ( 1 [ ex:f ex:g ] ( ) ) ] , [] . [] ex:h ex:a .'
    assert written(text) == (
        f"@prefix ex: <{EX}> .\n@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n\n"
        'ex:a\n  ex:b [\n    ex:c "d" ;\n    ex:e ( 1 [\n      ex:f ex:g\n    ] rdf:nil )\n  ] ;\n  ex:b []\n.\n\n'
        "[]\n  ex:h ex:a\n.\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "_:a ex:p _:a .",
        "_:a ex:p _:b . _:b ex:p _:a .",
        "ex:x ex:p _:a , _:b . _:a ex:p _:b .",
        "ex:x ex:p _:a . _:a rdf:first 1 ; rdf:rest _:a .",
        "ex:x ex:p _:a . _:a rdf:first 1 , 2 ; rdf:rest () .",
        "ex:x ex:p _:a . _:a rdf:first 1 ; rdf:rest _:b ; ex:q 1 . _:b rdf:first _:c ; rdf:rest ex:y .",
        "ex:x ex:p _:a . ex:y ex:p _:c . _:a rdf:first 1 ; rdf:rest _:c . _:c rdf:first 2 ; rdf:rest () .",
        "ex:x ex:p <<( _:a ex:q _:b )>> . _:a ex:p 1 .",
        "ex:x ex:p " + "[ ex:p " * (3 * DEEPEST) + "1" + " ]" * (3 * DEEPEST) + " .",
        "ex:x ex:p " + "( " * (3 * DEEPEST) + "1" + " )" * (3 * DEEPEST) + " .",
    ],
)
def test_what_leads_in_a_circle_or_is_mentioned_twice_or_deep_keeps_a_name(text: str) -> None:
    assert graph(written(text)) == graph(HEAD + text)


@pytest.mark.parametrize("seed", range(200))
def test_any_graph_is_the_same_afterwards(seed: int) -> None:
    chance = random.Random(seed)
    nodes = [f"_:n{number}" for number in range(6)]
    verbs = ["ex:p", "rdf:first", "rdf:rest"]
    objects = [*nodes, *nodes, "rdf:nil", "ex:x", '"text"']
    lines = [
        f"{chance.choice([*nodes, 'ex:x'])} {chance.choice(verbs)} {chance.choice(objects)} ."
        for _ in range(chance.randint(1, 12))
    ]
    assert graph(written("\n".join(lines))) == graph(HEAD + "\n".join(lines))


def test_a_long_list_that_says_more_is_written_in_time_that_grows_with_it() -> None:
    cells = "".join(f"_:c{n} rdf:first {n} ; rdf:rest _:c{n + 1} . " for n in range(5_000))
    text = f"ex:x ex:p _:c0 . {cells} _:c5000 rdf:first 5000 ; rdf:rest () ; ex:says 'more' ."
    assert graph(written(text)) == graph(HEAD + text)


def test_a_long_list_is_written_without_end_of_the_stack() -> None:
    text = f"ex:x ex:p ( {' '.join(map(str, range(20_000)))} ) ."
    assert written(text).partition("( ")[2].partition(" )")[0].split() == [*map(str, range(20_000))]
