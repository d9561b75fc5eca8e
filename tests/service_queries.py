"""Queries made up at random that may call another host, and an oracle that tells which of them would.

    python tests/service_queries.py [SECONDS] [SEED]

runs for some seconds and tells how many queries the engine would have sent, and how many of these were not seen before.
"""

import math
import random
import sys
import time
from collections.abc import Callable

import pyoxigraph as ox

from communique.syntax.sparql_text import reaches_out

Pick = Callable[[int], int]
"""Takes n and returns a number from 0 to n - 1."""

SPACES = ("", " ", "\n", "\t", "\r\n", " # x\n", " # SERVICE <u:x> {}\n", "#'\n", "#>\n", "  ", "\r")
JUNK = (
    "", "?s ?p ?o . ", "?s ?p ?o", "?s<x:p>?o.", "?s ?p '#' . ", '?s ?p "a\\"b" . ', "?s ?p '''a'b''' . ",
    '?s ?p """x"y"" """ . ', "FILTER(?s<?o) ", "FILTER(?s<?o)", "FILTER(?s<?o&&?o>?s) ", "FILTER(1<2) ",
    "BIND('>' AS ?x) ", "BIND(<x:a#b> AS ?y) ", "?s x:a.b ?o . ", "?s x:p ?o.", "?s x:p\\#q ?o . ", "x:%23 ?p ?o . ",
    "?s ?p 'x'@en . ", "?s ?p 'x'^^x:t . ", "{ ?s ?p ?o } UNION ", "OPTIONAL ", "?s ?p 1.", "?s ?p 1.5e3 . ",
    "MINUS ", "_:b ?p ?o . ", "_:b.c ?p ?o.", "VALUES ?v { '}' } ", "?s ^<x:p>/<x:q>* ?o . ", "GRAPH ?g ",
    "?s a ?o;.", "[] ?p ( ?o ) . ", "FILTER(!(?s<?o)) ", "?s ?p ''.", "$s ?p $o.", "?s ?p true.", "{}",
)  # fmt: skip
TARGETS = ("<u:x>", "?o", "x:y", "<u:x#y>", "<>", "$o", "?service", "x:service")
BODIES = ("{}", "{ ?a ?b ?c }", "{?a<x:p>?c}", "{ ?a ?b '}' }")
SIGNS = "<>\"'#\\?$.:;,{}()=!&|@^ \n\t_-eE1%/*"
HEADS = ("SELECT*{", "SELECT * { ", "ASK{", "SELECT ?s WHERE { ", "BASE <u:x> SELECT * {", "CONSTRUCT { ?s ?p ?o } {")


def query(pick: Pick) -> str:
    """Return a query with a call in it, whose spelling and surroundings are odd, and now and then broken."""

    def some(choices: "tuple[str, ...] | str") -> str:
        return choices[pick(len(choices))]

    word = "".join(letter.lower() if pick(2) else letter for letter in "SERVICE")
    call = word + some(SPACES) + some(TARGETS) + some(SPACES) + some(BODIES)
    before = "".join(some(JUNK) for _ in range(pick(3)))
    text = f"PREFIX x:<x:>{some(SPACES)}{some(HEADS)}{before}{some(SPACES)}{call}{some(JUNK)}" + "}"
    for _ in range(pick(3)):
        place = pick(len(text))
        text = text[:place] + some(SIGNS) * pick(2) + text[place + pick(2) :]
    return text


def sent(store: ox.Store, text: str) -> bool:
    """Tell whether the engine would call another host: it says that it cannot, as the address has no such form."""
    try:
        found = store.query(text)
        if not isinstance(found, ox.QueryBoolean):
            next(iter(found), None)
    except SyntaxError:
        return False
    except (OSError, RuntimeError) as error:
        return "URI" in str(error) or "service" in str(error).lower() or "IRI" in str(error)
    return False


def a_store() -> ox.Store:
    """Return a store whose patterns find something, so that the engine comes as far as the call."""
    store = ox.Store()
    nodes = [ox.NamedNode(iri) for iri in ("u:x", "x:p", "x:q", "x:a")]
    store.extend(ox.Quad(s, p, o) for s in nodes for p in nodes for o in nodes)
    return store


def scanned(seed: int, *, calls: int = sys.maxsize, seconds: float = math.inf) -> tuple[int, int, list[str]]:
    """Return how many queries were made up, how many the engine would have sent, and those that were not seen before.

    It ends with so many that would have been sent, or after some seconds.
    """
    made = random.Random(seed)
    store, end = a_store(), time.monotonic() + seconds
    tried, found, missed = 0, 0, list[str]()
    while found < calls and time.monotonic() < end:
        text = query(made.randrange)
        tried += 1
        if sent(store, text):
            found += 1
            if not reaches_out(text):
                missed.append(text)
    return tried, found, missed


def main() -> None:
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    tried, found, missed = scanned(seed, seconds=float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
    print(f"seed {seed}: {tried} queries, {found} of which the engine would have sent; {len(missed)} of these not seen")
    sys.exit("\n".join(map(repr, missed)) or 0)


if __name__ == "__main__":
    main()
