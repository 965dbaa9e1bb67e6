"""From a template to a text that both sides hold in the same form: draft, change, send, return."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils import timezone

from agreements.models import Agreement, AgreementTemplate, AgreementVersion, Clause
from agreements.selectors import clauses_of, current_version, signatures_of, template_for
from agreements.selectors.negotiation import clauses_with_accepted
from agreements.services.amending import check_first_day, check_reach
from agreements.services.checking import check_clause as check_clause
from agreements.services.checking import check_text, open_draft
from agreements.services.clause_edits import change_clause as change_clause
from agreements.services.clause_edits import clause_row
from agreements.services.papers_kept import keep_text_pdf
from agreements.services.sides import MAY_WRITE, ask, asked_no_more
from agreements.services.states import BEFORE, move
from agreements.text import document, locked, with_paper
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from records.services.entries import append_entry
from records.services.streams import open_stream
from suppliers.models import SupplyLink

State = Agreement.State
# A locked text that may still be signed, or sent back.
OPEN_TO_SIGN = (AgreementVersion.State.IN_REVIEW, AgreementVersion.State.AGREED, AgreementVersion.State.SIGNING)
MIN_REASON = 5


@transaction.atomic
def draft_agreement(
    *, actor: Actor, link: SupplyLink, template_code: str, effective_from: date, effective_to: date | None, now: datetime
) -> Agreement:
    """Draft an agreement with a joined supplier. Asked twice for the same, it is the same draft."""
    actor.must_act_for(link.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    template = _template(template_code)
    if link.state != SupplyLink.State.JOINED or link.supplier_org_id is None:
        raise RuleBroken("supplier_has_not_joined", field="link", name=link.name_zh)
    check_days(effective_from, effective_to, now)
    _number_lock(actor)
    asked = {"link": link, "template_code": template.code, "effective_from": effective_from, "effective_to": effective_to}
    before = Agreement.objects.visible_to(actor).filter(**asked, state=State.DRAFT, sent_at=None).first()
    if before is not None:
        return before
    sides = {"owner_org_id": link.owner_org_id, "supplier_org_id": link.supplier_org_id}
    stream = open_stream(actor=actor, **sides, now=now)
    agreement = Agreement.objects.create(
        **asked, **sides, number=_next_number(actor, now), stream=stream, owner_name_zh=link.owner_name_zh, owner_name_en=link.owner_name_en,
        supplier_name_zh=link.name_zh, supplier_name_en=link.name_en, region_code=link.region_code, town_code=link.town_code,
        node_codes=link.node_codes, is_demo=link.is_demo, created_at=now,
    )  # fmt: skip
    version = AgreementVersion.objects.create(agreement=agreement, **sides, effective_from=effective_from, effective_to=effective_to)
    Clause.objects.bulk_create([clause_row(version, order, body) for order, body in enumerate(template.clauses, start=1)])
    return agreement


def _template(code: str) -> AgreementTemplate:
    found = AgreementTemplate.objects.filter(pk=code).first()
    if found is None:
        raise RuleBroken("template_unknown", field="template")
    return found


def check_days(effective_from: date, effective_to: date | None, now: datetime) -> None:
    if effective_from < timezone.localdate(now):
        raise RuleBroken("starts_in_the_past", field="effective_from")
    check_reach(effective_from=effective_from, effective_to=effective_to)
    if effective_to is not None and effective_to <= effective_from:
        raise RuleBroken("ends_before_it_starts", field="effective_to")


def _number_lock(actor: Actor) -> None:
    # One drafter of a firm at a time, until commit: else two drafts would ask for one number.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"agreement number {actor.org_id}"])


def _next_number(actor: Actor, now: datetime) -> str:
    prefix = f"QCA-{timezone.localtime(now).year}-"
    rows = Agreement.objects.visible_to(actor).filter(number__startswith=prefix)
    last = rows.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


@transaction.atomic
def set_days(*, actor: Actor, agreement: Agreement, effective_from: date, effective_to: date | None, now: datetime) -> Agreement:
    """Change the first day, and the first day no longer covered, of a draft."""
    agreement, version = open_draft(actor, agreement)
    check_days(effective_from, effective_to, now)
    if agreement.state not in BEFORE:
        check_first_day(agreement, effective_from, effective_to, now=now)
    for row in (agreement, version) if agreement.state == State.DRAFT else (version,):
        row.effective_from, row.effective_to = effective_from, effective_to
        row.save(update_fields=["effective_from", "effective_to"])
    return agreement


@transaction.atomic
def send_agreement(*, actor: Actor, agreement: Agreement, now: datetime) -> Agreement:
    """Lock the text and put it before the supplier. Sent twice is sent once."""
    actor.must_act_for(agreement.owner_org_id, Hat.OWNER)
    Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)  # a double click waits for the first and finds it sent
    if current_version(actor, agreement).state == AgreementVersion.State.IN_REVIEW:
        return Agreement.objects.get(pk=agreement.pk)
    agreement, version = open_draft(actor, agreement)
    return lock_and_send(actor=actor, agreement=agreement, version=version, now=now)


def lock_and_send(
    *, actor: Actor, agreement: Agreement, version: AgreementVersion, now: datetime, step: str = "agreement_to_review"
) -> Agreement:
    """Lock a draft's text, with its hash, and put it before the supplier, who is asked for that step; the caller holds the agreement's lock."""
    check_days(version.effective_from, version.effective_to, now)
    if agreement.state not in BEFORE:
        check_first_day(agreement, version.effective_from, version.effective_to, now=now)
    clauses = clauses_of(actor, version)
    check_text(clauses, on=version.effective_from)
    template = template_for(agreement.template_code)
    value = document(agreement=agreement, version=version, names=(template.name_zh, template.name_en), clauses=clauses)
    version.canonical, version.sha256 = locked(with_paper(value, keep_text_pdf(version, value, now=now)))
    version.locked_at = now
    version.save(update_fields=["canonical", "sha256", "locked_at"])
    move(agreement, version, AgreementVersion.State.IN_REVIEW)
    if agreement.sent_at is None:
        agreement.sent_at = now
        agreement.save(update_fields=["sent_at"])
    payload = {"number": agreement.number, "version": version.number, "sha256": version.sha256}
    append_entry(actor=actor, stream=agreement, kind="agreement_sent", subject_id=agreement.pk, payload=payload, now=now)
    asked_no_more(agreement, "agreement_returned", side="owner", now=now)
    ask(agreement, "supplier", step, now=now)
    return agreement


@transaction.atomic
def return_agreement(*, actor: Actor, agreement: Agreement, reason: str, now: datetime) -> Agreement:
    """The supplier wants a change: the locked text is kept, the owner gets a new draft of it, and the reason is on record."""
    actor.must_act_for(agreement.supplier_org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise RuleBroken("return_needs_a_reason", field="reason")
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    version = current_version(actor, agreement)
    signed = "supplier" in signatures_of(actor, version)
    if version.state not in OPEN_TO_SIGN or signed:
        raise RuleBroken("agreement_cannot_be_returned")
    next_draft(actor=actor, agreement=agreement, version=version)
    payload = {"number": agreement.number, "version": version.number, "sha256": version.sha256, "reason": reason}
    append_entry(actor=actor, stream=agreement, kind="agreement_returned", subject_id=agreement.pk, payload=payload, now=now)
    asked_no_more(agreement, "agreement_to_review", "agreement_to_sign", "agreement_to_answer", now=now)
    ask(agreement, "owner", "agreement_returned", now=now)
    return agreement


def next_draft(*, actor: Actor, agreement: Agreement, version: AgreementVersion) -> AgreementVersion:
    """A draft with the words of a locked text and what both accepted of it; the locked one stays as it was shown and is replaced."""
    clauses = clauses_with_accepted(actor, version)
    move(agreement, version, AgreementVersion.State.REPLACED)  # first: one text is worked on at a time
    with acting_as(Hat.CLOCK):
        new = _copy(version, clauses)
    move(agreement, new, AgreementVersion.State.DRAFT)
    return new


def _copy(version: AgreementVersion, clauses: list[Clause]) -> AgreementVersion:
    sides = {"owner_org_id": version.owner_org_id, "supplier_org_id": version.supplier_org_id}
    new = AgreementVersion.objects.create(
        agreement_id=version.agreement_id, **sides, number=version.number + 1, summary=version.summary,
        effective_from=version.effective_from, effective_to=version.effective_to,
    )  # fmt: skip
    Clause.objects.bulk_create(
        Clause(version=new, **sides, order=c.order, type=c.type, side=c.side, params=c.params, text_zh=c.text_zh, text_en=c.text_en)
        for c in clauses
    )
    return new
