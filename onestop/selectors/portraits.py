"""Questions about portraits: what one says today, which were shared, who opened them, and the rows behind each part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import timezone

from agreements.models import Obligation
from agreements.schedule import add_months
from audits.models import Audit, Finding
from foundation.actor import Actor
from foundation.errors import Absent
from inspections.models import CharacteristicResult, Signal
from onestop.models import Portrait, PortraitLook, SeriesIndex
from onestop.models.indices import KEY
from onestop.scoring import WHOLE, compute, whole_percents
from onestop.selectors.facts import AUDITS_MONTHS, FINDINGS_MONTHS, OF_THE_COURSE, RESULTS_MONTHS
from onestop.selectors.scores import middles_of
from parties.selectors import own_organisation
from records.models import Score
from suppliers.models import Instrument, Paper, SupplyLink

ROWS = 5  # of what pulls a part down
SHARED, LOOKS = 25, 50


def drawn(actor: Actor, score: Score, *, now: datetime) -> dict[str, Any]:
    """The firm's portrait as JSON: all that a reader of it sees, and nothing that names or counts a chain owner."""
    firm = own_organisation(actor)
    node = firm.node_codes[0] if firm.node_codes else ""
    outcome = compute(score.method.body, score.inputs)
    today = timezone.localdate(now)
    return {
        "name_zh": firm.name_zh, "name_en": firm.name_en, "size": firm.size, "node": node, "region": firm.region_id or "",
        "verified": firm.state == "verified", "as_of": score.as_of.isoformat(), "number": score.number, "method": score.method.number,
        "value": outcome.value_hundredths, "band": outcome.band, "capped": outcome.capped, "parts": outcome.parts,
        "inputs": {name: counts for name, counts in score.inputs.items() if isinstance(counts, dict)},
        "middle": middles_of(actor, node, today=today) if node else {}, "certificates": _certificates(actor, today),
    }  # fmt: skip


def for_a_customer(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same for one of its chain owners: bands and whole percents. The numbers behind them count its other customers too."""
    parts = {name: whole_percents(value) for name, value in body["parts"].items()}
    return {**body, "value": whole_percents(body["value"]), "parts": parts, "inputs": {}}


def customers(actor: Actor) -> list[SupplyLink]:
    """The chain owners whom a firm supplies."""
    rows = SupplyLink.objects.visible_to(actor).filter(state=SupplyLink.State.JOINED)
    return list(rows.order_by("owner_name_zh", "id"))


def portraits_shown_to(actor: Actor, *, now: datetime, after: tuple[datetime, UUID] | None = None, limit: int = SHARED) -> list[Portrait]:
    """What suppliers show to this chain owner today, newest first; one row more than asked for where there are more."""
    rows = _shown(actor, now)
    if after:
        rows = rows.filter(shared_at__lte=after[0]).filter(Q(shared_at__lt=after[0]) | Q(shared_at=after[0], pk__lt=after[1]))
    return list(rows.order_by("-shared_at", "-id")[: limit + 1])


def portrait_shown_to(actor: Actor, portrait_id: UUID, *, now: datetime) -> Portrait | None:
    """One of them."""
    found: Portrait | None = _shown(actor, now).filter(pk=portrait_id).first()
    return found


def _shown(actor: Actor, now: datetime) -> Any:
    return Portrait.objects.visible_to(actor).filter(revoked_at=None, expires_at__gt=now).only(*_SHOWN)


_SHOWN = ("id", "body", "shared_at", "expires_at", "revoked_at", "is_demo")


def _certificates(actor: Actor, today: date) -> list[dict[str, Any]]:
    rows = Paper.objects.visible_to(actor).filter(kind="certificate", retired_at=None, replaced_by=None, expires_on__gte=today)
    found = rows.exclude(state="rejected").order_by("standard", "-expires_on")[:20]
    return [{"standard": row.standard, "expires_on": f"{row.expires_on}", "verified": row.state == "verified"} for row in found]


def portraits_shared(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = SHARED) -> list[Any]:
    """Links that the firm made, newest first, each with how often it was opened; one row more than asked for where there are more."""
    rows = Portrait.objects.visible_to(actor)
    if after:
        rows = rows.filter(shared_at__lte=after[0]).filter(Q(shared_at__lt=after[0]) | Q(shared_at=after[0], pk__lt=after[1]))
    return list(rows.annotate(opened=Count("looks"), last_at=Max("looks__at")).order_by("-shared_at", "-id")[: limit + 1])


def portrait_for(actor: Actor, portrait_id: UUID) -> Portrait:
    """One link of the firm, or Absent."""
    found = Portrait.objects.visible_to(actor).filter(pk=portrait_id).first()
    if found is None:
        raise Absent
    return found


def looks_at(actor: Actor, portrait: Portrait, *, most: int = LOOKS) -> list[PortraitLook]:
    """Who opened it, newest first."""
    return list(PortraitLook.objects.visible_to(actor).filter(portrait=portrait).order_by("-at", "-id")[:most])


def rows_behind(actor: Actor, *, today: date) -> dict[str, list[Any]]:
    """part -> the rows that pull it down, the newest few: one question each, under the firm's own eyes."""
    year = add_months(today, -12)
    duties = Obligation.objects.visible_to(actor).filter(side="supplier", due_on__gte=year, void_at=None, waived_at=None, paused_on=None)
    late = duties.filter(Q(met_on=None, grace_until__lt=today) | Q(met_on__gt=F("due_on")))
    results = CharacteristicResult.objects.visible_to(actor).filter(
        replaced_by=None, verdict="out", made_on__gte=add_months(today, -RESULTS_MONTHS)
    )
    indexed = SeriesIndex.objects.visible_to(actor).filter(value_hundredths__isnull=False)
    of_it = {name: OuterRef(f"series__{name}") for name in KEY}
    signals = Signal.objects.visible_to(actor).filter(state="open", withdrawn_at=None, kind__in=OF_THE_COURSE, series__missing=0)
    signals = signals.exclude(Exists(indexed.filter(**of_it)))
    audits = Audit.objects.visible_to(actor).filter(
        kind="second_party", state__in=["reviewed", "closed"], visit_on__gte=add_months(today, -AUDITS_MONTHS), visit_on__lte=today
    )
    findings = Finding.objects.visible_to(actor).exclude(grade="ofi").exclude(state__in=["draft", "contested", "withdrawn", "noted"])
    asked = findings.filter(due_on__gte=add_months(today, -FINDINGS_MONTHS), due_on__lt=today)
    missed = asked.filter(Q(answered_at=None, closed_at=None) | Q(state="reopened") | Q(answered_at__date__gt=F("due_on")))
    papers = Paper.objects.visible_to(actor).filter(expires_on__lt=today, retired_at=None, replaced_by=None).exclude(state="rejected")
    instruments = Instrument.objects.visible_to(actor).filter(calibration_due_on__lt=today, retired_at=None)
    return {
        "compliance": list(late.select_related("agreement").order_by("-due_on")[:ROWS]),
        "conformity": list(results.select_related("lot").order_by("-made_on", "-id")[:ROWS]),
        "steadiness": [
            *signals.select_related("lot", "series").order_by("-rank", "-id")[:ROWS],
            *indexed.filter(value_hundredths__lt=WHOLE).order_by("value_hundredths", "id")[:ROWS],
        ],
        "audits": list(audits.select_related("checklist").order_by("-visit_on", "-id")[:ROWS]),
        "correcting": list(missed.order_by("-due_on")[:ROWS]),
        "freshness": [*papers.order_by("-expires_on")[:ROWS], *instruments.order_by("-calibration_due_on")[:ROWS]],
    }
