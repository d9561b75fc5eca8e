"""SHACL: the one package that knows pyshacl and rdflib, both of which load only when something is validated."""
