"""What the clock does on the balcony: duty cases run out, and the morning is told at 8:30."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.actor import CLOCK, Actor, Hat, acting_as, as_actor
from foundation.wake import each
from jobs.services import once
from notices.services import tell
from oversight.selectors.morning import morning
from oversight.services.duty import cases_run_out, run_out
from parties.models import Organisation, OrgRole
from parties.selectors import working_calendar

DIGEST = "oversight.digest"
AT = time(8, 30)


def tick(now: datetime) -> int:
    """Close what has run out; tell the morning once a working day. Safe twice, and in two workers at once."""
    with acting_as(Hat.CLOCK):
        closed = each(cases_run_out(now), lambda case: run_out(case=case, now=now))
    return closed + tell_mornings(now)


def tell_mornings(now: datetime) -> int:
    """The five numbers to each office from 8:30 on; nothing on a day off."""
    here = timezone.localtime(now)
    with acting_as(Hat.CLOCK):
        if here.time() < AT or not working_calendar().is_working(here.date()):
            return 0
        ids = list(OrgRole.objects.filter(hat=Hat.BUREAU).order_by("org_id").values_list("org_id", flat=True))
        offices = list(Organisation.objects.filter(pk__in=ids))
    return each(offices, partial(_tell, now=now))


@transaction.atomic
def _tell(office: Organisation, *, now: datetime) -> None:
    today = timezone.localdate(now)
    actor: Actor = replace(CLOCK, hat=Hat.BUREAU, org_id=office.pk, org_name_zh=office.name_zh, org_name_en=office.name_en)
    with acting_as(Hat.CLOCK):
        if not once(DIGEST, f"{office.pk}:{today}", now=now):
            return
    with as_actor(actor):
        said = morning(actor, now=now, today=today)
    facts = {}
    for key, language in (("other_zh", "zh-hans"), ("other_en", "en")):
        with override(language):
            facts[key] = _("%(overdue)s overdue duties, %(owner)s on the chain owner's side; %(findings)s open findings") % {
                "overdue": said.overdue, "owner": said.overdue_owner, "findings": said.findings_open,
            }  # fmt: skip
    tell(org_id=office.pk, hat=Hat.BUREAU, kind="bureau_digest", subject_id=office.pk, facts=facts, now=now)
