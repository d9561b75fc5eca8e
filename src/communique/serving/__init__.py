"""The site and its SPARQL endpoint over HTTP: a web process without a store, and query workers that can be killed."""
