"""Pictures: where the marks of a map, a timeline, a network or a bar stand; templates draw them as SVG."""
