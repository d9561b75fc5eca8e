"""A SPARQL 1.1 service as the place where the data are: Virtuoso, Fuseki, QLever, GraphDB, Neptune or any other."""
