"""From which day the duties of a clause are counted: that of the first of the texts, one after the other, in which it stands alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from agreements.lineage import Lines
from agreements.models import AgreementVersion, Clause


def lines_of(agreement_ids: Iterable[UUID]) -> Lines:
    """The clauses of every text that was in force, of those agreements that had more than one. Clock only; one query."""
    others = AgreementVersion.objects.filter(agreement=OuterRef("version__agreement"), in_force=True).exclude(pk=OuterRef("version"))
    rows = Clause.objects.filter(Exists(others), version__agreement__in=list(agreement_ids), version__in_force=True)
    texts: dict[UUID, dict[UUID, tuple[date, list[Clause]]]] = defaultdict(dict)
    for clause in rows.select_related("version").order_by("version__agreement_id", "version__number", "order"):
        version = clause.version
        texts[version.agreement_id].setdefault(version.pk, (version.effective_from, []))[1].append(clause)
    lines = Lines()
    for versions in texts.values():
        lines.add(list(versions.values()))
    return lines
