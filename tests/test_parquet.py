"""Tables as Parquet: the types of the columns, and the same values as in the CSV beside them."""

import datetime
import hashlib
import importlib
import os
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from communique.distributions import parquet
from communique.distributions.downloads import write_downloads
from communique.errors import ProjectError
from communique.generations import generation
from communique.hosting.plan import type_of
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from html_pages import Page, dead_links, pages
from made_projects import make_project, make_site

if os.environ.get("CI") != "true":
    pytest.importorskip("duckdb", reason="duckdb, which reads Parquet, is missing: pip install -e '.[test]'")
    pytest.importorskip("arro3.io", reason="what writes Parquet is missing: pip install 'communique[parquet]'")
duckdb = importlib.import_module("duckdb")

SHAPES = """
:S a sh:NodeShape ; sh:targetClass :C ;
    sh:property [ sh:path :flag ; sh:datatype xsd:boolean ; sh:maxCount 1 ; sh:order 1 ] ,
        [ sh:path :many ; sh:datatype xsd:integer ; sh:order 2 ] ,
        [ sh:path :day ; sh:datatype xsd:date ; sh:maxCount 1 ; sh:order 3 ] ,
        [ sh:path :price ; sh:datatype xsd:decimal ; sh:maxCount 1 ; sh:order 4 ] ,
        [ sh:path :at ; sh:datatype xsd:dateTime ; sh:maxCount 1 ; sh:order 5 ] ,
        [ sh:path :size ; sh:datatype xsd:double ; sh:maxCount 1 ; sh:order 6 ] ,
        [ sh:path :word ; sh:order 7 ] .
"""
DATA = """
:C a rdfs:Class . :flag a rdf:Property .
:a a :C ; rdfs:label "A"@en ; :flag true ; :many 2, 1 ; :day "2026-11-27"^^xsd:date ; :price 1.50 ;
    :at "2026-11-27T03:00:00+05:00"^^xsd:dateTime ; :size 1.5e3 ; :word "x|y", "z" .
:b a :C ; rdfs:label "B"@en ; :day "2026-01-31"^^xsd:date ; :at "2026-11-27T03:00:00.25Z"^^xsd:dateTime ;
    :size "INF"^^xsd:double .
"""


def written(folder: Path, data: str = DATA, shapes: str = SHAPES, setting: str = "parquet = true\n") -> Path:
    site = make_site(folder, data, shapes__s_ttl=PREFIXES + shapes, site__site_toml=setting)
    with generation(folder / "public") as new:
        write_downloads(site, new)
    return folder / "public" / "dumps"


PREFIXES = """@prefix : <https://example.org/id/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def table(dumps: Path, name: str = "c") -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the types of the columns of a table, and its rows."""
    found = duckdb.sql(f"SELECT * FROM '{dumps / 'tables' / name}.parquet'")
    return (
        dict(zip(found.columns, map(str, found.types), strict=True)),
        [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()],
    )


def test_columns_have_the_names_of_the_csv_in_every_script(tmp_path: Path) -> None:
    dumps = written(tmp_path, DATA + ':a :имя "И" ; :Имя "Я" ; :日期 "一" ; :label_en "l" ; :a-b 1 ; :a_b 2 .', "")
    types, (a, _) = table(dumps)
    head = (dumps / "tables/c.csv").read_text(encoding="utf-8").splitlines()[0]
    assert list(types) == head.split(",")
    assert len({name.casefold() for name in types}) == len(types)
    assert (a["日期"], a["Имя"]) == ("一", "Я")
    assert {types[name] for name in ("日期", "Имя", "a_b")} == {"VARCHAR", "BIGINT"}


def test_columns_have_the_types_of_their_values(tmp_path: Path) -> None:
    types, (a, b) = table(written(tmp_path))
    assert {name: types[name] for name in ("id", "flag", "many", "day", "price", "at", "size", "word")} == {
        "id": "VARCHAR", "flag": "BOOLEAN", "many": "BIGINT[]", "day": "DATE", "price": "DECIMAL(3,2)",
        "at": "TIMESTAMP WITH TIME ZONE", "size": "DOUBLE", "word": "VARCHAR[]",
    }  # fmt: skip
    assert (a["flag"], sorted(a["many"]), a["day"]) == (True, [1, 2], datetime.date(2026, 11, 27))
    assert (a["price"], a["size"], sorted(a["word"])) == (Decimal("1.50"), 1500.0, ["x|y", "z"])
    assert a["at"] == datetime.datetime(2026, 11, 26, 22, tzinfo=datetime.UTC)
    assert (b["flag"], b["many"], b["price"], b["size"], b["word"]) == (None, [], None, float("inf"), [])


