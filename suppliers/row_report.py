"""One row of a list for programs: as typed, as meant, and what is to be said of it. The API and the command give the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import override

from suppliers.import_words import issue_words, row_words
from suppliers.imports import Issue, Row

LANGUAGES = (("zh", "zh-hans"), ("en", "en"))


def row_report(row: Row, supplier: UUID | None = None) -> dict[str, Any]:
    """What became of a row; `supplier` is the line of the owner's list that it became."""
    return {
        "number": row.number, "outcome": row.outcome, "supplier": supplier, "cells": row.original, "values": dict(row.values),
        "normalised": list(row.normalised), "problems": [_problem(issue) for issue in row.issues if issue.level != "info"],
        "reason": row.reason, "duplicate_of": row.duplicate_of, "known": row.known, "differs": list(row.differs), "adds": list(row.adds),
        "message": _said(row) if row.reason or row.outcome == "duplicate" else None,
    }  # fmt: skip


def _problem(issue: Issue) -> dict[str, Any]:
    words = {}
    for key, language in LANGUAGES:
        with override(language):
            words[key] = issue_words(issue)
    return {
        "field": issue.field,
        "level": issue.level,
        "code": issue.code,
        "cell": issue.cell,
        "facts": dict(issue.facts),
        "message": words,
    }


def _said(row: Row) -> dict[str, str]:
    words = {}
    for key, language in LANGUAGES:
        with override(language):
            words[key] = row_words(row)
    return words
