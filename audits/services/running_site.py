"""The rest of what a phone says on site: opening, photos, findings in the making, closing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from agreements.services.obligations import meet
from audits.models import Audit, Closing, VisitFinding, VisitOpening, VisitPhoto
from audits.questions import signature_of
from audits.selectors.running import site_of
from audits.services.announcing import visit_key
from audits.services.followups import look_again
from audits.services.running_parts import Done, Run, evidence_of
from audits.services.sides import for_supplier
from audits.status import VISIT_MOVES, moved
from audits.visit_said import Op
from foundation.actor import Hat
from foundation.errors import RuleBroken
from notices.services import close_todo, tell
from records.screening import clean_file_name
from records.services.entries import append_entry

MOST_PHOTOS = 6
MOST_PHOTOS_OF_A_VISIT = 400
MOST_FINDINGS = 60
LONGEST_OFFLINE = timedelta(days=7)


def start(run: Run, op: Op) -> Done:
    """The team stands in the yard. A second phone that starts too adds the names that it met."""
    audit = run.audit
    by_gate = _at_the_gate(audit, op.said["gate"])
    if audit.state != Audit.State.IN_PROGRESS:
        audit.state, audit.started_at = moved(VISIT_MOVES, audit.state, "start", Hat.OWNER), run.now
        audit.save(update_fields=["state", "started_at"])
        _begun(run, op, by_gate)
    opening = VisitOpening.objects.visible_to(run.actor).filter(audit=audit).first()
    names = [name.strip() for name in op.said["names"] if name.strip()]
    if opening is None:
        opening = VisitOpening(
            audit=audit, owner_org_id=audit.owner_org_id, names=list(dict.fromkeys(names)), by_gate=by_gate, client_time=op.client_time,
            opened_by=run.actor.person_name, opened_at=run.now,
        )  # fmt: skip
        VisitOpening.objects.bulk_create([opening])
    else:
        opening.names, opening.by_gate = list(dict.fromkeys([*opening.names, *names])), opening.by_gate or by_gate
        opening.save(update_fields=["names", "by_gate"])
    return Done()


def _begun(run: Run, op: Op, by_gate: bool) -> None:
    """From here on the firm knows, announced or not; and where both have signed for the visit, the owner has kept its word."""
    audit, agreement, began_at = run.audit, run.audit.agreement, _moment(run, op)
    append_entry(
        actor=run.actor, stream=agreement, kind="visit_begun", subject_id=audit.pk, now=run.now,
        payload={"begun_at": began_at.isoformat(), "by_gate": by_gate, "announced": audit.announced},
    )  # fmt: skip
    close_todo(kind="visit_to_accept", subject_id=audit.pk, now=run.now)
    tell(**for_supplier(agreement), kind="visit_begun", subject_id=audit.pk, now=run.now)
    if audit.programme is not None and audit.programme.clause_id is not None:
        meet(clause_id=audit.programme.clause_id, side="owner", key=visit_key(audit), now=began_at, subject_id=audit.pk)


def _moment(run: Run, op: Op) -> datetime:
    """When the team stood there, by its device set right by our clock. Who was without a network for days is not late for it."""
    if op.client_time is None:
        return run.now
    try:
        said = op.client_time - timedelta(seconds=run.skew)
    except OverflowError:  # a device in the year 1
        return run.now
    return said if run.now - LONGEST_OFFLINE <= said <= run.now else run.now


def _at_the_gate(audit: Audit, token: str | None) -> bool:
    if not token:
        return False
    site = site_of(audit)
    if site is None or site.gate_token != token:
        raise RuleBroken("gate_of_another_place")
    return True


def photo(run: Run, op: Op) -> Done:
    """A photo was taken: its bytes come by themselves."""
    said, photo = op.said, op.said["photo"]
    row = _photo_row(run, photo)
    if row is not None and row.sha256 != said["sha256"]:
        raise RuleBroken("photo_differs")
    place = _place(run, op, photo)
    if row is not None:
        return _placed(row, place)
    if VisitPhoto.objects.visible_to(run.actor).filter(audit=run.audit).count() >= MOST_PHOTOS_OF_A_VISIT:
        raise RuleBroken("too_many_photos", most=MOST_PHOTOS_OF_A_VISIT)
    VisitPhoto.objects.bulk_create([
        VisitPhoto(
            audit=run.audit, owner_org_id=run.audit.owner_org_id, photo=photo, **place, name=clean_file_name(said["name"]) if said["name"] else "",
            size=said["size"], sha256=said["sha256"], original_sha256=said["original_sha256"], shot_at=said["taken_at"],
            added_by=run.actor.person_name, added_at=run.now,
        )
    ])  # fmt: skip
    return Done(str(photo), 1)


def attach(run: Run, op: Op) -> Done:
    """Put a photo where it belongs, or back among the unsorted."""
    row = _photo_row(run, op.said["photo"])
    if row is None:
        raise RuleBroken("photo_not_here")
    return _placed(row, _place(run, op, row.photo))


def detach(run: Run, op: Op) -> Done:
    """The photo is no part of this visit. The file stays the firm's."""
    VisitPhoto.objects.visible_to(run.actor).filter(audit=run.audit, photo=op.said["photo"], dropped_at=None).update(dropped_at=run.now)
    return Done(str(op.said["photo"]), 1)


