"""Tables: what a spreadsheet gets of each class, and what it is told about it."""

import csv
import json
import re
import warnings
import zipfile
from pathlib import Path

import pandas
import pytest
from pyoxigraph import NamedNode

from communique.distributions.class_tables import TableFile
from communique.distributions.downloads import write_downloads
from communique.generations import generation
from communique.project import Project
from communique.store import Store
from communique.website.site import Site
from made_projects import build

ROOT = Path(__file__).parents[1]
PREFIXES = """
@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix cmq: <https://w3id.org/communique/ns#> . @prefix other: <https://other.example/> .
"""
SHAPES = (
    PREFIXES
    + """
ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property
  [ sh:path ex:size ; sh:datatype xsd:integer ; sh:maxCount 1 ; sh:order 2 ; sh:name "Size"@en ] ,
  [ sh:path ex:link ; sh:nodeKind sh:IRI ; sh:order 1 ] ,
  [ sh:path ex:note ; sh:uniqueLang true ; sh:order 3 ] ,
  [ sh:path ex:word ; sh:datatype xsd:string ; sh:order 4 ] ,
  [ sh:path ex:never ; sh:datatype xsd:date ; sh:order 5 ] ,
  [ sh:path other:size ; sh:order 6 ] .
"""
)
DATA = (
    PREFIXES
    + """
ex:dataset a <http://www.w3.org/ns/dcat#Dataset> ; <http://rdfs.org/ns/void#uriSpace> "https://example.org/" .
ex:g a cmq:Passage .
ex:g { ex:a a ex:Thing ; rdfs:label "A"@en, "А"@ru ; ex:size 7 ; ex:link ex:b, ex:c . }
ex:a ex:note "one\\nline"@en, "eine Zeile"@de, "一"@zh-Hans ; ex:word "x", "y \\"z\\"" ; other:size 3 .
ex:b a ex:Thing, ex:Free ; ex:size 8 ; ex:other "unknown to the shape" .
"""
)


def made(folder: Path, data: str, shapes: str = SHAPES, settings: str = 'languages = ["en", "ru", "zh"]') -> Path:
    """Write the downloads of a project and return the folder of its tables."""
    for path, text in {"data/data.trig": data, "shapes/shapes.ttl": shapes, "site/site.toml": settings}.items():
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(text, encoding="utf-8")
    project = Project.open(folder)
    with generation(folder / "public") as new:
        write_downloads(Site(project, Store.load(project)), new)
    return folder / "public/dumps/tables"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("tables"), DATA)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def columns(path: Path) -> dict[str, dict[str, object]]:
    metadata = json.loads(path.with_name(path.name + "-metadata.json").read_text(encoding="utf-8"))
    return {each["name"]: each for each in metadata["tableSchema"]["columns"]}


def test_labels_of_skos_xl_stand_in_the_columns_of_labels(tmp_path: Path) -> None:
    data = (
        PREFIXES
        + """
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
ex:dataset a <http://www.w3.org/ns/dcat#Dataset> ; <http://rdfs.org/ns/void#uriSpace> "https://example.org/" .
ex:soil a ex:Concept ; xl:prefLabel ex:label, [ a xl:Label ; xl:literalForm "почва \\"1\\""@ru ] ; rdfs:label "S"@en .
ex:label a xl:Label ; xl:literalForm "soil"@en ; rdfs:comment "of many" .
ex:peat a ex:Concept ; rdfs:label "peat"@en ; xl:altLabel [ xl:literalForm "turf"@en ] ; xl:prefLabel [] .
"""
    )
    found = made(tmp_path, data, shapes="") / "concept.csv"
    names = [[row[name] for name in ("id", "label", "label_en", "label_ru", "label_zh")] for row in rows(found)]
    assert names == [
        ["https://example.org/peat", "peat", "peat", "", ""],
        ["https://example.org/soil", "soil", "soil", 'почва "1"', ""],
    ]
    # What the property itself leads to is told as it is.
    assert re.fullmatch(r"https://example.org/label\|_:\w+", rows(found)[1]["prefLabel"])


