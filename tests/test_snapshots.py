import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.errors import AccessError
from communique.snapshots import MANIFEST, NAMES, Check, Snapshot, write

DATA = """
@prefix ex: <http://example.org/> .
ex:a ex:p 1 .
ex:g { ex:b ex:p 2 }
ex:h { ex:c ex:p 3 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    quads = ox.parse(DATA, format=ox.RdfFormat.TRIG)
    write(quads, tmp_path / "snapshot", names=lambda path: path.write_text("an index of names"))
    return tmp_path / "snapshot"


def ask(snapshot: Snapshot, text: str, *, format_name: str = "csv", **graphs: list[str]) -> str:
    output = io.BytesIO()
    snapshot.query(text, base="http://example.org/", **graphs).write(output, format_name=format_name)
    return output.getvalue().decode()


def test_the_default_graph_is_the_union_of_all_graphs(folder: Path) -> None:
    assert ask(Snapshot.open(folder), "SELECT ?o { ?s ?p ?o } ORDER BY ?o").split() == ["o", "1", "2", "3"]


def test_a_triple_that_stands_in_two_graphs_is_one_in_their_union(tmp_path: Path) -> None:
    twice = "@prefix ex: <http://example.org/> . ex:g { ex:a ex:p 1 } ex:h { ex:a ex:p 1 }"
    write(ox.parse(twice, format=ox.RdfFormat.TRIG), tmp_path / "snapshot")
    snapshot = Snapshot.open(tmp_path / "snapshot")
    assert ask(snapshot, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").split() == ["n", "1"]
    assert ask(snapshot, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").split() == ["n", "2"]


def test_from_names_the_graphs_that_are_read(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    assert ask(snapshot, "SELECT ?o FROM <http://example.org/h> { ?s ?p ?o }").split() == ["o", "3"]
    assert ask(snapshot, "SELECT ?o FROM <file:///etc/passwd> { ?s ?p ?o }").split() == ["o"]


def test_graphs_that_are_named_replace_the_dataset(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    default = ask(snapshot, "SELECT ?o { ?s ?p ?o }", default_graphs=["http://example.org/g"])
    named = ask(snapshot, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", named_graphs=["http://example.org/h"])
    assert (default.split(), named.split()) == (["o", "2"], ["o", "3"])


def test_a_boolean_and_a_graph_are_written_too(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    assert ask(snapshot, "ASK { ?s ?p 2 }") == "true\r\n"
    assert "<http://example.org/c>" in ask(snapshot, "DESCRIBE <http://example.org/c>", format_name="turtle")


def test_a_snapshot_that_is_whole_passes(folder: Path) -> None:
    Check(folder).result()
    Snapshot.open(folder)
    Check(folder).result()


@pytest.mark.parametrize("byte", [0, 10, -1])
def test_a_flipped_bit_in_any_file_is_found(folder: Path, byte: int) -> None:
    files = [path for path in folder.iterdir() if path.stat().st_size and path.name not in ("LOCK", MANIFEST)]
    for path in (path for path in files if not path.name.startswith("LOG")):
        content = bytearray(path.read_bytes())
        place = min(byte, len(content) - 1)
        content[place] ^= 1
        path.write_bytes(content)
        with pytest.raises(AccessError, match="damaged"):
            Check(folder).result()
        content[place] ^= 1
        path.write_bytes(content)
    Check(folder).result()


def test_a_missing_and_an_additional_file_are_found(folder: Path) -> None:
    (folder / "stray.sst").write_bytes(b"")
    with pytest.raises(AccessError, match=r"stray\.sst"):
        Check(folder).result()
    (folder / "stray.sst").unlink()
    for name in ("CURRENT", NAMES):
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        with pytest.raises(AccessError, match=name):
            Check(folder).result()
        (folder / name).write_bytes(content)


def test_where_no_index_of_names_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise AccessError(f"{path}: the disk is full")

    with pytest.raises(AccessError, match="the disk is full"):
        write([], tmp_path / "snapshot", names=fail)
    assert not (tmp_path / "snapshot").exists()


def test_a_folder_without_a_snapshot_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="nothing-here"):
        Snapshot.open(tmp_path / "nothing-here")
    with pytest.raises(AccessError, match="nothing-here"):
        Check(tmp_path / "nothing-here").result()
