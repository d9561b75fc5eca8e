"""From bytes to quads: strict parsing whose errors name file, line and column."""

from communique.syntax.parsing import RDF_FORMATS, Parsing, format_of, parse_file, parse_stream

__all__ = ["RDF_FORMATS", "Parsing", "format_of", "parse_file", "parse_stream"]
