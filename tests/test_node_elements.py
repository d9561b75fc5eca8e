"""RDF/XML of things whose types do not end in names: read by parsers of others as what was written."""

import io
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from communique.formats import RDFXML
from communique.syntax.answer_text import write_graph
from communique.syntax.node_elements import NodeElements
from communique.syntax.serialization import write

DATA = """
<http://e/a> a <http://vocab.getty.edu/aat/300264092>, <http://e/C> ;
  <http://e/p> "<oxprefix: x> a > b", <http://e/q?a=1&b=2> .
<http://e/b> a <http://e/type?a=1&b=2> . [] a <http://e/C#>, <http://e/9> ; <http://e/p> [ a <http://e/x/> ] .
<http://e/d> a <http://e/C> . <http://e/e> a <http://e/Ж/> . <http://e/f> <http://e/p> "</oxprefix:>" ; a <http://e/1> .
"""
QUADS = list(ox.parse(DATA, format=ox.RdfFormat.TURTLE))
EXPECTED = rdflib.Graph().parse(data=DATA, format="turtle")
PREFIXES = {"c": "http://e/C#", "t": "http://e/type?a=1&b=2", "e": "http://e/"}


@pytest.mark.parametrize("prefixes", [{}, PREFIXES], ids=["no prefixes", "prefixes"])
def test_what_parsers_read_is_what_was_written(prefixes: dict[str, str]) -> None:
    answer, document = io.BytesIO(), io.BytesIO()
    write_graph([quad.triple for quad in QUADS], answer, format=ox.RdfFormat.RDF_XML, prefixes=prefixes)
    write(QUADS, document, format=RDFXML, prefixes=prefixes)
    for written in (answer.getvalue(), document.getvalue()):
        assert isomorphic(rdflib.Graph().parse(data=written, format="xml"), EXPECTED)


def test_a_type_that_ends_in_a_name_is_the_name_of_the_element() -> None:
    output = io.BytesIO()
    write(QUADS, output, format=RDFXML, prefixes={"e": "http://e/"})
    names = [each.tag.rpartition("}")[2] for each in ElementTree.fromstring(output.getvalue())]
    assert (names.count("C"), set(names)) == (1, {"C", "Description"})


def test_tags_that_come_in_pieces_are_read_whole() -> None:
    text = b'<rdf:RDF>\n\t<oxprefix: xmlns:oxprefix="http://e/1" rdf:about="http://e/a">\n\t</oxprefix:>\n</rdf:RDF> '
    outputs = set()
    for size in range(1, len(text)):
        output = io.BytesIO()
        stream = NodeElements(output, prefixes={})
        assert sum(stream.write(text[start : start + size]) for start in range(0, len(text), size)) == len(text)
        stream.flush()
        outputs.add(output.getvalue())
    description = (
        b'<rdf:Description rdf:about="http://e/a">\n\t\t<rdf:type rdf:resource="http://e/1"/>\n\t</rdf:Description>'
    )
    assert outputs == {b"<rdf:RDF>\n\t" + description + b"\n</rdf:RDF> "}