@pytest.mark.parametrize(
    "value",
    ['"2026-11-27+05:00"^^xsd:date', '"12026-11-27"^^xsd:date', '"-0044-03-15"^^xsd:date', '"soon"'],
)
def test_what_no_type_of_parquet_holds_stays_as_it_is_written(tmp_path: Path, value: str) -> None:
    types, rows = table(written(tmp_path, DATA.replace('"2026-01-31"^^xsd:date', value)))
    assert types["day"] == "VARCHAR"
    assert {row["day"] for row in rows} == {"2026-11-27", value.split('"')[1]}


def test_integers_that_are_too_large_and_times_without_a_zone_among_others_are_texts(tmp_path: Path) -> None:
    data = DATA.replace(":many 2, 1", ":many 9223372036854775808, 1").replace("00.25Z", "00.25")
    types, (a, b) = table(written(tmp_path, data))
    assert (types["many"], types["at"]) == ("VARCHAR[]", "VARCHAR")
    assert "9223372036854775808" in a["many"] and b["at"] == "2026-11-27T03:00:00.25"


def test_more_rows_than_a_row_group_are_all_there_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "BATCH", 3)
    monkeypatch.setattr(parquet, "GROUP", 7)
    dumps = written(tmp_path, ":C a rdfs:Class .\n" + "".join(f":i{n:03} a :C ; :many {n} .\n" for n in range(100)))
    assert [row["many"] for row in table(dumps)[1]] == [[n] for n in range(100)]
    groups = duckdb.sql(f"SELECT max(row_group_id) FROM parquet_metadata('{dumps / 'tables' / 'c.parquet'}')")
    assert groups.fetchall() == [(14,)]


def test_two_writings_have_the_same_bytes_and_the_checksum_that_is_told(tmp_path: Path) -> None:
    one, two = (written(tmp_path / each) for each in "ab")
    content = (one / "tables" / "c.parquet").read_bytes()
    assert content == (two / "tables" / "c.parquet").read_bytes()
    assert f"{hashlib.sha256(content).hexdigest()}  tables/c.parquet" in (one / "SHA256SUMS").read_text()


def test_the_page_of_downloads_and_that_of_the_tables_list_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path, DATA, shapes__s_ttl=PREFIXES + SHAPES, site__site_toml="parquet = true\n")
    build(Project.open(tmp_path), out=tmp_path / "public", progress=Progress(quiet=True))
    for name, link in (("downloads.html", "dumps/tables/c.parquet"), ("dumps/tables/index.html", "c.parquet")):
        page = Page((tmp_path / "public" / name).read_text())
        assert link in page.links and page.faults == []
    downloads = Page((tmp_path / "public" / "downloads.html").read_text())
    [code] = [each.text for each in downloads.all("code") if "duckdb" in each.text]
    monkeypatch.chdir(tmp_path / "public" / "dumps" / "tables")
    told: dict[str, Any] = {}
    exec(code, told)
    assert len(told["t"].fetchall()) == 2
    assert dead_links(tmp_path / "public", pages(tmp_path / "public")) == []
    assert type_of("dumps/tables/c.parquet") == "application/vnd.apache.parquet"


def test_the_archive_and_a_version_hold_the_files_and_the_page_of_the_version_lists_them(tmp_path: Path) -> None:
    stated = '<https://example.org/id/dataset> dcat:version "1.0" .\n'
    make_project(tmp_path, DATA + stated, shapes__s_ttl=PREFIXES + SHAPES, site__site_toml="parquet = true\n")
    build(Project.open(tmp_path), out=tmp_path / "public", progress=Progress(quiet=True))
    dumps = tmp_path / "public/dumps"
    content = (dumps / "tables/c.parquet").read_bytes()
    with zipfile.ZipFile(dumps / "tables.zip") as archive:
        assert archive.read("tables/c.parquet") == content
    assert (dumps / "1.0/tables/c.parquet").read_bytes() == content
    sum_ = hashlib.sha256(content).hexdigest()
    assert f"{sum_}  tables/c.parquet" in (dumps / "1.0/SHA256SUMS").read_text()
    page = Page((dumps / "1.0/index.html").read_text())
    assert {"tables/c.parquet", "tables/c.csv", "tables/c.csv-metadata.json"} <= set(page.links)
    assert sum_ in page.text and page.faults == []


def test_without_the_setting_nothing_is_written_whatever_is_installed(tmp_path: Path) -> None:
    assert not list(written(tmp_path, setting="").rglob("*.parquet"))


def test_the_setting_without_the_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "arro3", None)
    with pytest.raises(ProjectError, match=r"site\.toml: parquet: .* pip install 'communique\[parquet\]'"):
        written(tmp_path)


def test_the_setting_is_true_or_false(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"parquet: must be true or false"):
        make_project(tmp_path, site__site_toml='parquet = "yes"\n')