def test_columns_come_from_the_shape_in_its_order_and_others_behind_them(tables: Path) -> None:
    assert header(tables / "thing.csv") == [
        *("id", "label", "label_en", "label_ru", "label_zh", "link", "size", "note_en", "note_ru", "note_zh"),
        *("word", "never", "other_size", "statedIn", "other"),
    ]


def test_where_nothing_in_the_dataset_is_evidence_no_table_has_a_column_for_it(tmp_path: Path) -> None:
    path = made(tmp_path / "plain", PREFIXES + "ex:a a ex:Free ; ex:one 1 .", shapes="") / "free.csv"
    assert header(path)[-1] == "one" and "statedIn" not in header(path) and "statedIn" not in columns(path)
    assert rows(path)[0]["one"] == "1"
    passage = "ex:a a ex:Free ; ex:one 1 . ex:g a <https://w3id.org/communique/ns#Passage> . ex:g { ex:b a ex:Other }"
    assert header(made(tmp_path / "cited", PREFIXES + passage, shapes="") / "free.csv")[-2:] == ["statedIn", "one"]


def test_what_no_shape_names_changes_no_column_before_it(tables: Path, tmp_path: Path) -> None:
    more = 'ex:b <https://aaa.example/size> 1 ; <https://aaa.example/never> 2 ; ex:z "z" .'
    assert header(made(tmp_path, DATA + more) / "thing.csv") == [
        *header(tables / "thing.csv")[:-1],
        *("https_aaa_example_never", "https_aaa_example_size", "other", "z"),
    ]


def test_a_class_of_others_that_a_bundled_shape_describes_loses_no_property(tmp_path: Path) -> None:
    said = """@prefix foaf: <http://xmlns.com/foaf/0.1/> .
        ex:d a <http://www.w3.org/ns/dcat#Dataset> ; <http://rdfs.org/ns/void#uriSpace> "https://example.org/" .
        ex:p a foaf:Person ; foaf:name "Ann" ; foaf:mbox <mailto:a@e.org> ;
            <http://purl.org/dc/terms/title> "Dr" ; ex:size 3 ."""
    path = made(tmp_path, PREFIXES + said, shapes="") / "person.csv"
    heads, (row,), described = header(path), rows(path), columns(path)
    assert heads[-3:] == ["title", "mbox", "size"]
    assert (row["title"], row["mbox"], row["size"]) == ("Dr", "mailto:a@e.org", "3")
    assert [described[name]["datatype"] for name in ("title", "mbox", "size")] == ["string", "anyURI", "integer"]
    assert described["mbox"]["propertyUrl"] == "http://xmlns.com/foaf/0.1/mbox"


def test_where_no_shape_speaks_a_column_has_lists_only_if_a_thing_has_several_values(tmp_path: Path) -> None:
    data = DATA + "ex:b ex:one 1 ; ex:two 1 . ex:c a ex:Free ; ex:one 2 ; ex:two 2, 3 ."
    found = columns(made(tmp_path, data) / "free.csv")
    assert {name: "separator" in found[name] for name in ("one", "two")} == {"one": False, "two": True}


@pytest.mark.parametrize(
    ("said", "settings", "labels"),
    [
        ("", "", ["label_de"]),
        ("", 'languages = ["en", "de"]', ["label_en", "label_de"]),
        ('ex:dataset <http://purl.org/dc/terms/language> "de", "fr" .', "", ["label_de", "label_fr"]),
    ],
    ids=["of the labels", "of the settings", "of the dataset"],
)
def test_languages_have_columns_that_the_settings_or_else_the_data_name(
    tmp_path: Path, said: str, settings: str, labels: list[str]
) -> None:
    data = DATA.replace('rdfs:label "A"@en, "А"@ru', 'rdfs:label "Ah"@de') + said
    shapes = SHAPES.replace('"Size"@en', '"Größe"@de')
    heads = header(made(tmp_path, data, shapes, settings) / "thing.csv")
    assert [name for name in heads if name.startswith("label_")] == labels
    assert [name for name in heads if name.startswith("note_")] == [f"note_{each[-2:]}" for each in labels]


