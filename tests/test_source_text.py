"""Source texts: passages are compared with the text, here of a communiqué that nobody ever issued."""

import hashlib
from pathlib import Path
from urllib.parse import quote

import pytest

from communique.errors import AccessError
from communique.project import Project
from communique.shacl.source_text import TextCheck, check_texts, source_texts
from communique.store import Store

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "sources" / "sectsco-796390.txt"
TEXT = (
    "The 3rd Meeting of the Lighthouse Keepers of the Northern Isles took place on 5\u00a0May\u00a02031.\n"
    "Keeper Ása Jónsdóttir spoke of the fog. The keepers agreed to mend the lamp at Skerry Point.\n"
    "They will meet again when the geese return.\n"
)
PREFIXES = """@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix schema: <http://schema.org/> .
@prefix : <https://example.org/> .
"""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def passage(words: str, *, shift: int = 0, fragment: str | None = None, digest: str | None = None) -> str:
    start = TEXT.index(words) + shift
    stands = TEXT[start : start + len(words)]
    link = quote(words.replace("\u00a0", " "), safe="") if fragment is None else fragment
    return f"""
    :p cmq:inDocument :d ; oa:start {start} ; oa:end {start + len(words)} ;
      cmq:sha256 "{digest or sha(stands)}" ; schema:url <https://example.org/page#:~:text={link}> ."""


@pytest.fixture
def check(tmp_path: Path):
    def run(data: str, *, text: bytes = TEXT.encode(), document: str = "") -> TextCheck:
        sources = tmp_path / "data" / "sources"
        sources.mkdir(parents=True)
        (sources / "d.txt").write_bytes(text)
        (tmp_path / "data" / "d.ttl").write_text(
            PREFIXES + f':d cmq:sha256 "{hashlib.sha256(text).hexdigest()}" {document} .\n' + data, encoding="utf-8"
        )
        project = Project.open(tmp_path)
        files = [file.path for file in project.files("data")]
        return check_texts(Store.load(project), texts=source_texts(project), files=files)

    return run


def told(found: TextCheck) -> str:
    return "\n".join(str(problem) for problem in found.problems)


def test_a_passage_that_agrees_is_counted(check) -> None:
    assert check(passage("Keeper Ása Jónsdóttir spoke of the fog")) == TextCheck(1, 1, ())


def test_no_break_spaces_agree_with_the_spaces_of_a_link(check) -> None:
    assert check(passage("on 5\u00a0May\u00a02031")).problems == ()


def test_offsets_count_code_points(check) -> None:
    assert check(passage("spoke of the fog")).problems == ()


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("The keepers agreed to mend the lamp", "The%20keepers,the%20lamp"),
        ("mend the lamp", "agreed%20to-,mend%20the%20lamp,-at%20Skerry"),
        ("mend the lamp at Skerry", "to-,mend,Skerry,-Point."),
        ("the fog", "the%20fog&text=other"),
    ],
)
def test_a_text_fragment_may_name_the_ends_and_what_stands_around(check, words: str, fragment: str) -> None:
    assert told(check(passage(words, fragment=fragment))) == ""


@pytest.mark.parametrize(
    ("words", "fragment", "message"),
    [
        ("mend the lamp", "repair,lamp", "begins with"),
        ("mend the lamp", "mend,lantern", "ends with"),
        ("mend the lamp", "mend%20the", "not just the words"),
        ("mend the lamp", "will-,mend,lamp", "prefix"),
        ("mend the lamp", "mend,lamp,-on", "suffix"),
    ],
)
def test_a_text_fragment_that_differs_is_told(check, words: str, fragment: str, message: str) -> None:
    found = check(passage(words, fragment=fragment))
    assert message in told(found)
    assert len(found.problems) == 1


def test_an_offset_that_is_shifted_is_told_with_the_words_that_stand_there(check) -> None:
    found = told(check(passage("mend the lamp", shift=1, digest=sha("mend the lamp"))))
    assert "another hash" in found
    assert "within a word" in found
    assert '"end the lamp"' in found


def test_the_line_of_the_passage_is_told(check) -> None:
    (problem,) = check(passage("mend the lamp", digest=sha("other"))).problems
    assert problem.path is not None
    assert (problem.path.name, problem.line) == ("d.ttl", 8)


def test_a_passage_that_ends_with_a_space_is_told(check) -> None:
    assert "within a word or with a space" in told(check(passage("mend the lamp ", fragment="mend%20the%20lamp")))


@pytest.mark.parametrize(
    ("position", "message"),
    [
        ("oa:start 5 ; oa:end 5", "not within the text"),
        ("oa:start 9 ; oa:end 5", "not within the text"),
        ("oa:start 0 ; oa:end 9999", "not within the text"),
        ("oa:start 0", "no clear position"),
        ("oa:start -1 ; oa:end 5", "no clear position"),
        ("oa:start 0 , 1 ; oa:end 5", "no clear position"),
    ],
)
def test_a_position_outside_the_text_is_told(check, position: str, message: str) -> None:
    assert message in told(check(f":p cmq:inDocument :d ; {position} ."))


def test_lengths_of_the_document_are_compared(check) -> None:
    found = told(check("", document=f"; cmq:characterLength 7 ; cmq:byteLength {len(TEXT.encode())}"))
    assert f"its text has {len(TEXT)} characters, not 7" in found


def test_a_text_of_no_document_is_told(check, tmp_path: Path) -> None:
    found = check("", text=b"one thing")
    other = tmp_path / "other.txt"
    other.write_text("another")
    assert found.problems == ()
    assert "text of no document" in told(check_texts(Store.of([]), texts=[other], files=[]))


def test_a_text_that_is_not_utf_8_is_told(check) -> None:
    assert "not UTF-8" in told(check("", text=b"\xff\xfe"))


def test_never_more_than_three_words_are_shown(check) -> None:
    quoted = list(told(check(passage(TEXT[:80], shift=1, digest=sha("x"), fragment="x"))).split('"')[1::2])
    assert quoted
    assert all(len(part.split()) <= 3 for part in quoted)


def test_a_document_within_a_document_need_have_no_position(check) -> None:
    assert check(":report cmq:inDocument :d .").problems == ()


def test_a_text_that_is_missing_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AccessError):
        check_texts(Store.of([]), texts=[tmp_path / "missing.txt"], files=[])


def test_a_project_without_texts_has_none_to_check() -> None:
    assert source_texts(Project.open(ROOT)) == ()


@pytest.mark.skipif(not SHARED.is_file(), reason="the source text is not beside the repository")
def test_all_58_passages_of_the_first_dataset_match_its_source() -> None:
    project = Project.open(ROOT)
    files = [file.path for file in project.files("data")]
    found = check_texts(Store.load(project), texts=[SHARED], files=files)
    assert (found.documents, found.passages, told(found)) == (1, 58, "")