def _photo_row(run: Run, photo: UUID) -> VisitPhoto | None:
    return VisitPhoto.objects.visible_to(run.actor).filter(audit=run.audit, photo=photo).first()


def _place(run: Run, op: Op, photo: UUID) -> dict[str, Any]:
    question = run.question(op.said["question"])
    if question is not None:
        there = VisitPhoto.objects.visible_to(run.actor).filter(audit=run.audit, question=question, dropped_at=None).exclude(photo=photo)
        if there.count() >= MOST_PHOTOS:
            raise RuleBroken("too_many_photos", field="photo", most=MOST_PHOTOS)
    return {"question": question, "finding": op.said["finding"]}


def _placed(row: VisitPhoto, place: dict[str, Any]) -> Done:
    row.question, row.finding, row.dropped_at = place["question"], place["finding"], None
    row.save(update_fields=["question", "finding", "dropped_at"])
    return Done(str(row.photo), 1)


def finding(run: Run, op: Op) -> Done:
    """A finding in the making. Two people who write the same one at once end with two: both are kept."""
    said = op.said
    run.question(said["question"])
    words = {
        "question_code": said["question"] or "", "grade": said["grade"], "clause_ref": said["clause_ref"].strip(),
        "requirement": said["requirement"].strip(), "observed": said["observed"].strip(), "gap": said["gap"].strip(),
    }  # fmt: skip
    row = VisitFinding.objects.visible_to(run.actor).filter(audit=run.audit, key=said["finding"]).first()
    if row is None:
        return _written(run, op, said["finding"], words)
    if row.dropped_at is None and all(getattr(row, name) == value for name, value in words.items()):
        return Done(str(row.key), row.version)
    if run.base_of(said) < row.version:
        done = _written(run, op, op.client_id, words)
        return Done(done.subject, done.version, conflict=True, more={"kept_as": str(op.client_id)})
    for name, value in words.items():
        setattr(row, name, value)
    row.version, row.op, row.dropped_at, row.written_by, row.written_at = (
        row.version + 1,
        op.client_id,
        None,
        run.actor.person_name,
        run.now,
    )
    row.save(update_fields=[*words, "version", "op", "dropped_at", "written_by", "written_at"])
    return Done(str(row.key), row.version)


def _written(run: Run, op: Op, key: UUID, words: dict[str, Any]) -> Done:
    if VisitFinding.objects.visible_to(run.actor).filter(audit=run.audit, dropped_at=None).count() >= MOST_FINDINGS:
        raise RuleBroken("too_many_findings", most=MOST_FINDINGS)
    row = VisitFinding(
        audit=run.audit,
        owner_org_id=run.audit.owner_org_id,
        key=key,
        op=op.client_id,
        written_by=run.actor.person_name,
        written_at=run.now,
        **words,
    )
    VisitFinding.objects.bulk_create([row])
    return Done(str(key), 1)


def drop_finding(run: Run, op: Op) -> Done:
    VisitFinding.objects.visible_to(run.actor).filter(audit=run.audit, key=op.said["finding"], dropped_at=None).update(dropped_at=run.now)
    return Done(str(op.said["finding"]), 1)


def seen_again(run: Run, op: Op) -> Done:
    """On a follow-up: what was seen of one open finding. Its photos are sent first."""
    said = op.said
    look_again(
        actor=run.actor, audit_id=run.audit.pk, finding_id=said["finding"], outcome=said["outcome"], seen=said["seen"], now=run.now,
        evidence_ids=evidence_of(run.actor, said["photos"]),
    )  # fmt: skip
    return Done(str(said["finding"]), 1)


def closing(run: Run, op: Op) -> Done:
    """The auditee has seen what was found, and signs, remarks or refuses. Held again, the last meeting stands."""
    said = op.said
    if said["word"] == "remarks" and not said["remark"].strip():
        raise RuleBroken("remark_missing", field="remark")
    if said["word"] != "refuses" and not said["signature"]:
        raise RuleBroken("signature_missing", field="signature")
    values = {
        "name": said["name"].strip(), "role": said["role"].strip(), "word": said["word"], "remark": said["remark"].strip(),
        "signature": signature_of(said["signature"]) if said["signature"] else None, "op": op.client_id, "client_time": op.client_time,
        "shown": [{"finding": str(each["finding"]), "grade": each["grade"], "due_on": str(each["due_on"] or "")} for each in said["shown"]],
        "closed_by": run.actor.person_name, "received_at": run.now,
    }  # fmt: skip
    row = Closing.objects.visible_to(run.actor).filter(audit=run.audit).first()
    if row is None:
        Closing.objects.bulk_create([Closing(audit=run.audit, owner_org_id=run.audit.owner_org_id, **values)])
        return Done("closing", 1)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return Done("closing", 1)