def test_a_row_tells_one_thing(tables: Path) -> None:
    first = rows(tables / "thing.csv")[0]
    assert {name: text for name, text in first.items() if text} == {
        "id": "https://example.org/a",
        "label": "A",
        "label_en": "A",
        "label_ru": "А",
        "link": "https://example.org/b|https://example.org/c",
        "size": "7",
        "note_en": "one\nline",
        "note_zh": "一",
        "word": 'x|y "z"',
        "other_size": "3",
        "statedIn": "https://example.org/g",
    }


def test_a_class_without_a_shape_has_the_properties_of_its_members(tables: Path) -> None:
    assert [name for name, text in rows(tables / "free.csv")[0].items() if text] == ["id", "other", "size"]


def test_metadata_say_what_the_shape_asks_for(tables: Path) -> None:
    found = columns(tables / "thing.csv")
    assert found["size"]["datatype"] == "integer"
    assert "separator" not in found["size"]
    assert found["size"]["dc:title"] == [{"@value": "Size", "@language": "en"}]
    assert (found["link"]["datatype"], found["link"]["separator"]) == ("anyURI", "|")
    assert (found["note_en"]["lang"], "separator" in found["note_en"]) == ("en", False)
    assert found["never"]["datatype"] == "date"


def test_metadata_are_true_of_data_that_break_the_shape(tmp_path: Path) -> None:
    data = DATA.replace("ex:size 8", 'ex:size 8, "many"')
    tables = made(tmp_path, data)
    found = columns(tables / "thing.csv")
    assert (found["size"]["datatype"], found["size"]["separator"]) == ("string", "|")


def test_a_column_with_a_value_that_is_none_of_its_datatype_holds_text(tmp_path: Path) -> None:
    data = DATA + 'ex:b ex:never "2020-02-30"^^xsd:date . ex:a ex:never "2020-02-29"^^xsd:date .'
    described = json.loads((made(tmp_path, data) / "thing.csv-metadata.json").read_text())
    (column,) = [each for each in described["tableSchema"]["columns"] if each["name"] == "never"]
    assert column["datatype"] == "string"


def test_the_separator_is_a_sign_that_no_value_holds(tmp_path: Path) -> None:
    data = DATA.replace('"x", "y', '"x|x", "y')
    tables = made(tmp_path, data)
    assert columns(tables / "thing.csv")["word"]["separator"] == "¦"
    assert rows(tables / "thing.csv")[0]["word"] == 'x|x¦y "z"'


@pytest.mark.parametrize(
    ("values", "separator"),
    [
        (("a|b", "c¦d", "e␟f"), "|¦"),
        (("a|", "¦b", "␟"), "|¦"),
        (("a|¦", "¦", "␟"), "|¦¦"),
        (("a||¦¦b|¦", "¦¦¦¦|", "|␟"), "|¦¦¦"),
    ],
)
def test_values_with_all_signs_are_told_apart(values: tuple[str, ...], separator: str, tmp_path: Path) -> None:
    stated = ", ".join(f'"{value}"' for value in values)
    tables = made(tmp_path, f"{DATA} ex:b ex:sign {stated} .")
    assert columns(tables / "free.csv")["sign"]["separator"] == separator
    assert sorted(rows(tables / "free.csv")[0]["sign"].split(separator)) == sorted(values)


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def named(tmp_path: Path, *properties: str) -> list[str]:
    """Return the columns of these properties, which the members of a class without a shape have."""
    stated = " ".join(f'ex:n {name} "{name}" .' for name in properties)
    table = made(tmp_path, f"{DATA} ex:n a ex:Named . {stated}") / "named.csv"
    heads = header(table)
    assert len({head.casefold() for head in heads}) == len(heads)
    (row,) = rows(table)
    return [next(head for head in heads if row[head] == name) for name in properties]


def test_columns_are_named_in_every_script(tmp_path: Path) -> None:
    names = ["ex:имя", "ex:город", "ex:日期", "ex:नाम", "<https://example.org/%D0%B4%D0%B0%D1%82%D0%B0>"]
    assert named(tmp_path, *names) == ["имя", "город", "日期", "नाम", "дата"]


