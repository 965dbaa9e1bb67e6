"""Chinese and English are complete: every word the code says has one natural translation, and no more."""

import gettext
from pathlib import Path

from qcchain import words

ROOT = Path(__file__).resolve().parents[2]


def a_house(tmp_path: Path, *, python: str = "", template: str = "", po: str = "") -> Path:
    for folder in ("parties", "templates", "locale/zh_Hans"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "parties" / "views.py").write_text(python, "utf-8")
    (tmp_path / "templates" / "page.html").write_text(template, "utf-8")
    (tmp_path / "locale" / "zh_Hans" / "parties.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + po, "utf-8"
    )
    return tmp_path


def test_every_word_of_ours_has_its_translation():
    assert words.check(ROOT) == []


def test_python_is_read_with_contexts_plurals_and_joined_strings():
    source = '_("a" "b")\npgettext_lazy("day", "Mon")\nt.ngettext("%(n)s lot", "%(n)s lots", n)\n_(variable)\n'

    found = [(each.context, each.singular, each.plural) for each in words.said_in_python(source, "x.py")]

    assert found == [(None, "ab", None), ("day", "Mon", None), (None, "%(n)s lot", "%(n)s lots")]


def test_a_template_is_read_as_the_engine_will_look_it_up():
    source = (
        '{% load i18n %}<p>it\'s "odd</p>\n   {% trans "Don\'t" %}{% trans "May" context "month" %}\n'
        "{% blocktrans trimmed count n=n %}\n  {{ n }} lot\n  here{% plural %}{{ n }} lots{% endblocktrans %}\n"
        '{% include "x" with y=_("Inline") %}'
    )

    found = [(each.context, each.singular, each.plural) for each in words.said_in_template(source, "x.html")]

    assert found == [(None, "Don't", None), ("month", "May", None), (None, "%(n)s lot here", "%(n)s lots"), (None, "Inline", None)]


def test_a_missing_translation_is_named_with_its_place(tmp_path):
    house = a_house(tmp_path, python='\n_("Sign")\n')

    assert words.check(house) == ["parties/views.py:2: no translation: 'Sign'"]


def test_each_fault_of_a_translation_is_found(tmp_path):
    po = (
        'msgid "Left"\nmsgstr ""\n\nmsgid "%(n)s lots"\nmsgstr "批"\n\nmsgid "Same"\nmsgstr "Same"\n\n#, fuzzy\nmsgid "Near"\nmsgstr "近"\n'
    )
    house = a_house(tmp_path, python='_("Left"); _("%(n)s lots"); _("Same"); _("Near")\n', po=po)

    assert words.check(house) == [
        "parties.po: not translated: 'Left'",
        "parties.po: placeholders differ: '%(n)s lots' -> '批'",
        "parties.po: no Chinese in the translation (mark it '# no-han' if meant): 'Same' -> 'Same'",
        "parties.po: fuzzy: 'Near'",
    ]


def test_a_translation_that_nothing_says_is_found_unless_it_overrides(tmp_path):
    house = a_house(tmp_path, po='msgid "Old"\nmsgstr "旧"\n\n# overrides: allauth\nmsgid "Theirs"\nmsgstr "其"\n')

    assert words.check(house) == ["parties.po: nothing says this: 'Old'"]


def test_two_translations_of_the_same_words_are_a_conflict(tmp_path):
    house = a_house(tmp_path, python='_("Open")\n', po='msgid "Open"\nmsgstr "打开"\n')
    (house / "locale" / "zh_Hans" / "audits.po").write_text('msgid "Open"\nmsgstr "未关闭"\n', "utf-8")

    assert words.check(house) == ["parties.po and audits.po: 'Open' is translated as ['打开'] and ['未关闭']; give one a context"]


def test_the_compiled_catalogue_answers_with_contexts_and_plurals(tmp_path):
    house = a_house(
        tmp_path, po='msgctxt "day"\nmsgid "Mon"\nmsgstr "周一"\n\nmsgid "%(n)s lot"\nmsgid_plural "%(n)s lots"\nmsgstr[0] "%(n)s 批"\n'
    )

    with words.compile_catalogue(house).open("rb") as file:
        catalogue = gettext.GNUTranslations(file)

    assert catalogue.pgettext("day", "Mon") == "周一"
    assert catalogue.ngettext("%(n)s lot", "%(n)s lots", 5) == "%(n)s 批"
