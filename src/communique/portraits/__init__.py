"""Portraits: what the page of a meeting, a person or a document tells beyond its own triples, read from the graph.

Each module answers for one kind of thing with frozen dataclasses of `Value`s, so that every fact keeps its evidence.
Templates in `site/templates/classes` put them into words.
"""
