"""Comparison rounds on pages: the bureau leads them, firms and laboratories see their own place and the crowd without names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.forms import in_language, refuse
from agreements.selectors.library import characteristics, editions
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import text_of
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from inspections.selectors.result_terms import what_of
from oversight import documents, round_cards
from oversight.filters import cursor_of, cursor_text
from oversight.forms_comparison import LeaveOutForm, MeasureForm, RoundForm
from oversight.models import ComparisonRound, RoundParticipant
from oversight.pair_cards import pair_cards
from oversight.round_documents import list_table, report_file, report_sheets
from oversight.selectors.comparison import (
    MOST_CANDIDATES,
    PAGE,
    SIDES,
    analyses_of,
    candidates,
    characteristics_of,
    measures_of,
    own_part,
    own_past,
    own_sheet,
    part_for,
    participants_of,
    round_for,
    rounds,
    sheets_to_fill,
)
from oversight.services import comparison as services
from oversight.two_samples import couples
from oversight.words_comparison import CONDITIONS, KINDS, LATE, MOVES, PAIR_CHIPS, PART_CHIPS, SHEET_CHIPS, STATE_CHIPS, VERDICT_CHIPS
from parties.roles import MAY_WRITE
from parties.selectors import chain_nodes, names_of, regions

State = ComparisonRound.State
STATES = list(State.values)
MOST_ROWS = 5_000
ANSWERING = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB)


def crumbs_of(*more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of rounds."""
    return [{"url": reverse("oversight:rounds"), "label": _("Comparison rounds")}, *({"url": url, "label": label} for url, label in more)]


def _asked(request: ActorRequest) -> dict[str, Any]:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    return {"kind": kind if kind in KINDS else "", "state": state if state in STATE_CHIPS else ""}


@wearing(*SIDES)
@require_safe
def round_list(request: ActorRequest) -> HttpResponse:
    """The rounds that the reader leads or takes part in."""
    asked = _asked(request)
    found = rounds(request.actor, **asked, after=cursor_of(request.GET.get("after", "")))
    page, leads = found[:PAGE], request.actor.hat is Hat.BUREAU
    last = page[-1] if len(found) > PAGE else None
    states = [(key, chip[2]) for key, chip in STATE_CHIPS.items() if leads or key != State.DRAFT]
    context = {
        "rows": "oversight/_comparison_rows.html", "id": "rounds", "chips": STATE_CHIPS, "leads": leads,
        "rounds": [{"round": each, "name": round_cards.name_of_round(each), "kind": KINDS[each.kind]} for each in page],
        "heads": [{"label": _("Round")}, {"label": _("State")}, {"label": _("What is compared")}, {"label": _("Results by"), "end": True}],
        "crumbs": crumbs_of(), "now": timezone.now(), "asked": any(asked.values()),
        "selects": [
            {"name": "kind", "label": _("What is compared"), "value": asked["kind"], "options": [{"value": "", "label": _("All kinds")}, *({"value": key, "label": words} for key, words in KINDS.items())]},
            {"name": "state", "label": _("State"), "value": asked["state"], "options": [{"value": "", "label": _("All states")}, *({"value": key, "label": words} for key, words in states)]},
        ],
        "csv_url": reverse("oversight:rounds_export") + changed_query(request.GET, {"as": "csv", "after": None}),
        "xlsx_url": reverse("oversight:rounds_export") + changed_query(request.GET, {"as": "xlsx", "after": None}),
        "more_url": changed_query(request.GET, {"after": cursor_text(last.created_at, last.pk)}) if last else "",
    }  # fmt: skip
    piece = "parts/_more_rows.html" if request.GET.get("after") else "oversight/_rounds.html"
    return fragment(request, piece, context, page="oversight/rounds.html")


