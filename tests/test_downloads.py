"""Downloads: every reader takes them without a word and finds the same in each."""

import gzip
import hashlib
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import zstandard

import jena
from communique.distributions.downloads import DumpFile, write_downloads
from communique.distributions.packing import Packing
from communique.formats import ANNOTATED, JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE, Format
from communique.generations import generation
from communique.project import Project
from communique.store import Store
from communique.syntax.naming import canonical
from communique.website.dump_paths import annotated_path
from communique.website.site import Site

ROOT = Path(__file__).parents[1]
STATED_IN = ox.NamedNode("https://w3id.org/communique/ns#statedIn")
PASSAGE = ox.NamedNode("https://w3id.org/communique/ns#Passage")
REIFIES = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
RAPPER = {NQUADS: "nquads", TRIG: "trig", NTRIPLES: "ntriples", TURTLE: "turtle"}
RDFLIB = {NQUADS: "nquads", TRIG: "trig", NTRIPLES: "nt", TURTLE: "turtle", JSONLD: "json-ld"}
OXIGRAPH = {
    NQUADS: ox.RdfFormat.N_QUADS,
    TRIG: ox.RdfFormat.TRIG,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    TURTLE: ox.RdfFormat.TURTLE,
    JSONLD: ox.RdfFormat.JSON_LD,
}
CI = os.environ.get("CI") == "true"


@pytest.fixture(scope="module")
def site() -> Site:
    project = Project.open(ROOT)
    return Site(project, Store.load(project))


@pytest.fixture(scope="module")
def made(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[DumpFile, ...]]:
    out = tmp_path_factory.mktemp("downloads") / "public"
    with generation(out) as new:
        files = write_downloads(site, new).dumps
    return out, files


@pytest.fixture(scope="module")
def public(made: tuple[Path, tuple[DumpFile, ...]]) -> Path:
    return made[0]


@pytest.fixture(scope="module")
def expected(site: Site) -> dict[bool, set[str]]:
    """What formats with graphs hold, and what those without."""
    quads = list(site.store.quads())
    union = {ox.Quad(*quad.triple) for quad in quads}
    return {True: texts(quads), False: texts(union)}


def texts(quads: Iterable[ox.Quad]) -> set[str]:
    """The canonical N-Quads, links to evidence left out."""
    return {str(quad) for quad in canonical(quad for quad in quads if quad.predicate != STATED_IN)}


def needs(tool: str, *, there: bool) -> None:
    if not there:
        assert not CI, f"{tool} is missing"
        pytest.skip(f"{tool} is not installed")


def holds_graphs(format: Format) -> bool:
    return format in (NQUADS, TRIG)


def is_default(quad: ox.Quad) -> bool:
    """Tell if a quad stands in what rdflib calls its default graph."""
    return "<urn:x-rdflib:default>" in str(quad.graph_name)


@pytest.mark.parametrize("format", OXIGRAPH, ids=lambda each: each.name)
def test_oxigraph_reads_each_dump(site: Site, public: Path, expected: dict[bool, set[str]], format: Format) -> None:
    quads = ox.parse(path=public / site.dumps[format], format=OXIGRAPH[format])
    assert texts(quads) == expected[holds_graphs(format)]


@pytest.mark.parametrize("format", RDFLIB, ids=lambda each: each.name)
def test_rdflib_reads_each_dump(site: Site, public: Path, expected: dict[bool, set[str]], format: Format) -> None:
    dataset = rdflib.Dataset()
    with warnings.catch_warnings():
        # Its parser of JSON-LD asks for its own older class.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="rdflib")
        dataset.parse(public / site.dumps[format], format=RDFLIB[format])
        text = dataset.serialize(format="nquads")
    quads = ox.parse(text, format=ox.RdfFormat.N_QUADS)
    in_graphs = (each if holds_graphs(format) and not is_default(each) else ox.Quad(*each.triple) for each in quads)
    assert texts(in_graphs) == expected[holds_graphs(format)]


@pytest.mark.parametrize("format", RAPPER, ids=lambda each: each.name)
def test_rapper_reads_each_dump(site: Site, public: Path, expected: dict[bool, set[str]], format: Format) -> None:
    needs("rapper", there=shutil.which("rapper") is not None)
    command = ["rapper", "-i", RAPPER[format], "-o", "nquads", "-q", str(public / site.dumps[format])]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    assert texts(ox.parse(done.stdout, format=ox.RdfFormat.N_QUADS)) == expected[holds_graphs(format)]


