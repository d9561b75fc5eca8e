"""The laws of the house that a machine can check: one-way imports, one place for each library, small modules."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import communique

ROOT = Path(communique.__file__).parent
MODULES = {
    ".".join(["communique", *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
    if "_bundled" not in path.parts
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

# Who may import a foreign library; whatever starts with the name belongs to it.
ONLY_IN = {
    "rdflib": ("communique.positions", "communique.shacl"),
    "pyshacl": ("communique.shacl",),
    "jinja2": ("communique.rendition.rendering", "communique.website.theme"),
    "babel": ("communique.website.catalogues", "communique.interface"),
    "click": (
        "communique.cli",
        "communique.command_line.commands",
        "communique.command_line.options",
        "communique.command_line.build_command",
        "communique.command_line.serve_command",
        "communique.command_line.command_reference",
    ),
    "starlette": ("communique.serving",),
    "uvicorn": ("communique.serving",),
    "markdown_it": ("communique.website.prose",),
    "sqlite3": ("communique.lookup.names",),
    "anyascii": ("communique.lookup.romanisation",),
    "rapidfuzz": ("communique.lookup.resemblance",),
    "icalendar": ("communique.metadata.calendars",),
    "yaml": ("communique.syntax.sssom",),
    "httpx2": ("communique.remote.authentication", "communique.remote.service", "communique.remote.upstream"),
    "zstandard": ("communique.distributions.packing",),
    "arro3": ("communique.distributions.parquet",),
    "isal": ("communique.gzipped",),
    "nh3": ("communique.website.prose", "communique.literals"),
}
# pyoxigraph's store, as opposed to its terms, parsers and serialisers.
KNOWS_THE_STORE = ("communique.store", "communique.snapshots")
# Each may be imported only by those to the right of it.
LAYERS = (
    "errors",
    "formats",
    "iris",
    "project",
    "syntax",
    "store",
    "descriptions",
    "website",
    "rendition",
    "publication",
    "cli",
)
MODULE_LINES = 300
FUNCTION_LINES = 40


def imports(name: str) -> Iterator[str]:
    """Give the full names of what a module imports, wherever it does so."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package.rsplit(".", node.level - 1)[0] + "." if node.level else ""
            yield from (f"{start}{node.module or ''}".rstrip(".") + f".{alias.name}" for alias in node.names)


def module_of(imported: str) -> str | None:
    """Return the module of ours that an import reaches."""
    return next((each for each in (imported, imported.rpartition(".")[0]) if each in MODULES), None)


GRAPH = {name: {module for each in imports(name) if (module := module_of(each)) and module != name} for name in MODULES}


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def test_imports_run_one_way() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(reversed(error.args[1]))) from None


def test_lower_layers_know_nothing_of_higher_ones() -> None:
    rank = {f"communique.{layer}": place for place, layer in enumerate(LAYERS)}
    wrong = [
        f"{name} -> {other}"
        for name, others in GRAPH.items()
        for other in others
        if rank.get(".".join(name.split(".")[:2]), 99) < rank.get(".".join(other.split(".")[:2]), -1)
    ]
    assert wrong == []


def room_of(name: str) -> str:
    """Return the package or the single module, right below the top, to which a module belongs."""
    return ".".join(name.split(".")[:2])


def test_rooms_import_one_way() -> None:
    rooms: dict[str, set[str]] = {}
    for name, others in GRAPH.items():
        rooms.setdefault(room_of(name), set()).update(room_of(other) for other in others)
    for room, others in rooms.items():
        others.discard(room)
    try:
        TopologicalSorter(rooms).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(reversed(error.args[1]))) from None


def test_each_foreign_library_is_known_in_one_place() -> None:
    wrong = [
        f"{name} -> {imported}"
        for name in MODULES
        for imported in imports(name)
        if (allowed := ONLY_IN.get(imported.partition(".")[0])) and not within(name, allowed)
    ]
    assert wrong == []


def test_only_the_store_knows_the_store_of_pyoxigraph() -> None:
    wrong = [name for name in MODULES if name not in KNOWS_THE_STORE and uses_foreign_store(name)]
    assert wrong == []


def uses_foreign_store(name: str) -> bool:
    aliases = {
        alias.asname or alias.name
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "pyoxigraph"
    }
    return "pyoxigraph.Store" in imports(name) or any(
        isinstance(node, ast.Attribute)
        and node.attr == "Store"
        and isinstance(node.value, ast.Name)
        and node.value.id in aliases
        for node in ast.walk(TREES[name])
    )


def test_the_type_of_a_thing_is_written_in_one_place() -> None:
    written = ("22-rdf-syntax-ns#type", 'NamedNode(RDF + "type")')
    texts = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    assert [name for name, text in texts.items() if any(each in text for each in written)] == ["communique.syntax.rdf"]


def test_libraries_that_load_slowly_are_not_imported_with_a_module() -> None:
    slow = ("rdflib", "pyshacl", "rich")
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for imported in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        if imported.partition(".")[0] in slow and not within(name, ("communique.shacl", "communique.shacl.validation"))
    ]
    assert wrong == []


def test_every_module_has_at_most_300_lines() -> None:
    sizes = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: size for name, size in sizes.items() if size > MODULE_LINES} == {}


def test_every_function_has_at_most_40_lines() -> None:
    sizes = {
        f"{name}.{node.name}": lines_of(node)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES} == {}


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count from `def` to the end; decorators, which may be the options of a command, are no code."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
