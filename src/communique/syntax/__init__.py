"""From bytes to quads: strict parsing whose errors name file, line and column."""

from communique.syntax.jsonld import JSONLD_CONTEXT
from communique.syntax.parsing import RDF_FORMATS, Parsing, format_of, parse_file, parse_stream

__all__ = ["JSONLD_CONTEXT", "RDF_FORMATS", "Parsing", "format_of", "parse_file", "parse_stream"]