@pytest.mark.parametrize(
    ("properties", "names"),
    [
        (("ex:a", "ex:A"), ("ex_a", "A")),
        (("ex:a-b", "ex:a_b", "<https://example.org/a+b>"), ("ex_a_b", "ex_a_b_2", "a_b")),
        (("ex:label_en", "ex:label_fr"), ("ex_label_en", "label_fr")),
        (("ex:id", "ex:ID", "ex:statedin", "ex:Label"), ("ex_id_2", "ex_ID", "ex_statedin", "ex_Label")),
        (("ex:type", "<http://purl.org/dc/terms/type>"), ("ex_type", "dcterms_type")),
        (("ex:b", "ex:other_b", "other:b"), ("b", "other_b", "other_b_2")),
        (("<https://example.org/+>", "<https://example.org/->"), ("x", "https_example_org")),
    ],
)
def test_no_two_columns_have_one_name(properties: tuple[str, ...], names: tuple[str, ...], tmp_path: Path) -> None:
    assert tuple(named(tmp_path, *properties)) == names


def test_a_column_for_a_language_has_its_own_name(tmp_path: Path) -> None:
    data = DATA + 'ex:a ex:extra "x" .'
    shapes = SHAPES.replace("ex:word", "ex:note_ru").replace("ex:never", "ex:имя").replace("ex:link", "ex:label_zh")
    heads = header(made(tmp_path, data, shapes) / "thing.csv")
    assert heads == [
        *("id", "label", "label_en", "label_ru", "label_zh", "ex_label_zh", "size", "note_en", "note_ru", "note_zh"),
        *("ex_note_ru", "имя", "other_size", "statedIn", "extra", "link", "other", "word"),
    ]


def test_metadata_of_tables_in_other_scripts_validate(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what the library itself imports
        from csvw import CSVW

    names = ("имя", "город", "дата", "label_en", "ID", "type", "Имя")
    stated = " ".join(f'ex:n ex:{name} "{name}" .' for name in names)
    path = made(tmp_path, f"{DATA} ex:n a ex:Named . {stated}") / "named.csv"
    table = CSVW(f"{path}-metadata.json", validate=True)
    assert table.is_valid
    described = [each for each in columns(path).values() if "virtual" not in each]
    assert [each["titles"] for each in described] == header(path)
    # RFC 6570, section 2.3
    assert [each for each in columns(path) if not re.fullmatch(r"(?:\w|%[0-9A-F]{2})+", each, re.ASCII)] == []
    assert next(iter(table.tables[0]))["%D0%B4%D0%B0%D1%82%D0%B0"] == "дата"


def test_a_class_and_a_property_whose_label_has_no_language_are_in_none(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what the library itself imports
        from csvw import CSVW

    terms = 'ex:Ship a owl:Class ; rdfs:label "Ship" . ex:crew a owl:DatatypeProperty ; rdfs:label "Crew" .'
    path = made(
        tmp_path, f"@prefix owl: <http://www.w3.org/2002/07/owl#> . {DATA} {terms} ex:s a ex:Ship ; ex:crew 3 ."
    )
    path /= "ship.csv"
    assert CSVW(f"{path}-metadata.json", validate=True).is_valid
    # Metadata Vocabulary, section 6.1: a plain string is in the default language of the context, here English.
    (title,) = json.loads(Path(f"{path}-metadata.json").read_text(encoding="utf-8"))["dc:title"]
    assert title == {"@value": "Ship", "@type": "xsd:string"}
    assert columns(path)["crew"]["dc:title"] == [{"@value": "Crew", "@type": "xsd:string"}]


def test_the_archive_holds_all_tables(tables: Path) -> None:
    with zipfile.ZipFile(tables.parent / "tables.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"tables/{path.name}": path.read_bytes() for path in tables.iterdir()
        }


@pytest.mark.parametrize(
    ("text", "value", "datatype"),
    [
        ("<http://e/x>", "http://e/x", "anyURI"),
        ('"a\\tb\\\\ \\u0001"', "a\tb\\ \x01", "string"),
        ('"one\\u001Ftwo"', "one two", "string"),
        ('"x\\"@de"', 'x"@de', "string"),
        ('"1"^^<http://e/t>', "1", {"base": "string", "@id": "http://e/t"}),
        ('"x"@ar--rtl', "x", "string"),
    ],
)
def test_terms_lose_their_marks(text: str, value: str, datatype: object, tmp_path: Path) -> None:
    tables = made(tmp_path, f"{DATA} ex:b ex:mark {text} .")
    assert rows(tables / "free.csv")[0]["mark"] == value
    assert columns(tables / "free.csv")["mark"]["datatype"] == datatype


def test_the_best_label_of_a_language_stands_in_its_column(tmp_path: Path) -> None:
    names = (
        'ex:b rdfs:label "plain", "label"@en-GB ; <http://xmlns.com/foaf/0.1/name> "a name"@en ; ex:link ex:a, ex:c .'
    )
    tables = made(tmp_path, f"{DATA} {names} ex:b a ex:Free .")
    first, second = rows(tables / "free.csv")[0], rows(tables / "thing.csv")[1]
    assert (first["label_en"], second["label_en"]) == ("label", "label")
    assert first["link"] == second["link"] == "https://example.org/a|https://example.org/c"


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        ('"Köln"@de', "Köln"),
        ('"Bonn"', "Bonn"),
        ('"Köln"@de, "Cologne"', "Cologne"),
        ('"Köln"@de, "Cologne", "Кёльн"@ru', "Cologne"),
        ('"Köln"@de, "Кёльн"@ru', "Кёльн"),
        ('"Кёльн"@ru, "Cologne"@en-GB', "Cologne"),
    ],
)
def test_a_thing_has_the_name_of_its_page_whatever_the_language(labels: str, name: str, tmp_path: Path) -> None:
    tables = made(tmp_path, f"{DATA} ex:b rdfs:label {labels} .")
    project = Project.open(tmp_path)
    shown = Site(project, Store.load(project)).labels.of(NamedNode("https://example.org/b")).text
    assert rows(tables / "free.csv")[0]["label"] == shown == name
    assert columns(tables / "free.csv")["label"]["suppressOutput"] is True


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[TableFile, ...]]:
    project = Project.open(ROOT)
    out = tmp_path_factory.mktemp("real") / "public"
    with generation(out) as new:
        made = write_downloads(Site(project, Store.load(project)), new)
    return out, made.tables


