"""Words in templates."""

from gettext import NullTranslations
from pathlib import Path

import pytest

from communique.interface import Interface
from communique.website.theme import environment
from made_projects import make_project


class Loud(NullTranslations):
    """A catalogue in which everything is shouted, markup and placeholders included."""

    def gettext(self, message: str) -> str:
        return f"{message}!"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return f"{singular if number == 1 else plural}!"

    def pgettext(self, context: str, message: str) -> str:
        return f"{message} ({context})!"


def rendered(folder: Path, template: str, **values: object) -> str:
    project = make_project(folder, site__templates__x_html=template)
    return environment(project, words=Interface("xx", Loud())).get_template("x.html").render(values)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{{ _("a < b") }}', "a &lt; b!"),
        ('{{ _("%(x)s & co", x=value) }}', "&lt;b&gt; &amp; co!"),
        ('{{ _("%(x)s & co", x=value | safe) }}', "<b> &amp; co!"),
        ('{{ "yes" if not value else _("no") }}', "no!"),
        ('{{ _("no") | upper }}', "NO!"),
        ('{{ pgettext("month", "May") }}', "May (month)!"),
        ('{{ ngettext("%(num)s thing", "%(num)s things", number) }}', "3 things!"),
        ('{{ ngettext("%(num)s thing, %(x)s", "%(num)s things, %(x)s", 1, x=value) }}', "1 thing, &lt;b&gt;!"),
        ("{% trans %}<b>100 %</b>{% endtrans %}", "<b>100 %</b>!"),
        ("{% trans %}<i>{{ value }}</i>{% endtrans %}", "<i>&lt;b&gt;</i>!"),
        ("{% trans x=value | safe %}<i>{{ x }}</i>{% endtrans %}", "<i><b></i>!"),
        ("{% trans number %}<i>one</i>{% pluralize %}<i>{{ number }}</i>{% endtrans %}", "<i>3</i>!"),
    ],
)
def test_words_are_text_and_blocks_are_markup(tmp_path: Path, template: str, expected: str) -> None:
    assert rendered(tmp_path, template, value="<b>", number=3) == expected


def test_words_without_values_are_looked_up_once(tmp_path: Path) -> None:
    calls = []

    class Counting(NullTranslations):
        def gettext(self, message: str) -> str:
            calls.append(message)
            return message

    project = make_project(tmp_path, site__templates__x_html='{% for _n in range(9) %}{{ _("word") }}{% endfor %}')
    template = environment(project, words=Interface("xx", Counting())).get_template("x.html")
    assert (template.render(), calls) == ("word" * 9, ["word"])
