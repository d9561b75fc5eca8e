"""One document in every format: the same graph, and where a format has named graphs, who states it."""

import re

import pyoxigraph as ox
import pytest

from canonical_quads import canonical
from communique.descriptions.description import describe
from communique.errors import UsageError
from communique.formats import DOCUMENTS, HTML, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from communique.project import Project
from communique.rendition.data_documents import DataDocuments
from communique.store import Store
from communique.syntax import RDF_FORMATS
from communique.website.site import Site

DATA = """
@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:x a ex:Meeting ; rdfs:label "x"@en, "икс"@ru ; ex:part [ ex:order ( 1 [ ex:name "two" ] ) ] .
ex:e1 { ex:x ex:place ex:y ; ex:date "2021-10-29" . ex:y ex:size 3 }
ex:e2 { ex:x ex:place ex:y }
ex:e1 a cmq:Passage ; cmq:gist "They met at y."@en ; ex:at [ ex:from 3 ] .
ex:e2 a cmq:Interpretation .
"""
EX = "http://example.org/"
STATED_IN = "https://w3id.org/communique/ns#statedIn"


@pytest.fixture(scope="module")
def site() -> Site:
    store = Store.of(ox.parse(DATA, format=ox.RdfFormat.TRIG))
    return Site(Project.open("."), store)


def document(site: Site, name: str, format: Format) -> bytes:
    description = describe(site.store, resource=ox.NamedNode(EX + name), presentation=site.presentation)
    return DataDocuments(site).document(description, format=format)


def quads(site: Site, name: str, format: Format) -> list[ox.Quad]:
    return list(ox.parse(document(site, name, format), format=RDF_FORMATS[format.name]))


@pytest.mark.parametrize("format", [JSONLD, NTRIPLES, RDFXML], ids=lambda format: format.name)
@pytest.mark.parametrize("name", ["x", "y", "e1"])
def test_formats_without_graphs_hold_the_same_graph(site: Site, name: str, format: Format) -> None:
    assert canonical(quads(site, name, format)) == canonical(quads(site, name, TURTLE))


def test_trig_and_nquads_hold_the_same_dataset(site: Site) -> None:
    assert canonical(quads(site, "x", TRIG)) == canonical(quads(site, "x", NQUADS))


def test_what_turtle_says_of_the_thing_stands_in_the_graphs_that_state_it(site: Site) -> None:
    found = quads(site, "x", TRIG)
    evidence = {EX + "e1", EX + "e2"}
    stated = {(quad.predicate.value, str(quad.graph_name)) for quad in found if quad.graph_name != ox.DefaultGraph()}
    assert stated == {(EX + "place", f"<{EX}e1>"), (EX + "date", f"<{EX}e1>"), (EX + "place", f"<{EX}e2>")}
    about = [quad for quad in found if getattr(quad.subject, "value", "") in evidence]
    assert {quad.predicate.value for quad in about} >= {"https://w3id.org/communique/ns#gist", EX + "at"}
    turtle = [quad for quad in quads(site, "x", TURTLE) if quad.predicate.value != STATED_IN]
    blank = {quad.object for quad in about if isinstance(quad.object, ox.BlankNode)}
    own = {ox.Quad(*quad.triple) for quad in found if quad not in about and quad.subject not in blank}
    assert canonical(list(own)) == canonical(turtle)


def test_the_document_of_a_graph_holds_what_the_graph_states(site: Site) -> None:
    inside = {quad.predicate.value for quad in quads(site, "e1", TRIG) if str(quad.graph_name) == f"<{EX}e1>"}
    assert inside == {EX + "place", EX + "date", EX + "size"}


@pytest.mark.parametrize("format", [each for each in DOCUMENTS if each is not HTML], ids=lambda format: format.name)
def test_a_document_is_the_same_each_time(site: Site, format: Format) -> None:
    assert document(site, "x", format) == document(site, "x", format)


def test_what_a_format_cannot_say_is_refused() -> None:
    quad = ox.Quad(ox.NamedNode(EX + "x"), ox.NamedNode(EX + "1"), ox.Literal(1))
    with pytest.raises(UsageError, match="RDF/XML cannot hold"):
        document(Site(Project.open("."), Store.of([quad])), "x", RDFXML)


ONTOLOGY = """
@prefix : <http://example.org/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix swrl: <http://www.w3.org/2003/11/swrl#> .
<http://example.org/ns> a owl:Ontology ; rdfs:label "Shapes of things"@en .
:Round a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :side ; owl:cardinality 0 ] .
:part a owl:ObjectProperty .
:Square a owl:Class . :side a owl:DatatypeProperty . :it a owl:NamedIndividual . :other a owl:NamedIndividual .
[] a owl:AllDisjointClasses ; owl:members ( :Round :Square ) .
[] a owl:Axiom ; owl:annotatedSource :Round ; owl:annotatedProperty rdf:type ; owl:annotatedTarget owl:Class ;
  rdfs:comment "as everybody knows" .
[] a owl:Restriction ; owl:onProperty :side ; owl:cardinality 4 ; rdfs:subClassOf :Square .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :it ; owl:assertionProperty :side ; owl:targetValue 3 .
[] a owl:AllDifferent ; owl:distinctMembers ( :it :other ) .
[] a owl:Restriction ; owl:onProperty :side ; owl:someValuesFrom :Square ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :corner ; owl:someValuesFrom :Round ] .
[] owl:inverseOf :part ; rdfs:subPropertyOf :whole . [] owl:inverseOf :whole ; rdfs:domain :Round .
[] owl:complementOf :Round ; owl:disjointWith :Square .
[] a swrl:Imp ; swrl:body ( [ a swrl:ClassAtom ; swrl:classPredicate :Round ; swrl:argument1 :x ] ) ; swrl:head () .
:Square rdfs:subClassOf _:four . _:four a owl:Restriction ; owl:onProperty :side ; owl:cardinality 4 .
[] a owl:Axiom ; owl:annotatedSource _:four ; owl:annotatedProperty owl:cardinality ; owl:annotatedTarget 4 ;
  rdfs:comment "counted" .
"""