@pytest.mark.parametrize("format", OXIGRAPH, ids=lambda each: each.name)
def test_jena_reads_each_dump(
    site: Site, public: Path, expected: dict[bool, set[str]], format: Format, tmp_path: Path
) -> None:
    needs("Jena", there=jena.reads_jsonld() if format == JSONLD else jena.is_installed())
    done = jena.riot("--output=nquads", str(public / site.dumps[format]), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert texts(ox.parse(done.stdout, format=ox.RdfFormat.N_QUADS)) == expected[holds_graphs(format)]


def test_packed_files_hold_the_plain_ones(site: Site, public: Path) -> None:
    for path in site.dumps.values():
        plain = (public / path).read_bytes()
        assert gzip.decompress((public / f"{path}.gz").read_bytes()) == plain
        with (public / f"{path}.zst").open("rb") as packed:
            assert zstandard.ZstdDecompressor().stream_reader(packed).read() == plain


def test_sizes_and_checksums_are_those_of_the_files(made: tuple[Path, tuple[DumpFile, ...]]) -> None:
    public, files = made
    contents = {each.path: (public / each.path).read_bytes() for each in files}
    assert {each.path: (each.size, each.sha256) for each in files} == {
        path: (len(content), hashlib.sha256(content).hexdigest()) for path, content in contents.items()
    }


def test_the_list_of_checksums_has_every_file_of_data(public: Path) -> None:
    folder = public / "dumps"
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"SHA256SUMS", "rdfc-1.0.txt"}]
    assert {name: sum_ for sum_, name in lines} == {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_statements_are_counted(made: tuple[Path, tuple[DumpFile, ...]]) -> None:
    public, files = made
    for each in files:
        if each.packing is Packing.NONE:
            read = set(ox.parse(path=public / each.path, format=OXIGRAPH[each.format]))
            assert each.statements == len(read)


def test_the_hash_of_the_dataset_stands_beside_the_dumps(site: Site, public: Path) -> None:
    assert (public / "dumps/rdfc-1.0.txt").read_text() == site.store.canonical_hash() + "\n"


def test_the_annotated_edition_says_of_each_triple_which_graphs_state_it(site: Site, public: Path) -> None:
    text = gzip.decompress((public / f"{annotated_path(site.dumps)}.gz").read_bytes())
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    reified = {quad.subject: quad.object for quad in quads if quad.predicate == REIFIES}
    stated = {
        (str(reified[quad.subject]), str(quad.object))
        for quad in quads
        if quad.predicate == STATED_IN and quad.subject in reified
    }
    passages = {quad.subject for quad in site.store.quads(None, None, PASSAGE)}
    in_passages = [quad for quad in site.store.quads() if quad.graph_name in passages]
    assert in_passages
    assert {(str(quad.triple), str(quad.graph_name)) for quad in in_passages if "_:" not in str(quad)} <= stated


def test_annotated_triples_are_counted(site: Site, made: tuple[Path, tuple[DumpFile, ...]]) -> None:
    public, files = made
    text = gzip.decompress((public / f"{annotated_path(site.dumps)}.gz").read_bytes())
    annotated = {quad.object for quad in ox.parse(text, format=ox.RdfFormat.TURTLE) if quad.predicate == REIFIES}
    assert {each.annotated for each in files if each.format == ANNOTATED} == {len(annotated)}
    assert not any(each.annotated for each in files if each.format != ANNOTATED)


def test_the_annotated_edition_says_what_the_others_say(
    site: Site, public: Path, expected: dict[bool, set[str]]
) -> None:
    text = gzip.decompress((public / f"{annotated_path(site.dumps)}.gz").read_bytes())
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    reifiers = {quad.subject for quad in quads if quad.predicate == REIFIES}
    assert texts(quad for quad in quads if quad.subject not in reifiers) == expected[False]


def test_two_writings_have_the_same_bytes(site: Site, made: tuple[Path, tuple[DumpFile, ...]], tmp_path: Path) -> None:
    with generation(tmp_path / "public") as new:
        again = write_downloads(site, new).dumps
    assert again == made[1]
    assert {each.format for each in again} == {*site.dumps, ANNOTATED}


def test_what_json_ld_cannot_say_is_not_counted_in_it(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(
        "PREFIX ex: <https://example.org/> ex:a ex:p ex:b . ex:a ex:q <<( ex:a ex:p ex:b )>> ."
    )
    project = Project.open(tmp_path / "data.ttl")
    with generation(tmp_path / "public") as new:
        site = Site(project, Store.load(project))
        files = write_downloads(site, new).dumps
    counted = {each.format: each.statements for each in files}
    dump = (tmp_path / "public" / site.dumps[JSONLD]).read_bytes()
    assert counted[JSONLD] == len(list(ox.parse(dump, format=ox.RdfFormat.JSON_LD))) == 1
    assert counted[NTRIPLES] == counted[TURTLE] == 2
