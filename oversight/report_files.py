"""The files of a report: PDF, Excel, Word, all of the same frozen figures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from jobs.exports import xlsx_book
from jobs.papers import pdf_of
from oversight.models import Report
from oversight.papers_campaigns import as_of_words
from oversight.report_periods import Period
from oversight.wordfile import heading, paragraph, table, word_bytes
from oversight.words_campaigns import LANGUAGES
from suppliers.words import in_language, quarter_words


def period_words(code: str) -> str:
    """The period as a heading says it."""
    period = Period.named(code)
    if period is None:
        return code
    if period.months == 1:
        return _("%(month)s/%(year)s") % {"year": period.first.year, "month": period.first.month}
    return quarter_words(period.first)


def title_of(report: Report) -> str:
    """Its title in the language in which it was made, whoever reads it."""
    with override(report.language):
        return _("Quality report %(period)s") % {"period": period_words(report.period)}


def notes_of(report: Report) -> list[str]:
    """The footnotes that page and files carry, in the report's language: the moment of the figures, their hash, how small numbers are kept."""
    with override(report.language):
        return [
            as_of_words(report.as_of),
            _("These figures do not change any more. Their SHA-256: %(sha)s") % {"sha": report.sha256},
            _("No firm is named; cells of fewer than five firms are merged or left out."),
        ]


def language_words(report: Report) -> str:
    """The language in which it was made, as its reader calls it."""
    return str(LANGUAGES.get(report.language, report.language))


def file_name(report: Report) -> str:
    """What a file of it is called: period, language, the first of its hash."""
    return f"report-{report.period}-{report.language[:2]}-{report.sha256[:8]}"


def files_of_report(report: Report) -> dict[str, bytes]:
    """extension -> bytes, in the report's language."""
    with override(report.language):
        return _files(report)


def _files(report: Report) -> dict[str, bytes]:
    title, notes = title_of(report), notes_of(report)
    parts: list[dict[str, Any]] = report.parts
    context: dict[str, Any] = {
        "title": title, "ref": f"{report.sha256[:12]}", "words": report.words, "parts": parts, "notes": notes,
        "office": in_language(report.org_name_zh, report.org_name_en),
    }  # fmt: skip
    sheets = [(part["title"], part["heads"], [*part["rows"], *([note] for note in part["notes"])]) for part in parts]
    about = (_("About"), [title], [[line] for line in (*report.words.splitlines(), *notes)])
    pieces = [heading(title), paragraph(context["office"]), paragraph(report.words)]
    for part in parts:
        pieces += [heading(part["title"], 2), table(part["heads"], part["rows"]), *(paragraph(note) for note in part["notes"])]
    pieces += [heading(_("Notes"), 2), *(paragraph(note) for note in notes)]
    return {"pdf": pdf_of("oversight/paper_list.html", context), "xlsx": xlsx_book([about, *sheets]), "docx": word_bytes(pieces)}
