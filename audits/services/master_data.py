"""What an audit found to be different from the supplier's page: proposed with its old and new value, decided by the supplier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audits.models import Audit, ProposedChange, Question
from audits.questions import Answer
from audits.services.sides import for_supplier, must_file, must_judge
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from notices.services import close_todo, put_todo
from suppliers.models import Site
from suppliers.services.firm_places import SiteSaid, edit_site

LONGEST = 200
MOST_PEOPLE = 999_999


@transaction.atomic
def propose_changes(*, actor: Actor, audit: Audit, answers: Mapping[str, Answer], now: datetime) -> list[ProposedChange]:
    """For each answer that says otherwise than the page of the visited site: one proposal, told to the supplier. Safe to repeat.

    For the moment a visit is handed over; before it the supplier does not see its answers. `answers` by the question's code.
    """
    must_judge(actor, audit.owner_org_id)
    asking = Question.objects.filter(version_id=audit.checklist_id).exclude(proposes="").order_by("order")
    with acting_as(Hat.CLOCK):
        site = Site.objects.filter(pk=audit.site_id, org_id=audit.supplier_org_id).first()
    rows = [] if site is None else [row for question in asking if (row := _proposal(actor, audit, site, question, answers, now))]
    ProposedChange.objects.bulk_create(rows, ignore_conflicts=True)
    found = list(ProposedChange.objects.visible_to(actor).filter(audit=audit).order_by("entry"))
    if any(each.state == ProposedChange.State.OPEN for each in found):
        put_todo(**for_supplier(audit.agreement), kind="master_data_proposed", subject_id=audit.pk, now=now)
    return found


def _proposal(
    actor: Actor, audit: Audit, site: Site, question: Question, answers: Mapping[str, Answer], now: datetime
) -> ProposedChange | None:
    answer = answers.get(question.code)
    if answer is None or answer.na or answer.value in (None, "") or isinstance(answer.value, Mapping):
        return None
    old, new = value_of(site, question.proposes), _tidy(question.proposes, str(answer.value))
    if new is None or new == old:
        return None
    return ProposedChange(
        audit=audit, owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, site_id=site.pk, question_code=question.code,
        entry=question.proposes, old=old[:LONGEST], new=new, proposed_by=actor.person_name, proposed_at=now,
    )  # fmt: skip


def value_of(site: Site, entry: str) -> str:
    """What the site's page says in this entry, as text."""
    value = getattr(site, entry.removeprefix("site."))
    return "" if value is None else str(value)


def _tidy(entry: str, said: str) -> str | None:
    """The value as the page would keep it; None for one that it cannot keep."""
    if entry != "site.headcount":
        return said.strip()[:LONGEST] or None
    whole = said.split(".", maxsplit=1)[0]
    return str(int(whole)) if whole.isascii() and whole.isdecimal() and int(whole) <= MOST_PEOPLE else None


@transaction.atomic
def decide_change(*, actor: Actor, audit_id: UUID, entry: str, take: bool, now: datetime) -> ProposedChange:
    """The supplier takes the new value over into its page, or leaves it as it was. The same decision again changes nothing.

    Raises RuleBroken("change_is_decided") where it was decided the other way.
    """
    actor.must_wear(Hat.SUPPLIER)
    rows = ProposedChange.objects.visible_to(actor).filter(audit_id=audit_id)
    row = rows.filter(entry=entry).select_for_update(no_key=True).first()
    if row is None:
        raise Absent
    must_file(actor, row.supplier_org_id)
    wanted = ProposedChange.State.TAKEN_OVER if take else ProposedChange.State.LEFT
    if row.state != ProposedChange.State.OPEN:
        if row.state != wanted:
            raise RuleBroken("change_is_decided")
        return row
    if take:
        _take_over(actor, row)
    row.state, row.decided_by, row.decided_at = wanted, actor.person_name, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    if not rows.filter(state=ProposedChange.State.OPEN).exists():
        close_todo(kind="master_data_proposed", subject_id=audit_id, now=now)
    return row


def _take_over(actor: Actor, row: ProposedChange) -> None:
    site = Site.objects.visible_to(actor).filter(pk=row.site_id).first()
    if site is None:
        raise Absent
    said = SiteSaid(site.name_zh, site.address, site.town_code or site.region_code, site.node_codes, site.headcount, site.floor_notes)
    entry = row.entry.removeprefix("site.")
    edit_site(actor=actor, site=site, said=_with(said, entry, int(row.new) if entry == "headcount" else row.new))


def _with(said: SiteSaid, entry: str, value: str | int) -> SiteSaid:
    return replace(said, **{entry: value})  # type: ignore[arg-type]  # the entries are columns of the site; checklist_body names them
