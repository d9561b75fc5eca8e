"""LibreOffice opens the tables: numbers are numbers, days are days, and every text is the text that it was."""

import csv
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from clients.conftest import needs, run
from communique.distributions.downloads import write_downloads
from communique.generations import generation
from communique.project import Project
from communique.store import Store
from communique.website.site import Site
from made_projects import make_site

pytestmark = needs("soffice")

IMPORT = "CSV:44,34,76,1,,0,false,true,,,,,false"
"""Commas, quotation marks, UTF-8, from line 1, as English has it; special numbers are looked for, which days need, and
formulas are not evaluated, as its dialog has it at first (LibreOffice Help, Filter Options for CSV Files, 8 and 13)."""
PREFIXES = """@prefix : <https://example.org/id/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = """
:S a sh:NodeShape ; sh:targetClass :C ;
    sh:property [ sh:path :many ; sh:datatype xsd:integer ; sh:maxCount 1 ; sh:order 1 ] ,
        [ sh:path :price ; sh:datatype xsd:decimal ; sh:maxCount 1 ; sh:order 2 ] ,
        [ sh:path :size ; sh:datatype xsd:double ; sh:maxCount 1 ; sh:order 3 ] ,
        [ sh:path :day ; sh:datatype xsd:date ; sh:maxCount 1 ; sh:order 4 ] ,
        [ sh:path :flag ; sh:datatype xsd:boolean ; sh:maxCount 1 ; sh:order 5 ] ,
        [ sh:path :word ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:order 6 ] .
"""
WORDS = ("=1+1", "@SUM(A1)", "a, \"b\" 'c'", "Чжан Цзюнь 张军", "two\nlines", "+", "x;y")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
Cell = tuple[str, str]
MOST = 50
"""Cells that are alike: behind the last column they go on for ever."""


def opened(table: Path, folder: Path) -> list[dict[str, Cell]]:
    """Return the rows of a table as LibreOffice has them: the type and the value of each cell, by column."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    into = ("--convert-to", "fods", "--outdir", str(folder))
    run("soffice", profile, "--headless", f"--infilter={IMPORT}", *into, str(table))
    sheet = ElementTree.parse(folder / f"{table.stem}.fods").getroot()
    names, *rows = [cells(row) for row in sheet.iter(f"{TABLE}table-row")]
    return [dict(zip((text for _, text in names), row, strict=False)) for row in rows if any(kind for kind, _ in row)]


def cells(row: ElementTree.Element) -> list[Cell]:
    found: list[Cell] = []
    for cell in row.iter(f"{TABLE}table-cell"):
        kind = "formula" if cell.get(f"{TABLE}formula") else cell.get(f"{OFFICE}value-type", "")
        text = "\n".join("".join(each.itertext()) for each in cell.iter(f"{TEXT}p"))
        said = (cell.get(f"{OFFICE}{name}") for name in ("value", "date-value", "boolean-value"))
        times = min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), MOST)
        found += [(kind, next(filter(None, said), text))] * times
    return found


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Cell]]:
    folder = tmp_path_factory.mktemp("libreoffice")
    things = (
        f':c{n} a :C ; :many {n + 1} ; :price {n}.50 ; :size 1.5e{n} ; :day "2021-10-2{n}"^^xsd:date ;\n'
        f"  :flag {str(n % 2 == 1).lower()} ; :word {json.dumps(word, ensure_ascii=False)} .\n"
        for n, word in enumerate(WORDS)
    )
    site = make_site(folder, ":C a rdfs:Class .\n" + "".join(things), shapes__s_ttl=PREFIXES + SHAPES)
    with generation(folder / "public") as new:
        write_downloads(site, new)
    return opened(folder / "public/dumps/tables/c.csv", folder)


def test_numbers_are_numbers(rows: list[dict[str, Cell]]) -> None:
    for n, row in enumerate(rows):
        found = [(row[name][0], float(row[name][1])) for name in ("many", "price", "size")]
        assert found == [("float", n + 1), ("float", n + 0.5), ("float", 1.5 * 10**n)]


def test_days_are_days_and_truth_is_truth(rows: list[dict[str, Cell]]) -> None:
    for n, row in enumerate(rows):
        assert (row["day"], row["flag"]) == (("date", f"2021-10-2{n}"), ("boolean", str(n % 2 == 1).lower()))


def test_texts_are_as_they_were_and_no_formulas(rows: list[dict[str, Cell]]) -> None:
    assert [row["word"] for row in rows] == [("string", word) for word in WORDS]


def test_our_meetings_have_their_days_and_numbers(tmp_path: Path) -> None:
    project = Project.open(Path(__file__).parents[2])
    with generation(tmp_path / "public") as new:
        write_downloads(Site(project, Store.load(project)), new)
    table = tmp_path / "public/dumps/tables/meeting.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        given = {row["id"]: row for row in csv.DictReader(lines)}
    found = {row["id"][1]: row for row in opened(table, tmp_path)}
    assert found.keys() == given.keys()
    for name, row in given.items():
        for column, kind in (("ordinal", "float"), ("startDate", "date"), ("label_zh", "string")):
            assert found[name][column] == ((kind, row[column]) if row[column] else ("", ""))
