"""The term of RDF that every room speaks of."""

from pyoxigraph import NamedNode

TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
