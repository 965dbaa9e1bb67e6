"""Questions about scores and about the methods that make them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from foundation.actor import Actor
from foundation.errors import Absent
from onestop.models import NodeMiddle
from parties.models import Organisation
from records.models import Score, ScoreMethod, ScoreTrial

HISTORY = 24
METHODS = 50


def score_of(actor: Actor, org_id: UUID) -> Score | None:
    """The computation that holds for a firm, with its method, if there is one."""
    return Score.objects.visible_to(actor).select_related("method").filter(subject_org_id=org_id).order_by("-number").first()


def scores_of(actor: Actor, org_id: UUID, *, most: int = HISTORY) -> list[Score]:
    """The newest computations of a firm, the one that holds first."""
    return list(Score.objects.visible_to(actor).select_related("method").filter(subject_org_id=org_id).order_by("-number")[:most])


def latest_scores(actor: Actor, org_ids: Iterable[UUID]) -> dict[UUID, Score]:
    """firm -> the computation that holds."""
    rows = Score.objects.visible_to(actor).filter(subject_org_id__in=list(org_ids)).order_by("subject_org_id", "-number")
    return {row.subject_org_id: row for row in rows.distinct("subject_org_id")}


def method_in_force(actor: Actor) -> ScoreMethod:
    """The method by which tonight's scores are made."""
    return ScoreMethod.objects.visible_to(actor).get(state=ScoreMethod.State.IN_FORCE)


def methods(actor: Actor) -> list[ScoreMethod]:
    """The versions, newest first."""
    return list(ScoreMethod.objects.visible_to(actor).order_by("-number")[:METHODS])


def method_for(actor: Actor, method_id: UUID) -> ScoreMethod:
    """One version, or Absent."""
    found = ScoreMethod.objects.visible_to(actor).filter(pk=method_id).first()
    if found is None:
        raise Absent
    return found


def trial_of(actor: Actor, method: ScoreMethod) -> ScoreTrial | None:
    """What the method's newest dry run said."""
    return ScoreTrial.objects.visible_to(actor).filter(method=method).order_by("-at").first()


def middles_of(actor: Actor, node_code: str, *, today: date) -> dict[str, dict[str, Any]]:
    """part -> the middle of a node as it was last said; nothing for a node with fewer than five firms."""
    rows: Any = NodeMiddle.objects.visible_to(actor).filter(node_code=node_code, month__lte=today)
    newest = rows.order_by("-month").values_list("month", flat=True).first()
    if newest is None:
        return {}
    said = rows.filter(month=newest).values("part", "firms_from", "middle", "low", "high")
    return {row.pop("part"): row for row in said}


def newest_middles(actor: Actor, *, today: date) -> tuple[date | None, dict[str, dict[str, dict[str, Any]]]]:
    """The newest month that was said, and step -> part -> its middle."""
    rows: Any = NodeMiddle.objects.visible_to(actor).filter(month__lte=today)
    newest = rows.order_by("-month").values_list("month", flat=True).first()
    said: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows.filter(month=newest).values("node_code", "part", "firms_from", "middle", "low", "high") if newest else ():
        said.setdefault(row["node_code"], {})[row["part"]] = row
    return newest, said


def firms_named(actor: Actor, org_ids: Iterable[UUID]) -> dict[UUID, str]:
    """firm -> its name in the language in force, for the office that keeps the registry."""
    chinese = (get_language() or "").startswith("zh")
    rows = Organisation.objects.visible_to(actor).filter(pk__in=list(org_ids))
    return {row.pk: (row.name_zh or row.name_en) if chinese else (row.name_en or row.name_zh) for row in rows}