@pytest.mark.parametrize("format", [each for each in DOCUMENTS if each is not HTML], ids=lambda format: format.name)
def test_the_document_of_an_ontology_holds_its_axioms_without_names(format: Format) -> None:
    data = list(ox.parse(ONTOLOGY, format=ox.RdfFormat.TURTLE))
    site = Site(Project.open("."), Store.of(data))
    assert canonical(quads(site, "ns", format)) == canonical(data)


def test_turtle_of_an_ontology_has_brackets() -> None:
    site = Site(Project.open("."), Store.of(ox.parse(ONTOLOGY, format=ox.RdfFormat.TURTLE)))
    # But for the restriction that is mentioned twice.
    assert set(re.findall(r"_:\w+", document(site, "ns", TURTLE).decode())) == {"_:b1"}


def test_things_that_merely_have_no_name_are_not_in_the_document_of_their_class() -> None:
    data = ONTOLOGY + '[] a :Round ; rdfs:label "one of many" ; :part :it .'
    site = Site(Project.open("."), Store.of(ox.parse(data, format=ox.RdfFormat.TURTLE)))
    assert "one of many" not in document(site, "ns", TURTLE).decode()


TERMS = """
@prefix : <http://example.org/zoo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sssom: <https://w3id.org/sssom/> .
"""
SLASHED = """
:Cat a owl:Class ; rdfs:subClassOf :Animal , _:eats . :Dog a owl:Class . :Animal a owl:Class . :Mouse a owl:Class .
_:eats a owl:Restriction ; owl:onProperty :eats ; owl:someValuesFrom :Mouse .
:tom a :Cat . :jerry a :Mouse . :long a owl:Class .
"""
OF_ANIMAL = """
[] owl:unionOf ( :Cat :Dog ) ; rdfs:subClassOf :Animal .
"""
OF_TOM = """
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :tom ; owl:assertionProperty :eats ;
  owl:targetIndividual :jerry .
"""
OF_BOTH = """
[] a owl:AllDifferent ; owl:distinctMembers ( :tom :jerry ) .
"""
OF_CAT = """
_:remark a owl:Axiom ; owl:annotatedSource :Cat ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget _:eats ;
  rdfs:comment "often" .
[] a owl:Annotation ; owl:annotatedSource _:remark ; owl:annotatedProperty rdfs:comment ; owl:annotatedTarget "often" ;
  rdfs:comment "seldom" .
[] a owl:Axiom ; owl:annotatedSource _:eats ; owl:annotatedProperty owl:onProperty ; owl:annotatedTarget :eats ;
  rdfs:comment "what else" .
"""
OF_OTHERS = """
:set sssom:mappings [ owl:annotatedSource :Cat ; owl:annotatedProperty owl:sameAs ; owl:annotatedTarget :x ] .
"""
TOO_LONG = f"""
[] a owl:AllDisjointClasses ; owl:members ( :long {" ".join(f":c{number}" for number in range(100))} ) .
"""
ZOO = TERMS + SLASHED + OF_ANIMAL + OF_TOM + OF_BOTH + OF_CAT + OF_OTHERS + TOO_LONG


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse(TERMS + text, format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("format", [each for each in DOCUMENTS if each is not HTML], ids=lambda format: format.name)
@pytest.mark.parametrize(
    ("name", "axioms"),
    [
        ("Animal", ":Animal a owl:Class ." + OF_ANIMAL),
        ("tom", ":tom a :Cat ." + OF_TOM + OF_BOTH),
        ("jerry", ":jerry a :Mouse ." + OF_BOTH),
        ("Cat", ":Cat a owl:Class ; rdfs:subClassOf :Animal , _:eats ." + SLASHED.splitlines()[2] + OF_CAT),
        ("long", ":long a owl:Class ."),
    ],
)
def test_documents_of_things_hold_the_axioms_without_names_that_are_about_them(
    name: str, axioms: str, format: Format
) -> None:
    site = Site(Project.open("."), Store.of(ox.parse(ZOO, format=ox.RdfFormat.TURTLE)))
    assert canonical(quads(site, f"zoo/{name}", format)) == canonical(parsed(axioms))


@pytest.mark.parametrize("others", ["", "<http://example.org/other> a owl:Ontology ."])
def test_the_document_of_an_ontology_whose_terms_have_documents_holds_what_is_about_no_single_thing(
    others: str,
) -> None:
    header = "<http://example.org/zoo> a owl:Ontology ."
    store = Store.of(ox.parse(ZOO + header + others, format=ox.RdfFormat.TURTLE))
    found = canonical(quads(Site(Project.open("."), store), "zoo", TURTLE))
    assert found == canonical(parsed(header + OF_ANIMAL + OF_BOTH + TOO_LONG))


CIRCLE = """
_:a a owl:Class ; owl:complementOf _:b . _:b a owl:Class ; owl:complementOf _:a ; owl:disjointWith :Round .
_:c :knows _:d . _:d :knows _:c , :Round .
"""


def test_axioms_in_a_circle_are_in_the_document_of_an_ontology() -> None:
    site = Site(Project.open("."), Store.of(ox.parse(ONTOLOGY + CIRCLE, format=ox.RdfFormat.TURTLE)))
    added = list(ox.parse(ONTOLOGY + CIRCLE.strip().partition("\n")[0], format=ox.RdfFormat.TURTLE))
    assert canonical(quads(site, "ns", NTRIPLES)) == canonical(added)
