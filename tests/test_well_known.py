"""Languages and licences have names, though data name them by IRIs of others."""

from pathlib import Path

import pytest

from communique.descriptions.well_known import language_known, licence_known
from html_pages import Page
from made_projects import html, make_site


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://id.loc.gov/vocabulary/iso639-1/en", "English"),
        ("http://id.loc.gov/vocabulary/iso639-2/rus", "Russian"),
        ("http://publications.europa.eu/resource/authority/language/ZHO", "Chinese"),
        ("http://lexvo.org/id/iso639-3/hin", "Hindi"),
        ("http://id.loc.gov/vocabulary/iso639-1/xx", None),
        ("https://example.org/en", None),
    ],
)
def test_a_language_has_its_name(iri: str, name: str | None) -> None:
    assert language_known(iri, reader="en") == name


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/de/", "CC BY-NC-SA 3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", "CC BY 4.0"),
        ("http://publications.europa.eu/resource/authority/licence/CC_BYSA_4_0", "CC BY-SA 4.0"),
        ("https://example.org/licenses/by/4.0/", None),
    ],
)
def test_a_licence_has_its_short_name(iri: str, name: str | None) -> None:
    assert licence_known(iri) == name


def page(tmp_path: Path, facts: str) -> Page:
    return html(make_site(tmp_path, f':one rdfs:label "One"@en ; {facts} .'), "one")


def test_a_page_shows_the_name_and_leads_to_the_address(tmp_path: Path) -> None:
    found = page(tmp_path, "dcterms:language <http://id.loc.gov/vocabulary/iso639-1/kk>")
    assert "Kazakh" in found.text and "http://id.loc.gov/vocabulary/iso639-1/kk" in found.links


def test_what_the_data_call_it_is_preferred(tmp_path: Path) -> None:
    licence = "<https://creativecommons.org/licenses/by/4.0/>"
    assert "Attribution" in page(tmp_path, f'dcterms:license {licence} . {licence} rdfs:label "Attribution"@en').text


def test_what_two_properties_of_one_name_say_alike_is_told_once(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        ':version "7" ; :release "7" . :version rdfs:label "Version"@en . :release rdfs:label "Version"@en',
    )
    assert found.text.count("Version") == 1


def test_what_they_say_differently_is_told_twice(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        ':version "7" ; :release "8" . :version rdfs:label "Version"@en . :release rdfs:label "Version"@en',
    )
    assert found.text.count("Version") == 2


def test_classes_of_one_name_are_told_apart(tmp_path: Path) -> None:
    site = make_site(tmp_path, ":one a dcat:Catalog, schema:Catalog . :two a dcat:Dataset, void:Dataset .")
    paths = {each.path for each in site.classes.values()}
    assert {"classes/dcat-dataset", "classes/void-dataset"} <= paths
    text = html(site, "two").text
    assert "(dcat:Dataset)" in text and "(void:Dataset)" in text
    kicker = html(site, "two").all("p", class_="kicker")[0].text
    assert "(" not in kicker  # beside the title one of them is enough, by its name alone
