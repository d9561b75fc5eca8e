"""The graph of one resource, in the RDF formats."""
