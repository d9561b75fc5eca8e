"""The query for the labels of what an answer names, which the query page asks with scripts and without them."""

from collections.abc import Sequence

LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://xmlns.com/foaf/0.1/name",
    "http://purl.org/dc/terms/title",
    "http://schema.org/name",
    "http://www.w3.org/ns/shacl#name",
    "http://www.w3.org/2008/05/skos-xl#literalForm",
)
"""What leads to a label, the best first."""
REIFIED = "<http://www.w3.org/2008/05/skos-xl#prefLabel>/<http://www.w3.org/2008/05/skos-xl#literalForm>"
"""What leads to a label that is a resource (SKOS Reference, section B.3.4.2)."""
SLOT = "{iris}"


def label_query(iris: Sequence[str], *, in_graphs: bool) -> str:
    """Return the query for the labels of those of some IRIs that are described.

    With `in_graphs` it looks into the named graphs too: an engine of others may show them nowhere else.
    """
    return label_template(in_graphs=in_graphs).replace(SLOT, " ".join(f"<{iri}>" for iri in iris))


def label_template(*, in_graphs: bool) -> str:
    """Return that query with a `SLOT` for the IRIs."""
    paths = ", ".join(f"<{iri}>" for iri in LABELS)
    labels, reified, said = f"?iri ?path ?label FILTER(?path IN ({paths}))", f"?iri {REIFIED} ?reified", ""
    if in_graphs:
        labels = f"{{ {labels} }} UNION {{ GRAPH ?of_label {{ {labels} }} }}"
        reified = f"{{ {reified} }} UNION {{ GRAPH ?of_reified {{ {reified} }} }}"
        said = " || EXISTS { GRAPH ?g { ?iri ?p ?o } }"
    return (
        f"SELECT DISTINCT ?iri ?path ?label ?reified {{ VALUES ?iri {{ {SLOT} }} "
        f"OPTIONAL {{ {labels} }} OPTIONAL {{ {reified} }} "
        f"FILTER(EXISTS {{ ?iri ?p ?o }} || EXISTS {{ GRAPH ?iri {{ ?s ?q ?t }} }}{said}) }}"
    )
