"""A firm in a project: it consents to before and after of its own measurements, names the day it changed, and may take it all back."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import CharacteristicResult
from notices.services import tell
from oversight.models import ProjectFirm, ProjectReading, ResearchProject
from oversight.selectors.projects import firms_joined
from oversight.words_problems import CONSENT_VERSION
from parties.roles import MAY_WRITE

OPEN_TO_FIRMS = ("approved", "running")
FOLLOWED = ("approved", "running", "review")
BEFORE, AFTER = timedelta(days=365), timedelta(days=730)
MOST_LOTS = 400  # of one firm; the latest


@transaction.atomic
def join_project(*, actor: Actor, project: ResearchProject, consents: bool, changed_on: date | None, now: datetime) -> ProjectFirm:
    """Take part: from now on the project's institutes see this firm's readings under a label. Joined twice is joined once.

    Raises RuleBroken("consent_needed"), ("project_not_open_to_firms"), ("project_firms_full"), ("change_day_odd").
    """
    actor.must_wear(Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    mine: ProjectFirm | None = ProjectFirm.objects.visible_to(actor).filter(project=project).first()
    if mine is not None and mine.revoked_at is None:
        return mine
    if not consents:
        raise RuleBroken("consent_needed", field="consents")
    if project.state not in OPEN_TO_FIRMS:
        raise RuleBroken("project_not_open_to_firms")
    if firms_joined(project) >= project.target_firms:
        raise RuleBroken("project_firms_full")
    _check_day(changed_on, now)
    if mine is None:
        mine = _place_for(actor, project, now)
    mine.revoked_at, mine.consented_at, mine.consented_by = None, now, actor.person_name
    mine.consent_version, mine.changed_on = CONSENT_VERSION, changed_on
    mine.save(update_fields=["revoked_at", "consented_at", "consented_by", "consent_version", "changed_on"])
    follow(mine, project)
    facts = {"other_zh": project.lead_name_zh, "other_en": project.lead_name_en, "number": project.code}
    tell(org_id=actor.org_id, hat=Hat.SUPPLIER, kind="project_joined", subject_id=project.pk, facts=facts, now=now)
    return mine


def _check_day(day: date | None, now: datetime) -> None:
    today = timezone.localdate(now)
    if day is not None and not today - AFTER <= day <= today:
        raise RuleBroken("change_day_odd", field="changed_on")


def _place_for(actor: Actor, project: ResearchProject, now: datetime) -> ProjectFirm:
    """A label that says nothing: neither the order of joining nor the firm. By chance, so that nobody can count along."""
    for _try in range(20):
        row = ProjectFirm(
            project=project, firm_org_id=actor.org_id, series_id=uuid4(), label=f"F{secrets.randbelow(900) + 100}", consent_version=CONSENT_VERSION,
            consented_by=actor.person_name, consented_at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            known: ProjectFirm | None = ProjectFirm.objects.visible_to(actor).filter(project=project).first()
            if known is not None:  # the same form, sent twice at once
                return known
            continue  # the label is another firm's
        return row
    raise RuleBroken("project_firms_full")


@transaction.atomic
def say_change_day(*, actor: Actor, project: ResearchProject, changed_on: date | None, now: datetime) -> ProjectFirm:
    """From which day on the firm works the new way; what lies before it is "before"."""
    mine = _mine(actor, project)
    _check_day(changed_on, now)
    mine.changed_on = changed_on
    mine.save(update_fields=["changed_on"])
    follow(mine, project)
    return mine


@transaction.atomic
def revoke_consent(*, actor: Actor, project: ResearchProject, now: datetime) -> ProjectFirm:
    """Take the consent back: the readings are gone at once, from pages, files and figures made from now on. What was published stays."""
    mine = _mine(actor, project)
    mine.revoked_at = now
    mine.save(update_fields=["revoked_at"])
    _alone(mine)
    with acting_as(Hat.CLOCK):
        ProjectReading.objects.filter(series_id=mine.series_id).delete()
    return mine


def _alone(mine: ProjectFirm) -> None:
    """One at a time for a firm's readings: the clock must not write them again while the consent is taken back."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"project series {mine.series_id}"])


def _mine(actor: Actor, project: ResearchProject) -> ProjectFirm:
    actor.must_wear(Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    mine: ProjectFirm | None = ProjectFirm.objects.visible_to(actor).select_for_update().filter(project=project, revoked_at=None).first()
    if mine is None:
        raise RuleBroken("project_not_joined")
    return mine


@transaction.atomic
def follow(mine: ProjectFirm, project: ResearchProject) -> int:
    """Write a consenting firm's readings anew, the latest lots of the one method edition; how many there are. Safe to repeat."""
    _alone(mine)
    with acting_as(Hat.CLOCK):
        mine = ProjectFirm.objects.get(pk=mine.pk)  # as it stands now that nobody else writes
        ProjectReading.objects.filter(series_id=mine.series_id).delete()
        if mine.revoked_at is not None or mine.changed_on is None:
            return 0
        rows = CharacteristicResult.objects.filter(
            supplier_org_id=mine.firm_org_id, characteristic_code=project.characteristic_code, replaced_by=None, source_id=None, width=1,
            made_on__gte=mine.changed_on - BEFORE, made_on__lte=mine.changed_on + AFTER,
        )  # fmt: skip
        if project.edition_code:
            rows = rows.filter(edition_code=project.edition_code)
        found = rows.order_by("-made_on", "-id").values_list("made_on", "readings", "decimals", "qualifiers")[:MOST_LOTS]
        made = [_reading(mine, project.pk, *row) for row in found]
        kept = [row for row in made if row is not None]
        ProjectReading.objects.bulk_create(kept)
        return len(kept)


def _reading(
    mine: ProjectFirm, project_id: UUID, made_on: date, readings: list[int | None], decimals: int, qualifiers: Any
) -> ProjectReading | None:
    # A censored reading is no number: "<20" says neither 20 nor 0.
    taken = [value for at, value in enumerate(readings) if value is not None and (not qualifiers or qualifiers[at] == "=")]
    if not taken or mine.changed_on is None:
        return None
    return ProjectReading(
        project_id=project_id,
        series_id=mine.series_id,
        label=mine.label,
        day=(made_on - mine.changed_on).days,
        readings=taken,
        decimals=decimals,
    )


def follow_all(now: datetime) -> int:
    """What the clock does once a day: the readings of every firm in a project that goes on."""
    with acting_as(Hat.CLOCK):
        rows = list(
            ProjectFirm.objects.select_related("project").filter(revoked_at=None, changed_on__isnull=False, project__state__in=FOLLOWED)
        )
    return sum(follow(row, row.project) for row in rows)
