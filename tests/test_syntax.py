"""What is wrong with a file is said with its place, and nothing that is wrong gets in."""

import gzip
import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import AccessError, DataError, Problem
from communique.formats import NTRIPLES, RDFXML, TURTLE
from communique.project import SourceFile
from communique.syntax import JSONLD_CONTEXT, parse_file, parse_stream

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
TRIPLE = "<http://e/s> <http://e/p> <http://e/o> .\n"
BOMB_ENTITIES = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 9))

QUADRATIC = f'<!DOCTYPE a [<!ENTITY x "{"x" * 9000}">]>\n'

# name of the file, its content, line and column (None: not known), a part of the message
BROKEN: list[tuple[str, str | bytes, int | None, int | None, str]] = [
    ("undefined-prefix.ttl", "@prefix a: <http://a/> .\n\na:x foaf:name a:z .", 3, 5, "prefix foaf: <http://xmlns"),
    ("missing-dot.ttl", TRIPLE[:-3] + "\n" + TRIPLE, 2, 1, "dot is expected"),
    ("unterminated.ttl", '<http://e/s> <http://e/p> "abc\n' + TRIPLE, 1, 27, "Close what begins here"),
    ("unterminated-long.ttl", TRIPLE + '<http://e/s> <http://e/p> """abc\n\n', 2, 27, "Unexpected end"),
    ("truncated.ttl", TRIPLE + "<http://e/s> <http://e/p> <http://e", 2, 27, "Unexpected end"),
    ("no-utf8.ttl", b'<http://e/s> <http://e/p> "\xff" .', 1, 28, "UTF-8"),
    ("utf16.ttl", TRIPLE.encode("utf-16"), 1, 1, "Save it as UTF-8"),
    ("utf16.jsonld", "{}".encode("utf-16"), 1, 1, "Save it as UTF-8"),
    ("latin1.rdf", '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a/>', 1, 1, "only UTF-8"),
    ("surrogate.ttl", '<http://e/s> <http://e/p> "\\uD800" .', 1, 28, "D800"),
    ("relative.ttl", "<http://e/s> <http://e/p> <../../etc/passwd> .", 1, 27, "full IRI"),
    ("relative.rdf", RDF + '\n<rdf:Description rdf:about="a"><e:p/></rdf:Description></rdf:RDF>', 3, None, "full IRI"),
    ("relative.jsonld", '{"http://e/p": 1,\n "@id": "a"}', 2, 9, "relative IRI 'a'"),
    ("relative-up.jsonld", '{"@id": "../../etc/passwd", "http://e/p": 1}', None, None, "relative IRI"),
    ("space.ttl", "<http://e/s> <http://e/p> <http://e/ o> .", 1, 27, "Percent-encode"),
    ("space.jsonld", '{"@id": "http://e/a b", "http://e/p": 1}', 1, 9, "where an IRI must stand"),
    ("space-alias.jsonld", '{"@context": {"id": "@id"}, "id": "http://e/a b", "http://e/p": 1}', 1, 35, "an IRI"),
    ("space-link.jsonld", '{"@context": {"p": {"@id": "http://e/p", "@type": "@id"}}, "p": "a b"}', 1, 65, "an IRI"),
    ("space-type.jsonld", '{"@id": "http://e/s", "@type": "My Type"}', 1, 32, "an IRI"),
    ("space-key.jsonld", '{"@id": "http://e/s", "http://e/a b": 1}', 1, 23, "an IRI"),
    ("type.jsonld", '{"@id": "http://e/s", "@type": "Person"}', 1, 32, "relative IRI 'Person'"),
    ("percent.ttl", "<http://e/s> <http://e/p> <http://e/%zz> .", 1, 27, "%zz"),
    ("literal-subject.ttl", '"a" <http://e/p> "x" .', 1, 1, "not a valid subject"),
    ("language.ttl", '<http://e/s> <http://e/p> "x"@e_n .', 1, 31, "language"),
    ("page.ttl", "\n<!DOCTYPE html>\n<html>", 1, 1, "HTML page"),
    ("page.rdf", '<html xmlns="http://www.w3.org/1999/xhtml"/>', 1, 1, "HTML page"),
    ("page.jsonld", "<html>", 1, 1, "HTML page"),
    ("merge.ttl", TRIPLE + "<<<<<<< HEAD\n" + TRIPLE + "=======\n>>>>>>> x\n", 2, 1, "unfinished merge"),
    ("merge.jsonld", '{\n"a": 1,\n<<<<<<< HEAD\n', 3, 1, "unfinished merge"),
    ("pointer.ttl", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", 1, 1, "git lfs pull"),
    ("last-line.nt", TRIPLE * 5000 + "oops", 5001, 1, "IRI or a blank node"),
    ("unclosed.trig", "<http://e/g> {\n" + TRIPLE, 3, 1, ""),
    ("graph.ttl", "<http://e/g> { " + TRIPLE + "}", 1, 14, "name the file .trig"),
    ("graph.nt", TRIPLE[:-2] + "<http://e/g> .", 1, 40, "N-Quads"),
    ("comma.jsonld", '{"a": 1,\n}', 2, 1, "no JSON"),
    ("truncated.jsonld", '{"@id": "http://e/s", "http://e/p": [1', 1, 39, "no JSON"),
    ("twice.jsonld", '{"@id": "http://e/s", "http://e/p": 1,\n "http://e/p": 2}', 2, 14, "key 'http://e/p' twice"),
    ("nan.jsonld", '{"@id": "http://e/s", "http://e/p": NaN}', 1, 37, "NaN"),
    ("digits.jsonld", '{"@id": "http://e/s", "http://e/p": ' + "1" * 5000 + "}", 1, 37, "4,000 digits"),
    ("cyclic.jsonld", '{"@context": {"a": "b", "b": "a"}, "@id": "http://e/s", "a": 1}', 1, None, "Cyclic"),
    ("tag.rdf", RDF + "<e:T>\n</e:U></rdf:RDF>", 3, 3, "mismatched tag"),
    ("truncated.rdf", RDF + "<e:T/>\n", 3, 1, "no element found"),
    ("unbound.rdf", RDF + '\n<rdf:Description x:about="http://e/s"/></rdf:RDF>', 3, None, "prefix x:"),
    ("not.ttl.gz", b"plain", None, None, "cannot be unpacked"),
    ("truncated.ttl.gz", gzip.compress(TRIPLE.encode() * 99)[:40], None, None, "cannot be unpacked"),
    ("bomb.ttl.gz", gzip.compress(TRIPLE.encode() * 400_000), None, None, "more than 100 times"),
    ("xxe.rdf", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n' + RDF + "</rdf:RDF>", 1, 52, "external"),
    ("parameter.rdf", '<!DOCTYPE a [<!ENTITY % x "y">]>\n' + RDF + "</rdf:RDF>", 1, 27, "parameter entity"),
    ("dtd.rdf", '<!DOCTYPE a SYSTEM "http://e/x.dtd">\n' + RDF + "</rdf:RDF>", 1, 36, "never fetched"),
    ("laughs.rdf", f'<!DOCTYPE a [<!ENTITY e0 "lol">{BOMB_ENTITIES}]>\n' + RDF, 1, None, "other entities"),
    ("quadratic.rdf", QUADRATIC + RDF + "<e:T e:p='" + "&x;" * 900 + "'/></rdf:RDF>", 1, None, "1 MiB"),
    ("context.jsonld", '{"@context": "http://e/c",\n "http://e/p": 1}', 1, 14, "remote context http://e/c"),
    ("file.jsonld", '{"@context": ["file:///etc/passwd"], "http://e/p": 1}', 1, 15, "file:///etc/passwd"),
    ("path.jsonld", '{"@context": "context.jsonld", "http://e/p": 1}', 1, 14, "context.jsonld"),
    ("import.jsonld", '{"@context": {"@import": "http://e/c"}, "http://e/p": 1}', 1, 26, "http://e/c"),
    ("scoped.jsonld", '{"@context": {"p": {"@id": "http://e/p", "@context": "http://e/c"}}}', 1, 54, "http://e/c"),
    ("literal.ttl", TRIPLE + f'<http://e/s> <http://e/p> "{"a" * (17 << 20)}" .', 2, None, "16 MiB"),
    ("terms.ttl", "<http://e/s> <http://e/p> " + "<<( <http://e/s> <http://e/p> " * 100_000, 1, None, "1,000 deep"),
    ("nodes.jsonld", '{"http://e/p":' * 10_000 + "1" + "}" * 10_000, None, None, "500 deep"),
    ("elements.rdf", RDF + "<e:T><e:p>" * 5000, 2, None, "1000 deep"),
    ("unknown.txt", TRIPLE, None, None, "extension"),
]  # fmt: skip


def problem_of(path: Path) -> Problem:
    with pytest.raises(DataError) as caught:
        list(parse_file(path))
    (problem,) = caught.value.problems
    return problem


def parsed(path: Path, content: str | bytes) -> list[str]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [str(quad) for quad in parse_file(path)]


@pytest.mark.parametrize(("name", "content", "line", "column", "message"), BROKEN, ids=[case[0] for case in BROKEN])
def test_broken_file_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, line: int | None, column: int | None, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    problem = problem_of(path)
    assert problem.path == path
    assert message in str(problem)
    assert problem.line == line
    assert column is None or problem.column == column


@pytest.mark.parametrize("name", ["x.ttl", "x.trig", "x.nt", "x.nq", "x.jsonld", "x.rdf", "x.ttl.gz"])
@pytest.mark.parametrize("content", ["", " \n", "\ufeff"])
def test_empty_file_holds_nothing(tmp_path: Path, name: str, content: str) -> None:
    packed = gzip.compress(content.encode()) if name.endswith(".gz") else content
    assert parsed(tmp_path / name, packed) == []


@pytest.mark.parametrize("name", ["x.ttl", "x.trig", "x.nt", "x.nq"])
def test_byte_order_mark_is_ignored(tmp_path: Path, name: str) -> None:
    assert len(parsed(tmp_path / name, "\ufeff" + TRIPLE)) == 1


def test_flat_entities_are_read(tmp_path: Path) -> None:
    text = f'<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/">]>\n{RDF}<e:T rdf:about="&e;s"/></rdf:RDF>'
    (quad,) = parsed(tmp_path / "x.rdf", text)
    assert quad.startswith("<http://e/s> ")


def test_deeply_nested_lists_are_read(tmp_path: Path) -> None:
    assert len(parsed(tmp_path / "x.ttl", "<http://e/s> <http://e/p> " + "(" * 2000 + ")" * 2000 + " .")) == 3999


def test_pipe_is_refused_at_once(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "x.ttl")
    assert "is a pipe" in problem_of(tmp_path / "x.ttl").message


def test_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").mkdir()
    assert "is a folder" in problem_of(tmp_path / "x.ttl").message


def test_missing_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="cannot be read"):
        list(parse_file(tmp_path / "x.ttl"))


def test_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text(TRIPLE * 2)
    with pytest.raises(DataError, match="has changed"):
        for _ in parse_file(path):
            path.write_text(TRIPLE)


def test_blank_nodes_are_numbered_as_they_appear(tmp_path: Path) -> None:
    quads = parsed(tmp_path / "x.ttl", "_:z <http://e/p> [ <http://e/q> _:a ] .")
    names = [word.rpartition("b")[2] for word in " ".join(quads).split() if word.startswith("_:")]
    assert sorted(set(names)) == ["0", "1", "2"]


def test_blank_nodes_keep_their_names_from_run_to_run(tmp_path: Path) -> None:
    text = '<http://e/s> <http://e/p> [], ( 1 [ <http://e/q> "x" ] ), <<( _:b <http://e/p> _:c )>> .'
    assert parsed(tmp_path / "x.ttl", text) == parsed(tmp_path / "x.ttl", text)


@pytest.mark.parametrize("text", ["_:b <http://e/p> 1 .", '[] <http://e/p> "_:b" .', "<http://e/s> <http://e/p> (1) ."])
def test_two_files_never_share_a_blank_node(tmp_path: Path, text: str) -> None:
    first, second = (
        {str(quad.subject) for quad in parse_file(SourceFile(path, "data", name=path.name))} - {"<http://e/s>"}
        for path in (tmp_path / "x.ttl", tmp_path / "y.ttl")
        if path.write_text(text)
    )
    assert not first & second


@pytest.mark.parametrize(
    "text",
    [
        '<http://e/s> <http://e/p> "a # \\" _:b" . # it\'s\n_:b <http://e/p> 1 .',
        '<http://e/s> <http://e/p> """a " b""" ; <http://e/q> [ <http://e/p> "c" ] .',
        '<http://e/s> <http://e/p> \'a " b\' ; <http://e/q> [ <http://e/p> "c" ] .',
        '<http://e/s> <http://e/p> """x\n"y""" , _:b , "z" .',
        '# "\n_:b <http://e/p> "x" .',
        '<http://e/s> <http://e/p> "<" , _:b , ">" .',
    ],
)
def test_no_blank_node_is_overlooked(tmp_path: Path, text: str) -> None:
    assert "_:f" in " ".join(parsed(tmp_path / "x.ttl", text))


OBJECTS = st.sampled_from(
    [
        '"a"',
        '"a \\" _:b"',
        "'a'",
        "'a \\' \" b'",
        '""',
        '"""a " b"""',
        "'''a\n\"b'''",
        '"""\n"\n"""',
        '"#"',
        '"<"',
        '">"',
        "'<'",
        '"a"@en',
        "<http://e/#>",
        "_:b",
        "[]",
        "(1)",
        "[ <http://e/p> 1 ]",
    ]
)
GAPS = st.sampled_from(
    [" ", "\n", "\r", "\r\n", " # it's\n", ' # "\n', ' # "\r', " # <\n", ' # """\n', " # [ _:b\n", "#\\\n"]
)
STATEMENTS = st.lists(st.tuples(GAPS, OBJECTS, GAPS), max_size=6)


@given(STATEMENTS)
def test_no_blank_node_is_overlooked_whatever_surrounds_it(statements: list[tuple[str, str, str]]) -> None:
    text = "".join(f"<http://e/s>{start}<http://e/p> {value}{end}." for start, value, end in statements)
    quads = list(parse_stream(io.BytesIO(text.encode()), format=TURTLE))
    names = [str(term) for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)]
    assert all(re.fullmatch("_:b[0-9]+", name) for name in names)


