"""Numbers of a dataset: those that a served endpoint finds follow from those of the files."""

from pathlib import Path

from communique.snapshots import Check, write
from made_projects import make_site

SPELT = """
:a :n 01 , 1 , "1"^^xsd:int , 2 ; :price "1.50"^^xsd:decimal , 1.5 ; :at "2024-01-01T10:00:00+00:00"^^xsd:dateTime .
GRAPH :g { :a :n 1 , 001 ; :price 1.50 ; :at "2024-01-01T10:00:00Z"^^xsd:dateTime ; :flag true }
GRAPH :h { :a :flag "1"^^xsd:boolean ; :n 02 . :b :n 5 }
"""


def test_triples_that_differ_in_the_spelling_of_a_value_alone_are_one_for_queries(tmp_path: Path) -> None:
    site = make_site(tmp_path / "project", SPELT)
    write(site.store.quads(), tmp_path / "snapshot")
    assert site.statistics.merged > 0
    assert Check(tmp_path / "snapshot").result().triples == site.statistics.triples - site.statistics.merged
