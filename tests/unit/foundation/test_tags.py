"""The small words of every page: deadlines, moments, fingerprints, queries, marks of language."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from foundation.templatetags import qc

# 22 Nov 2026 23:30 in Shanghai; in UTC the day is the same, half an hour later it is not.
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        (date(2026, 11, 20), "2 days late", "late"),
        (date(2026, 11, 21), "1 day late", "late"),
        (date(2026, 11, 22), "today", "soon"),
        (date(2026, 11, 23), "tomorrow", "soon"),
        (date(2026, 11, 25), "in 3 days", "soon"),
        (date(2026, 11, 26), "in 4 days", ""),
        (NOW - timedelta(minutes=1), "late today", "late"),
        (NOW + timedelta(minutes=29), "today", "soon"),
        (NOW + timedelta(minutes=30), "tomorrow", "soon"),
    ],
)
def test_a_deadline_is_said_in_days_of_shanghai(due, words, tone):
    said = qc.due_words(due, now=NOW)

    assert (said.words, said.tone) == (words, tone)


def test_a_deadline_has_its_day_under_it():
    assert qc.due_words(date(2026, 11, 25), now=NOW).day == "Wed 25 Nov"


def test_a_day_of_another_year_says_its_year():
    assert qc.day_words(date(2027, 1, 30), now=NOW) == "Sat 30 Jan 2027"


def test_a_met_obligation_is_never_late():
    said = qc.due_words(date(2026, 11, 1), now=NOW, met=date(2026, 11, 19))

    assert said == qc.Due(words="done", day="Thu 19 Nov", tone="")


def test_a_moment_is_said_in_shanghai():
    assert qc.moment_words(datetime(2026, 11, 22, 16, 2, tzinfo=UTC), now=NOW) == "23 Nov 00:02"
    assert qc.clock(datetime(2026, 11, 22, 16, 2, tzinfo=UTC)) == "00:02"


def test_a_state_nobody_drew_is_an_error():
    chips = {"signed": ("good", "check", "In force")}

    assert qc.chip_for("signed", chips) == qc.Chip(tone="good", icon="check", label="In force")
    with pytest.raises(KeyError):
        qc.chip_for("ended", chips)


def test_a_fingerprint_is_cut_into_fours():
    assert qc.hash_groups("7C1F0b9e42d") == ["7c1f", "0b9e", "42d"]
    assert qc.short_hash(bytes.fromhex("7c1f0b9e42d6")) == "7c1f 0b9e"
    assert qc.short_hash(None) == ""


def test_a_query_changes_one_thing_and_keeps_the_rest():
    query = QueryDict("region=haishu&region=yinzhou&page=2")

    assert qc.changed_query(query, {"page": None}) == "?region=haishu&region=yinzhou"
    assert qc.changed_query(query, {"region": "cixi"}) == "?region=cixi&page=2"
    assert qc.changed_query(query, {"region": ["a", "b"], "page": ""}) == "?region=a&region=b"
    assert query.urlencode() == "region=haishu&region=yinzhou&page=2"


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("Lot 7", [("Lot 7", False)]),
        ("云杼纺织（示例）", [("云杼纺织（示例）", True)]),
        ("Lot 7 of 云杼, today", [("Lot 7 of ", False), ("云杼", True), (", today", False)]),
        ("full-width ， alone", [("full-width ， alone", False)]),
    ],
)
def test_a_text_is_cut_into_runs_of_one_language_without_loss(text, runs):
    cut = qc.in_runs(text)

    assert "".join(run for run, _ in cut) == text
    if text == "full-width ， alone":
        assert not any(chinese for _, chinese in cut)
    else:
        assert cut == runs


def test_chinese_is_marked_on_an_english_page_only_and_stays_escaped():
    assert qc.in_its_language("<b>云杼</b>") == '&lt;b&gt;<span lang="zh-Hans">云杼</span>&lt;/b&gt;'
    assert qc.in_its_language(None) == ""
    with translation.override("zh-hans"):
        assert qc.in_its_language("<b>云杼</b>") == "&lt;b&gt;云杼&lt;/b&gt;"


def test_numbers_carry_the_true_minus():
    assert qc.minus("-3.3") == "\u22123.3"
    assert qc.minus(None) == "—"


def test_stitches_count_what_is_done():
    assert qc.stitches(2, 4) == ["on", "on", "now", ""]
    assert qc.stitches(4, 4) == ["on"] * 4


def test_a_hat_is_firm_and_role():
    assert qc.hat_label("Yunzhu", "Owner") == "Yunzhu · Owner"
    assert qc.hat_label("Yunzhu", "") == "Yunzhu"


def test_a_missing_deadline_is_a_dash():
    page = Template("{% load qc %}{% due obligation.due obligation.met %}{% when nothing %}").render(Context({}))

    assert page == '<span class="due faint">—</span>—'


def test_the_tag_takes_the_moment_of_the_page():
    page = Template("{% load qc %}{% due day %}").render(Context({"day": date(2026, 11, 21), "now": NOW}))

    assert page == '<span class="due late">1 day late<small>Sat 21 Nov</small></span>'


def test_text_of_a_chip_is_escaped():
    page = Template("{% load qc %}{% chip 'a' chips %}").render(Context({"chips": {"a": ("bad", "alert", "<i>")}}))

    assert "&lt;i&gt;" in page
    assert "<i>" not in page