def test_known_context_is_read_from_its_file(tmp_path: Path) -> None:
    context = tmp_path / "context.jsonld"
    context.write_text('{"@context": {"name": "http://e/name"}}')
    path = tmp_path / "x.jsonld"
    path.write_text(f'{{"@context": ["{JSONLD_CONTEXT}", {{"age": "http://e/age"}}], "name": "Иван", "age": 3}}')
    assert len(list(parse_file(path, contexts={JSONLD_CONTEXT: context}))) == 2


def test_terms_may_hold_spaces(tmp_path: Path) -> None:
    text = '{"@context": {"My Type": "http://e/T", "kind": "@type"}, "@id": "http://e/s", "kind": "My Type"}'
    assert len(parsed(tmp_path / "x.jsonld", text)) == 1


def test_base_resolves_relative_iris(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonld"
    path.write_text('{"@id": "s", "http://e/p": {"@id": "o"}}')
    assert [str(quad) for quad in parse_file(path, base="http://e/")] == [TRIPLE[:-3]]


def test_prefixes_of_a_file_can_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("@prefix e: <http://e/> . e:s e:p e:o .")
    parsing = parse_file(path)
    next(parsing)
    assert parsing.prefixes == {"e": "http://e/"}


def test_packed_file_is_read_as_what_it_holds(tmp_path: Path) -> None:
    assert len(parsed(tmp_path / "x.nt.gz", gzip.compress(TRIPLE.encode()))) == 1


def test_pipe_of_the_shell_is_read() -> None:
    assert len(list(parse_stream(io.BytesIO(TRIPLE.encode()), format=NTRIPLES))) == 1


def test_fault_in_a_pipe_of_the_shell_has_its_line() -> None:
    with pytest.raises(DataError, match="<stdin>:2:1: "):
        list(parse_stream(io.BytesIO(TRIPLE.encode() + b"oops"), format=TURTLE))


def test_nothing_is_resolved_from_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n{RDF}<e:T e:p="&x;"/></rdf:RDF>'
    with pytest.raises(DataError):
        list(parse_stream(io.BytesIO(text.encode()), format=RDFXML))
