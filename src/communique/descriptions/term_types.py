"""The types of what ontologies and files of shapes describe, and of these themselves."""

from pyoxigraph import NamedNode

from communique.descriptions.views import RDF, SH

OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
ONTOLOGY = NamedNode(OWL + "Ontology")
NODE_SHAPE = NamedNode(SH + "NodeShape")
PROPERTY_SHAPE = NamedNode(SH + "PropertyShape")
CLASSES = frozenset(NamedNode(iri) for iri in (OWL + "Class", RDFS + "Class"))
PROPERTIES = frozenset(
    NamedNode(iri)
    for iri in (OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty", RDF + "Property")
)
DATATYPES = frozenset({NamedNode(RDFS + "Datatype")})
TERMS = CLASSES | PROPERTIES | DATATYPES