@wearing(*SIDES)
@require_safe
def rounds_export(request: ActorRequest) -> HttpResponse:
    """The same list to take away."""
    heads, rows = list_table(rounds(request.actor, **_asked(request), limit=MOST_ROWS)[:MOST_ROWS])
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    return _file(documents.file_of(kind, _("Comparison rounds"), (heads, rows)), kind, f"rounds-{timezone.localdate()}")


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=documents.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: ActorRequest) -> HttpResponse:
    """A round as a draft."""
    nodes = [(node.code, in_language(node.name_zh, node.name_en)) for node in chain_nodes()]
    testers = [(str(lab.pk), in_language(lab.name_zh, lab.name_en)) for lab in candidates(request.actor, ComparisonRound.Kind.INTERLAB)]
    form = RoundForm(nodes, testers, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_round(
                actor=request.actor, said=form.said(), client_id=form.cleaned_data["client_id"], now=timezone.now()
            )
            return redirect("oversight:round_indicators", made.pk)
        except RuleBroken as broken:
            refuse(form, broken)
    context = {"form": form, "crumbs": crumbs_of(("", _("New round")))}
    return render(request, "oversight/round_new.html", context, status=422 if form.errors else 200)


@wearing(*SIDES)
@require_safe
def round_one(request: ActorRequest, round_id: UUID) -> HttpResponse:
    """One round as the bureau, a firm or a laboratory sees it."""
    return _round(request, round_for(request.actor, round_id))


def _round(request: ActorRequest, found: ComparisonRound, *, left_out: LeaveOutForm | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    measures = measures_of(actor, found)
    whats, part = characteristics_of(measures), own_part(actor, found)
    people = participants_of(actor, found) if actor.hat is Hat.BUREAU else []
    names = {row.blind_code: in_language(row.org_name_zh, row.org_name_en) for row in people if row.blind_code}
    own = part.blind_code if part else ""
    analyses = analyses_of(actor, found)
    cards = round_cards.analysis_cards(found, measures, analyses, whats, own, names)
    pairs = pair_cards(measures, analyses, {card["measure"].pk: card["name"] for card in cards}, own)
    context = {
        "round": found, "name": round_cards.name_of_round(found), "product": in_language(found.product_zh, found.product_en), "kind": KINDS[found.kind],
        "benchmark": in_language(found.benchmark_zh, found.benchmark_en), "chips": STATE_CHIPS, "part_chips": PART_CHIPS, "sheet_chips": SHEET_CHIPS,
        "verdicts": VERDICT_CHIPS, "pairs": pairs, "pair_chips": PAIR_CHIPS, "two_samples": bool(couples(measures)), "conditions": CONDITIONS, "indicators": round_cards.indicator_lines(measures, whats), "part": part, "sheet": own_sheet(actor, part),
        "sheets": sheets_to_fill(actor, found), "people": [_person(row) for row in people], "counts": _counts(people), "cards": cards,
        "gaps": round_cards.gap_lines(cards, found, problem_url=reverse("oversight:problem_new")), "leads": actor.hat is Hat.BUREAU, "is_lab": actor.hat is Hat.LAB,
        "goes_on": STATES.index(found.state) < STATES.index(State.CLOSED), "may_write": bool(actor.roles.intersection(MAY_WRITE)), "next": _next(found) if actor.hat is Hat.BUREAU else None, "steps": _steps(found),
        "left_out": left_out or LeaveOutForm(), "because": _because(part), "now": timezone.now(), "crumbs": crumbs_of(("", found.number)),
        "indicator_heads": [{"label": _("Indicator")}, {"label": _("Benchmark")}, {"label": _("Method")}, {"label": _("Known beforehand"), "end": True}],
    }  # fmt: skip
    return render(request, "oversight/round.html", context, status=status)


def _person(row: RoundParticipant) -> dict[str, Any]:
    sheet = getattr(row, "sheet", None)
    bad = sheet is not None and sheet.condition not in ("", "good")
    return {
        "row": row, "sheet": sheet, "name": in_language(row.org_name_zh, row.org_name_en), "bad": bad, "because": _because(row),
        "is_tester": row.part == RoundParticipant.Part.TESTER, "may_leave_out": row.part == RoundParticipant.Part.TAKER and row.state != "excluded",
    }  # fmt: skip


def _because(row: RoundParticipant | None) -> str:
    if row is None or not row.excluded_because:
        return ""
    return str(LATE) if row.excluded_because == services.LATE else row.excluded_because


def _counts(people: list[RoundParticipant]) -> dict[str, int]:
    takers = [row for row in people if row.part == RoundParticipant.Part.TAKER]
    return {
        "asked": len(takers),
        "joined": sum(row.state == "joined" for row in takers),
        "released": sum(row.sheet.state == "released" for row in takers),
    }


def _next(found: ComparisonRound) -> dict[str, Any] | None:
    place = STATES.index(found.state) + 1
    if place == len(STATES):
        return None
    label, why = MOVES[STATES[place]]
    return {"to": STATES[place], "label": label, "why": why}


def _steps(found: ComparisonRound) -> list[dict[str, Any]]:
    here = STATES.index(found.state)
    return [
        {"label": STATE_CHIPS[state][2], "state": "done" if at < here or found.state == State.PUBLISHED else "now" if at == here else ""}
        for at, state in enumerate(STATES)
    ]


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def indicators(request: ActorRequest, round_id: UUID) -> HttpResponse:
    """What is compared, by which edition, held to what."""
    found = round_for(request.actor, round_id)
    names = {row.code: in_language(row.name_zh, row.name_en) for row in characteristics() if what_of(row).width == 1}
    offered = [
        (f"{code}|{each.code}", f"{names[code]} · {each.code}")
        for each in editions()
        for code in each.method.characteristic_codes
        if code in names
    ]
    form = MeasureForm(sorted(offered, key=lambda pair: pair[1]), request.POST if "indicator" in request.POST else None)
    if request.method == "POST":
        dropped = _uuids(request.POST.getlist("drop"))
        if dropped:
            services.drop_measure(actor=request.actor, round_id=found.pk, measure_id=dropped[0])
            return redirect("oversight:round_indicators", found.pk)
        if form.is_valid():
            try:
                services.add_measure(actor=request.actor, round_id=found.pk, said=form.said())
                return redirect("oversight:round_indicators", found.pk)
            except RuleBroken as broken:
                refuse(form, broken)
    measures = measures_of(request.actor, found)
    name = round_cards.name_of_round(found)
    context = {
        "round": found, "name": name, "form": form, "indicators": round_cards.indicator_lines(measures, characteristics_of(measures)),
        "crumbs": crumbs_of((reverse("oversight:round", args=[found.pk]), found.number), ("", _("Indicators"))), "is_draft": found.state == State.DRAFT,
        "heads": [{"label": _("Indicator")}, {"label": _("Benchmark")}, {"label": _("Method")}, {"label": _("Known beforehand"), "end": True}, {"label": _("Take out"), "hidden": True}],
    }  # fmt: skip
    return render(request, "oversight/round_indicators.html", context, status=422 if form.errors else 200)


def _uuids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def participants(request: ActorRequest, round_id: UUID) -> HttpResponse:
    """Ask firms or laboratories to take part: filter, tick, ask."""
    found = round_for(request.actor, round_id)
    if request.method == "POST":
        many = services.invite_to_round(
            actor=request.actor, round_id=found.pk, org_ids=_uuids(request.POST.getlist("org")), now=timezone.now()
        )
        messages.success(request, ngettext("%(n)s more on the list.", "%(n)s more on the list.", many) % {"n": many})
        return redirect("oversight:round", found.pk)
    asked: dict[str, Any] = {name: text_of(request, name, most=40) for name in ("q", "node", "region")}
    there = {row.org_id for row in participants_of(request.actor, found)}
    rows = candidates(request.actor, found.kind, **asked)
    language = get_language() or ""
    places = [place for place in regions() if place.parent_id]
    context = {
        "round": found, "name": round_cards.name_of_round(found), "more": len(rows) > MOST_CANDIDATES, "most": MOST_CANDIDATES, "asked": any(asked.values()),
        "orgs": [{"id": row.pk, "name": in_language(row.name_zh, row.name_en), "there": row.pk in there} for row in rows[:MOST_CANDIDATES]],
        "find": {"name": "q", "label": _("Name"), "value": asked["q"]},
        "selects": [
            {"name": "node", "label": _("Step of the chain"), "value": asked["node"], "options": [{"value": "", "label": _("All steps")}, *({"value": node.code, "label": in_language(node.name_zh, node.name_en)} for node in chain_nodes())]},
            {"name": "region", "label": _("Place"), "value": asked["region"], "options": [{"value": "", "label": _("All places")}, *({"value": code, "label": words} for code, words in names_of(places, language).items())]},
        ],
        "crumbs": crumbs_of((reverse("oversight:round", args=[found.pk]), found.number), ("", _("Participants"))),
    }  # fmt: skip
    return render(request, "oversight/round_participants.html", context)


@wearing(Hat.BUREAU)
@require_POST
def move(request: ActorRequest, round_id: UUID) -> HttpResponse:
    """The next step."""
    found = round_for(request.actor, round_id)
    moved = services.move_round(actor=request.actor, round_id=found.pk, to=request.POST.get("to", ""), now=timezone.now())
    messages.success(request, str(STATE_CHIPS[moved.state][2]))
    return redirect("oversight:round", found.pk)


@wearing(*ANSWERING)
@require_POST
def answer(request: ActorRequest, participant_id: UUID) -> HttpResponse:
    """Take part, or not."""
    joins = request.POST.get("answer") == "join"
    row = services.answer_round(actor=request.actor, participant_id=participant_id, joins=joins, now=timezone.now())
    messages.success(request, _("Your firm takes part.") if joins else _("Your firm does not take part."))
    return redirect("oversight:round", row.round_id)


@wearing(Hat.BUREAU)
@require_POST
def leave_out(request: ActorRequest, participant_id: UUID) -> HttpResponse:
    """Do not count a participant, with a note."""
    row, form = part_for(request.actor, participant_id), LeaveOutForm(request.POST)
    if form.is_valid():
        try:
            services.leave_out(actor=request.actor, participant_id=row.pk, because=form.cleaned_data["because"], now=timezone.now())
            return redirect("oversight:round", row.round_id)
        except RuleBroken as broken:
            refuse(form, broken)
    return _round(request, row.round, left_out=form, status=422)


@wearing(Hat.BUREAU)
@require_POST
def send_again(request: ActorRequest, participant_id: UUID) -> HttpResponse:
    """Another sample."""
    sheet = services.send_again(actor=request.actor, participant_id=participant_id, now=timezone.now())
    messages.success(request, _("Another sample is on its way."))
    return redirect("oversight:round", sheet.round_id)


@wearing(*SIDES)
@require_safe
def report(request: ActorRequest, round_id: UUID) -> HttpResponse:
    """The report of a round: oneself and the crowd; for the bureau with names."""
    actor, found = request.actor, round_for(request.actor, round_id)
    measures, part = measures_of(actor, found), own_part(actor, found)
    people = participants_of(actor, found) if actor.hat is Hat.BUREAU else []
    names = {row.blind_code: in_language(row.org_name_zh, row.org_name_en) for row in people if row.blind_code}
    sheets = report_sheets(measures, analyses_of(actor, found), characteristics_of(measures), part.blind_code if part else "", names)
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    return _file(report_file(kind, sheets), kind, f"round-{found.number}")


@wearing(*ANSWERING)
@require_safe
def own(request: ActorRequest) -> HttpResponse:
    """One's own place over rounds: a laboratory's scores, a firm's products beside the crowd."""
    past = own_past(request.actor)
    cards = round_cards.past_cards(past, characteristics_of(each.measure for each in past))
    context = {"cards": cards, "verdicts": VERDICT_CHIPS, "is_lab": request.actor.hat is Hat.LAB, "crumbs": crumbs_of(("", _("Own place over rounds"))), "now": timezone.now()}
    return render(request, "oversight/rounds_own.html", context)
