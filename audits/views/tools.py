"""What the pages of audits and findings share: cursors, names in the reader's language, photos, an uploaded picture."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.models import Agreement
from audits.forms_walk import choices_of
from audits.models import Question
from audits.selectors import Sheet
from foundation.actor import Actor, ActorRequest, Hat
from foundation.asked import moment_of
from foundation.errors import RuleBroken
from records.models import Evidence
from records.selectors import evidence_for, evidences, shares_for
from records.services.evidence import PHOTOS, file_evidence

MOST_SEEN = 7


def is_zh() -> bool:
    return (get_language() or "").startswith("zh")


def in_language(zh: str, en: str) -> str:
    """The name in the reader's language; the other one where it has none."""
    return (zh or en) if is_zh() else (en or zh)


def other_of(actor: Actor, agreement: Agreement) -> str:
    """The other firm's name."""
    side = "supplier" if actor.hat is Hat.OWNER else "owner"
    return in_language(getattr(agreement, f"{side}_name_zh"), getattr(agreement, f"{side}_name_en"))


def asked(question: Question) -> str:
    """A question in the reader's language."""
    return in_language(question.text_zh, question.text_en)


def examples(actor: Actor, ids: Iterable[Any]) -> dict[str, str]:
    """evidence id, as text -> where the picture of how good looks is: the firm's own, or what a chain owner shows."""
    wanted = [UUID(str(pk)) for pk in ids if pk]
    if not wanted:
        return {}
    found = {str(pk): reverse("records:shared_file", args=[share.pk]) for pk, share in shares_for(actor, wanted).items()}
    return {**found, **{str(pk): reverse("records:evidence_file", args=[pk]) for pk in evidences(actor, wanted)}}


def said_of(sheet: Sheet, question: Question) -> str:
    """What a self-check answers to a question that is not of yes and no; "" for nothing, and where a chip says it."""
    said = sheet.said(question)
    if said.value is None or said.na or question.kind == Question.Kind.YES_NO:
        return ""
    if isinstance(said.value, dict):
        return str(said.value["name"])
    return dict(choices_of(question, is_zh())).get(str(said.value)) or f"{said.value} {question.unit}".strip()


def day_cursor(request: ActorRequest) -> tuple[date, UUID] | None:
    """Where a list by day goes on; anything unreadable is the beginning."""
    at, _mark, pk = request.GET.get("after", "").partition("_")
    try:
        return date.fromisoformat(at), UUID(pk)
    except ValueError:
        return None


def moment_cursor(request: ActorRequest) -> tuple[datetime, UUID] | None:
    """Where a list by moment goes on; anything unreadable is the beginning."""
    at, _mark, pk = request.GET.get("after", "").partition("_")
    try:
        moment, last = moment_of(at), UUID(pk)
    except ValueError:
        return None
    return (moment, last) if moment else None


def shown(request: ActorRequest, here: int) -> int:
    """How many rows are shown by now."""
    seen = request.GET.get("seen", "")
    return here + (int(seen) if seen.isdecimal() and len(seen) < MOST_SEEN else 0)


def pictures(actor: Actor, evidence_ids: Iterable[UUID | None], alt: str) -> dict[UUID, dict[str, Any]]:
    """evidence id -> a photo for the page: the firm's own, or what is shown to it. What is not shown is not there."""
    wanted = [pk for pk in evidence_ids if pk]
    if actor.hat is Hat.OWNER:
        rows: dict[UUID, Any] = dict(shares_for(actor, wanted))
        return {pk: picture_of(reverse("records:shared_file", args=[share.pk]), share, alt) for pk, share in rows.items()}
    own = evidences(actor, wanted)
    return {pk: picture_of(reverse("records:evidence_file", args=[pk]), row, alt) for pk, row in own.items()}


def picture_of(url: str, row: Any, alt: str) -> dict[str, Any]:
    """A photo for the page, from evidence or from what is shown of it."""
    return {"url": url, "full_url": url, "alt": alt, "received_at": row.received_at, "name": row.name}


def uploaded_photo(request: ActorRequest, *, client_id: str, now: datetime) -> list[Evidence]:
    """The photos of a form: sent in pieces before it (their ids), or with it. Raises RuleBroken for one that is not taken."""
    found = [evidence_for(request.actor, pk) for pk in _ids(request.POST.getlist("evidence_id"))]
    for number, sent in enumerate(request.FILES.getlist("photo")):
        path = Path(cast(TemporaryUploadedFile, sent).temporary_file_path())
        name = sent.name or "photo"
        found.append(_filed(request.actor, path, name, f"{client_id}-{number}" if number else client_id, now))
    return found


def _filed(actor: Actor, path: Path, name: str, client_id: str, now: datetime) -> Evidence:
    try:
        return file_evidence(actor=actor, path=path, name=name, client_id=client_id, now=now, allowed=PHOTOS)
    except RuleBroken as broken:
        broken.field = "photo"
        raise


def _ids(values: Iterable[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def tried(form: Any, act: Any) -> bool:
    """Do what a form asks for; a rule that refuses becomes the form's error."""
    try:
        act()
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        return False
    return True


def home_crumb(kind: str = "audits") -> list[dict[str, Any]]:
    """The first crumb."""
    if kind == "findings":
        return [{"url": reverse("audits:findings"), "label": _("Findings")}]
    return [{"url": reverse("audits:list"), "label": _("Audits")}]
