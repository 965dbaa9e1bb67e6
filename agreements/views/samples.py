"""Sealed samples: the list, one of them with what to do now, and the piece on the agreement's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.clauses import signed
from agreements.forms import ReasonForm, in_language
from agreements.models import SealedSample
from agreements.on_page import OnPage
from agreements.paging import cursor_of, more_of, table_file
from agreements.sample_forms import ConfirmForm, ReadingForm, SampleForm
from agreements.sample_words import SAMPLE_CHIPS
from agreements.selectors.samples import GROUPS, PAGE, binding_samples, sample_for, sample_links, samples
from agreements.services.samples import (
    change_sample,
    confirm_sample,
    coordinate,
    draft_sample,
    offer_sample,
    return_sample,
    withdraw_sample,
)
from agreements.services.sides import OTHER
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.asked import moment_of
from foundation.errors import Absent, RuleBroken
from foundation.templatetags.qc import changed_query, chip_for
from qualitystats.colour import cie76, ciede2000, cmc
from records.models import Evidence, RecordEntry
from records.selectors import evidences, shares_for
from records.services.evidence import take_evidence
from records.timeline import lines_of

MOST_ROWS = 5_000
SIDES = (Hat.OWNER, Hat.SUPPLIER)


def piece(page: OnPage) -> dict[str, Any]:
    """The samples that bind today, and where to add one."""
    link_id = page.agreement.link_id
    rows = binding_samples(page.actor, link_id=link_id, on=page.today)
    asked = any(clause.type == "sealed_sample" for clause in page.clauses)
    new_url = f"{reverse('agreements:sample_new')}?link={link_id}"
    return {"rows": [(row, lab_words(row)) for row in rows], "shown": bool(rows) or asked, "new_url": new_url, "chips": SAMPLE_CHIPS}


def lab_words(row: SealedSample) -> str:
    """L*, a*, b* as print has them."""
    return " · ".join(signed(value) for value in (row.lab_l, row.lab_a, row.lab_b))


def other_name(actor: Actor, row: SealedSample) -> str:
    """The firm across the table, in the reader's language."""
    other = OTHER[actor.hat.value]
    return in_language(getattr(row, f"{other}_name_zh"), getattr(row, f"{other}_name_en"))