def test_the_metadata_of_all_tables_validate(real: tuple[Path, tuple[TableFile, ...]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what the library itself imports
        from csvw import CSVW

    public, tables = real
    assert len(tables) > 20
    for each in tables:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            table = CSVW(str(public / f"{each.path}-metadata.json"), validate=True)
            assert table.is_valid, (each.path, told)
        assert (told, len(list(table.tables[0]))) == ([], each.rows)


def test_pandas_reads_the_right_types(real: tuple[Path, tuple[TableFile, ...]]) -> None:
    days = ["startDate", "endDate"]
    # Of a column with gaps pandas makes floating-point numbers unless it is told not to.
    meetings = pandas.read_csv(real[0] / "dumps/tables/meeting.csv", parse_dates=days, dtype_backend="numpy_nullable")
    assert meetings["ordinal"].dtype == "Int64"
    assert {str(meetings[name].dtype).partition("[")[0] for name in days} == {"datetime64"}
    claims = pandas.read_csv(real[0] / "dumps/tables/statisticalclaim.csv")
    assert claims["value"].dtype in ("int64", "float64")


def test_labels_that_have_no_room_in_a_table_stand_in_the_table_of_labels(tmp_path: Path) -> None:
    names = 'rdfs:label "one"@en, "two"@en ; skos:prefLabel "three"@en ; skos:altLabel "four"@en .'
    site = build(tmp_path, f":s a :Ship ; {names}")
    (row,) = rows(site / "dumps" / "tables" / "ship.csv")
    assert (row["label_en"], row["altLabel"]) == ("three", "four")
    told = [each["label"] for each in rows(site / "labels.csv") if each["iri"].endswith("/s")]
    assert sorted(told) == ["four", "one", "three", "two"]