@wearing(*SIDES)
@require_safe
def samples_list(request: ActorRequest) -> HttpResponse:
    """Newest first; `?state=` filters, `?after=` goes on."""
    found = _asked(request, limit=PAGE)
    page, more = found[:PAGE], len(found) > PAGE
    state = request.GET.get("state", "")
    views = (("", _("All")), ("open", _("Not sealed yet")), ("binding", _("Binding")), ("ended", _("Ended")))
    same = changed_query(request.GET, {"after": None, "seen": None})
    context = {
        "lines": [{"row": row, "name": other_name(request.actor, row), "lab": lab_words(row)} for row in page], "chips": SAMPLE_CHIPS,
        "heads": [{"label": label} for label in (_("Sample"), _("With"), _("State"), "L* a* b*", _("Last day"))],
        "tabs": [
            {"label": label, "url": changed_query(request.GET, {"state": value, "after": None, "seen": None}), "current": state == value}
            for value, label in views
        ],
        "csv_url": reverse("agreements:samples_csv") + same, "xlsx_url": reverse("agreements:samples_xlsx") + same, "asked": state,
        **more_of(request, (page[-1].created_at, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "agreements/samples.html", context)


def _asked(request: ActorRequest, *, limit: int) -> list[SealedSample]:
    state = request.GET.get("state", "")
    return samples(request.actor, state=state if state in GROUPS else "", after=cursor_of(request, moment_of), limit=limit)


@wearing(*SIDES)
@require_safe
def samples_csv(request: ActorRequest) -> HttpResponse:
    return table_file("samples", "csv", _table(request))


@wearing(*SIDES)
@require_safe
def samples_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("samples", "xlsx", _table(request))


def _table(request: ActorRequest) -> Any:
    heads = [
        _("Product"), _("Colour"), _("With"), _("State"), "L*", "a*", "b*", _("Illuminant"), _("Observer"), _("Sealed on"), _("Last day"),
        _("Half of the chain owner"), _("Half of the supplier"),
    ]  # fmt: skip
    rows = [
        [
            row.product, row.colour, other_name(request.actor, row), chip_for(row.state, SAMPLE_CHIPS).label, row.lab_l, row.lab_a, row.lab_b,
            row.illuminant, row.observer, row.sealed_on, row.expires_on, row.owner_holder, row.supplier_holder,
        ]
        for row in _asked(request, limit=MOST_ROWS)[:MOST_ROWS]
    ]  # fmt: skip
    return heads, rows


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def sample_new(request: ActorRequest) -> HttpResponse:
    """Note a sample; nobody else sees it until it is offered."""
    links = sample_links(request.actor)
    named = [(str(link.pk), _name_of(request.actor, link)) for link in links]
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SampleForm(named, *sent, initial={"link": request.GET.get("link", "")})
    if request.method == "POST" and form.is_valid():
        link = next(link for link in links if str(link.pk) == form.cleaned_data["link"])
        try:
            row = draft_sample(
                actor=request.actor, link=link, said=form.said(), client_id=UUID(form.cleaned_data["client_id"]), photo=_photo(request, form), now=timezone.now()
            )
        except RuleBroken as broken:
            _refuse(form, broken)
        else:
            return redirect("agreements:sample", row.pk)
    return render(request, "agreements/sample_form.html", {"form": form, "links": links}, status=422 if form.errors else 200)


def _name_of(actor: Actor, link: Any) -> str:
    return in_language(link.name_zh, link.name_en) if actor.hat == Hat.OWNER else in_language(link.owner_name_zh, link.owner_name_en)


def _photo(request: ActorRequest, form: SampleForm) -> Evidence | None:
    said = form.cleaned_data
    if not said["file"] and not said["evidence_id"]:
        return None
    return take_evidence(
        actor=request.actor, now=timezone.now(), client_id=said["client_id"], file=said["file"], evidence_id=said["evidence_id"]
    )  # fmt: skip


def _refuse(form: Any, broken: RuleBroken) -> None:
    form.add_error(broken.field if broken.field in form.fields else None, broken.words())


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def sample_change(request: ActorRequest, sample_id: UUID) -> HttpResponse:
    """Mend a draft."""
    row = sample_for(request.actor, sample_id)
    if row.state != SealedSample.State.DRAFT:
        return redirect("agreements:sample", row.pk)
    names = ("product", "colour", "lab_l", "lab_a", "lab_b", "illuminant", "observer", "expires_on", "note")
    initial = {**{name: getattr(row, name) for name in names}, "holder": getattr(row, f"{row.drafted_by}_holder")}
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SampleForm([], *sent, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_sample(actor=request.actor, sample=row, said=form.said(), photo=_photo(request, form), now=timezone.now())
        except RuleBroken as broken:
            _refuse(form, broken)
        else:
            return redirect("agreements:sample", row.pk)
    return render(request, "agreements/sample_form.html", {"form": form, "row": row}, status=422 if form.errors else 200)


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: ActorRequest, sample_id: UUID) -> HttpResponse:
    """One sample, both halves, and for the other side: confirm or send back."""
    row = sample_for(request.actor, sample_id)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_sample(actor=request.actor, sample=row, holder=form.cleaned_data["holder"], now=timezone.now())
        except RuleBroken as broken:
            _refuse(form, broken)
        else:
            messages.success(request, _("Sealed. Both halves bind from today."))
            return redirect("agreements:sample", row.pk)
    return render(request, "agreements/sample.html", _context(request, row, form), status=422 if form.errors else 200)


def _context(request: ActorRequest, row: SealedSample, form: ConfirmForm) -> dict[str, Any]:
    actor = request.actor
    mine = row.drafted_by == actor.hat.value
    reading = ReadingForm(request.GET if request.method == "GET" and "lab_l" in request.GET else None)
    halves = [
        {
            "side": side, "name": in_language(getattr(row, f"{side}_name_zh"), getattr(row, f"{side}_name_en")), "holder": getattr(row, f"{side}_holder"),
            "at": getattr(row, f"{side}_confirmed_at"), "by": getattr(row, f"{side}_confirmed_by"),
        }
        for side in ("owner", "supplier")
    ]  # fmt: skip
    entries = RecordEntry.objects.visible_to(actor).filter(stream_id=row.stream_id, subject_id=row.pk).select_related("payload")
    return {
        "row": row, "lab": lab_words(row), "chips": SAMPLE_CHIPS, "form": form, "halves": halves, "mine": mine, "photo_url": _photo_url(actor, row),
        "other": other_name(actor, row), "can_offer": mine and row.state == "draft", "can_confirm": not mine and row.state == "offered",
        "can_withdraw": mine and row.state in ("draft", "offered"), "reading": reading, "differences": _differences(row, reading),
        "lines": lines_of(actor, list(entries.order_by("-at", "-id"))) if row.stream_id else [],
    }  # fmt: skip


def _photo_url(actor: Actor, row: SealedSample) -> str:
    """Its photo: one's own, or as far as the other side shows it."""
    if row.photo_id is None:
        return ""
    if row.photo_id in evidences(actor, [row.photo_id]):
        return reverse("records:evidence_file", args=[row.photo_id])
    share = shares_for(actor, [row.photo_id]).get(row.photo_id)
    return reverse("records:shared_file", args=[share.pk]) if share else ""


def _differences(row: SealedSample, reading: ReadingForm) -> list[tuple[str, str]]:
    """How far a reading lies from the sample: by formula, with what it lies off in each direction."""
    if not reading.is_bound or not reading.is_valid():
        return []
    typed = []
    for name in ("lab_l", "lab_a", "lab_b"):
        try:
            typed.append(float(coordinate(name, reading.cleaned_data[name])))
        except RuleBroken as broken:
            reading.add_error(name, broken.words())
    if reading.errors:
        return []
    reference = [float(row.lab_l), float(row.lab_a), float(row.lab_b)]
    found = [
        ("ΔE CMC (2:1)", cmc(reference=reference, sample=typed, lightness=2.0, chroma=1.0)), ("ΔE 2000", ciede2000(reference, typed)),
        ("ΔE*ab", cie76(reference, typed)),
    ]  # fmt: skip
    said = [(name, f"{float(value):.2f}") for name, value in found]
    return said + [(f"Δ{name}*", f"{b - a:+.2f}".replace("-", "\u2212")) for name, a, b in zip("Lab", reference, typed, strict=True)]


@wearing(*SIDES)
@require_POST
def sample_offer(request: ActorRequest, sample_id: UUID) -> HttpResponse:
    row = sample_for(request.actor, sample_id)
    offer_sample(actor=request.actor, sample=row, now=timezone.now())
    messages.success(request, _("Offered. The other side has it on its task list."))
    return redirect("agreements:sample", row.pk)


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def sample_return(request: ActorRequest, sample_id: UUID) -> HttpResponse:
    """It does not match, or did not come: back, with the reason."""
    row = sample_for(request.actor, sample_id)
    if request.method != "POST" and (row.state != "offered" or row.drafted_by == request.actor.hat.value):
        return redirect("agreements:sample", row.pk)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = _("What does not match")
    form.fields["reason"].help_text = _("For example: our half is redder under D65, or: the half has not come yet. It stands in the common record.")
    if request.method == "POST" and form.is_valid():
        try:
            return_sample(actor=request.actor, sample=row, reason=form.cleaned_data["reason"], now=timezone.now())
        except RuleBroken as broken:
            _refuse(form, broken)
        else:
            messages.success(request, _("Sent back with your reason."))
            return redirect("agreements:samples")
    context = {"form": form, "row": row, "other": other_name(request.actor, row)}
    return render(request, "agreements/sample_return.html", context, status=422 if form.errors else 200)


@wearing(*SIDES)
@require_POST
def sample_withdraw(request: ActorRequest, sample_id: UUID) -> HttpResponse:
    row = sample_for(request.actor, sample_id)
    if row.drafted_by != request.actor.hat.value:
        raise Absent
    withdraw_sample(actor=request.actor, sample=row, now=timezone.now())
    messages.success(request, _("Taken back. Nothing binds."))
    return redirect("agreements:samples")
