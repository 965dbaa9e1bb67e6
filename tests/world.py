"""A small living world, built through the product's own verbs: one story per pair of chain owner and supplier."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4
from zlib import crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from agreements.limits import LimitSaid
from agreements.models import AgreementPaper, Clause, Obligation
from agreements.selectors import current_version
from agreements.services import draft_agreement, send_agreement, sign_agreement
from agreements.services.batches import BatchSaid, differ, start_batch
from agreements.services.library import propose_limit
from agreements.services.samples import SampleSaid, draft_sample, offer_sample
from agreements.services.stamped import file_stamped
from audits.models import Audit
from audits.services import (
    ActionWords,
    Observation,
    accept_finding,
    add_photo,
    answer_finding,
    raise_finding,
    save_answer,
    submit_audit,
)
from audits.services import tick as audits_tick
from foundation.actor import Hat, acting_as, as_actor
from inspections.models import ChangeReply, Lot, Signal, SwitchingSeries
from inspections.selectors.change_notices import customers_to_tell
from inspections.services.actions import ActionSaid, open_actions
from inspections.services.arbitration import ArbitrationSaid, ask_arbitration
from inspections.services.causes import note_cause
from inspections.services.change_notices import ChangeSaid, draft_change, send_change
from inspections.services.changes import mark_change
from inspections.services.concessions import ask_concession
from inspections.services.decisions import DecisionSaid, decide_lot
from inspections.services.descent import InputSaid, name_input
from inspections.services.lots import LotSaid, register_lot
from inspections.services.result_files import start_result_import
from inspections.services.results import file_results
from inspections.services.results_corrected import correct_result
from inspections.services.sampling import CorrectionSaid, InspectionSaid, Named, correct_inspection, file_inspection
from inspections.services.sampling_series import allow_reduced
from inspections.services.watching import watch_due
from inspections.typed import SetSaid
from jobs import papers
from jobs.models import OutboxEvent
from notices.models import Notification
from parties.models import Membership, Organisation
from parties.services import ColleagueSaid, CqoSaid, accept_colleague, appoint_cqo, invite_colleague, issue_token, name_deputy
from parties.services.colleagues import colleague_token
from records.models import EvidenceShare, Grant, Head, RecordEntry, UploadSession
from records.services.acks import dispute
from records.services.evidence import file_evidence
from records.services.sequencer import sequence_once
from suppliers.filters import wanted
from suppliers.models import SupplyLink
from suppliers.selectors.invitations import INVITE
from suppliers.services.approvals import Decision, decide_approval
from suppliers.services.bulk_edits import Picked, apply_bulk_edit, change_said
from suppliers.services.exports import ask_export, write_export
from suppliers.services.firm import PaperFacts, file_paper
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from suppliers.services.firm_places import ProcessSaid, SiteSaid, add_process, add_site
from suppliers.services.firm_products import ProductSaid, add_product
from suppliers.services.invitations import invite
from suppliers.services.inviting import start_inviting
from suppliers.services.lists import start_import
from suppliers.services.merges import merge_links
from suppliers.services.saved_views import ViewSaid, keep_view
from suppliers.services.verification import ask_verification, return_firm
from tests.cast import PASSWORD, actor, link_id
from tests.checklists import own_checklist
from tests.corrected import put_right
from tests.planned import a_plan
from tests.shown import shown_audit
from tests.talked import talked_over
from tests.visited import a_programme
from tests.world_campaigns import asked_by_the_bureau
from tests.world_chain import statistics_handed_in
from tests.world_duty import a_duty_case
from tests.world_portraits import a_portrait
from tests.world_problem_map import a_published_quarter
from tests.world_problems import problems_told
from tests.world_rounds import a_comparison
from tests.world_services import a_service
from tests.world_visits import a_visit

LIST = "企业名称,统一社会信用代码,联系人,手机号\n宁波岚彩印染{mark}有限公司（示例）,{code},周师傅{mark},19000000011\n"


@dataclass
class Story:
    """What one pair left behind; ids by the names that addresses use."""

    owner: str
    supplier: str
    ids: dict[str, Any] = field(default_factory=dict)


def photo(colour: tuple[int, int, int] = (44, 66, 146)) -> Path:
    """A small real JPEG in a folder of its own."""
    path = Path(mkdtemp(prefix="qcchain-")) / "photo.jpg"
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue())
    return path


def agree(owner: str, supplier: str, *, now: datetime, template: str = "garment-1", mark: str = "", stamp: bool = False) -> Any:
    """Draft, send, sign on both sides: in force at once. With `stamp` the supplier had sent a stamped copy before, and then signed here."""
    buyer, maker, today = actor(owner), actor(supplier), timezone.localdate(now)
    with as_actor(buyer):
        link = SupplyLink.objects.get(pk=link_id(owner, supplier))
        agreement = draft_agreement(actor=buyer, link=link, template_code=template, effective_from=today, effective_to=None, now=now)
        agreement = send_agreement(actor=buyer, agreement=agreement, now=now)
        sha256 = current_version(buyer, agreement).sha256
        sign_agreement(actor=buyer, agreement=agreement, sha256=sha256, password=PASSWORD, now=now)
    with as_actor(maker):
        if stamp:
            page = SimpleUploadedFile(f"盖章{mark}.jpg", photo((160, 30, 30)).read_bytes(), "image/jpeg")
            file_stamped(actor=maker, agreement=agreement, sha256=sha256, files=[page], client_id=f"{agreement.pk}-stamp", now=now)
        sign_agreement(actor=maker, agreement=agreement, sha256=sha256, password=PASSWORD, now=now)
        agreement.refresh_from_db()
    return agreement


def answer_all(supplier: str, audit: Any, *, now: datetime, mark: str = "") -> Any:
    """Answer five questions with photos where asked, and submit. Returns one of the photos."""
    maker = actor(supplier)
    with as_actor(maker):
        evidence = None
        for number in range(1, 6):
            save_answer(actor=maker, audit_id=audit.pk, number=number, answer="no" if number == 4 else "yes", note=f"料架拆开了{mark}", now=now)
            if number in (1, 2, 4):
                evidence = file_evidence(actor=maker, path=photo((number * 40, 90, 120)), name=f"photo-{number}{mark}.jpg", client_id=f"{audit.pk}-{number}", now=now)
                add_photo(actor=maker, audit_id=audit.pk, number=number, evidence=evidence, now=now)
        submit_audit(actor=maker, audit_id=audit.pk, now=now)
    return evidence


def first_audit(maker: Any, agreement: Any, *, now: datetime) -> Any:
    """The audit that the clock makes. A visit that falls on days off moves on, and its notice with it: so look on for some days."""
    for days in range(15):
        audits_tick(now + timedelta(days=days))
        with as_actor(maker):
            audit = Audit.objects.visible_to(maker).filter(agreement=agreement).order_by("visit_on").first()
        if audit:
            return audit
    raise AssertionError("the clock made no audit")


def own_lists(maker: Any, proof: Any, *, now: datetime, mark: str = "") -> dict[str, Any]:
    """One thing of each list that a firm keeps of itself; only a firm with the site sees them."""
    site = add_site(actor=maker, said=SiteSaid(f"二号车间{mark}", address=f"示例路 3 号{mark}", floor_notes=f"红区在东门{mark}"), client_id=uuid4(), now=now)
    process = add_process(actor=maker, said=ProcessSaid(site.pk, "dyeing", machines=f"溢流机{mark}"), client_id=uuid4(), now=now)
    product = add_product(actor=maker, said=ProductSaid(f"P-{proof.pk}", f"针织纱{mark}", construction=f"2/26Nm{mark}"), client_id=uuid4(), now=now)
    instrument = add_instrument(actor=maker, said=InstrumentSaid("balance", f"N-{str(proof.pk)[:20]}{mark}", model=f"天平{mark}"), client_id=uuid4(), now=now)
    facts = PaperFacts("certificate", standard="iso_9001", number=f"Q-1{mark}", scope=f"针织纱{mark}")
    paper = file_paper(actor=maker, paper=facts, path=photo((90, 20, 20)), name=f"cert{mark}.jpg", client_id=f"{proof.pk}-cert", now=now)
    return {"site_id": site.pk, "process_id": process.pk, "product_id": product.pk, "instrument_id": instrument.pk, "paper_id": paper.pk}


def own_people(owner: str, maker: Any, *, now: datetime, mark: str) -> dict[str, Any]:
    """A colleague who stands in for the firm's first person, another who is invited, and the chief quality officer's appointment."""
    today, phone = timezone.localdate(now), f"190{crc32(f'{owner}{maker.person_id}'.encode()) % 10**8:08d}"
    with as_actor(maker):
        asked = invite_colleague(actor=maker, said=ColleagueSaid(f"何经{mark}", phone, ["staff"]), now=now)
    with acting_as(Hat.LOBBY):
        one = accept_colleague(token=colleague_token(asked.pk), person=None, password=PASSWORD, now=now)
    with as_actor(maker):
        waits = invite_colleague(actor=maker, said=ColleagueSaid(f"周二{mark}", f"zhou{mark}-{owner}@demo.example", ["viewer"]), now=now)
        deputy = name_deputy(
            actor=maker, person_id=one.pk, stands_for_id=maker.person_id, roles=["quality"], days=(today, today + timedelta(days=7)), now=now
        )
        row = Membership.objects.visible_to(maker).get(person_id=one.pk)
        said = CqoSaid(appointed_on=today, years_in_quality=7, education="college", training_certificate=f"CQO{mark}")
        appoint_cqo(actor=maker, person_id=maker.person_id, said=said, now=now)
    return {"colleague_invitation_id": waits.pk, "deputy_id": deputy.pk, "membership_id": row.pk}


def own_merges(buyer: Any, supplier: str, *, now: datetime, mark: str) -> dict[str, Any]:
    """Two lines of the owner that were one firm, and a round of invitations for the one that stayed."""
    lines = [
        SupplyLink.objects.create(
            owner_org_id=buyer.org_id, owner_name_zh=buyer.org_name_zh, owner_name_en=buyer.org_name_en, name_zh=f"宁波初经{mark}{each}",
            pinyin_key="chujing", uscc=f"0M{crc32((supplier + each).encode()):010d}", contact=f"初师傅{mark}", is_demo=True, created_at=now,
        )
        for each in ("纺织有限公司", "纺织厂")
    ]  # fmt: skip
    merge = merge_links(actor=buyer, kept=lines[0], absorbed=lines[1], chosen={}, now=now)
    rounds = start_inviting(actor=buyer, job_id=uuid4(), do=INVITE, ids=[lines[0].pk], now=now)
    return {"merge_id": merge.pk, "inviting_id": rounds.pk}


def looked_at(maker: Any, evidence: Any, *, now: datetime) -> Any:
    """A licence that the platform has returned; the firm is verified again afterwards, as the cast wants it."""
    pan = actor("pan")
    with as_actor(pan):
        Organisation.objects.filter(pk=maker.org_id).update(state="registered")
    with as_actor(maker):
        asked = ask_verification(maker, evidence.pk, now)
    assert asked is not None
    with as_actor(pan):
        return_firm(actor=pan, verification_id=asked.pk, reasons=["other"], note=f"看不清，请找{pan.person_name}", now=now)
        Organisation.objects.filter(pk=maker.org_id).update(state="verified")
    return asked.pk


def _sketch(words: str, *_how: Any) -> bytes:
    """A paper of which only the first line and a fingerprint stand: what it says is held by the tests of papers."""
    return b"%PDF-1.7\n% " + sha256(words.encode()).hexdigest().encode()


@contextmanager
def sketched() -> Iterator[None]:
    """Papers are not drawn meanwhile: a story prints three of them, and a second each is half of its time."""
    drawn, papers._drawn = papers._drawn, _sketch
    papers._printed.cache_clear()
    try:
        yield
    finally:
        papers._drawn = drawn
        papers._printed.cache_clear()


@sketched()
def build_story(owner: str, supplier: str, *, now: datetime, mark: str = "") -> Story:
    """One pair from draft to an answered finding, a disputed entry and a list. `mark` goes into every word that a person types."""
    story = Story(owner, supplier)
    buyer, maker = actor(owner), actor(supplier)
    agreement = agree(owner, supplier, now=now, mark=mark, stamp=True)
    audit = first_audit(maker, agreement, now=now)
    evidence = answer_all(supplier, audit, now=now, mark=mark)
    later = now + timedelta(minutes=5)
    with as_actor(buyer):
        seen = Observation(grade="minor", requirement=f"不合格品单独存放{mark}", observed=f"与合格品混放{mark}", question_code="MW-4")
        finding = raise_finding(actor=buyer, audit_id=audit.pk, seen=seen, client_id="f1", now=later)
        share = EvidenceShare.objects.visible_to(buyer).filter(evidence_id=evidence.pk).first()
        batch = start_import(actor=buyer, file_name=f"名单{mark}.csv", data=LIST.format(code="0DEM04E914JL3PWRKK", mark=mark).encode(), now=now)
        draft = draft_agreement(
            actor=buyer, link=SupplyLink.objects.get(pk=link_id(owner, supplier)), template_code="garment-1",
            effective_from=timezone.localdate(now) + timedelta(days=30), effective_to=None, now=now,
        )  # fmt: skip
    with as_actor(maker):
        accept_finding(actor=maker, finding_id=finding.pk, now=later)
        words = ActionWords(correction=f"当场隔离{mark}", cause=f"没有专用区{mark}", action=f"划出红色区域{mark}")
        proof = file_evidence(actor=maker, path=photo((10, 120, 60)), name=f"after{mark}.jpg", client_id=f"{finding.pk}-after", now=later + timedelta(seconds=30))
        answer_finding(actor=maker, finding_id=finding.pk, said=words, evidence_id=proof.pk, client_id="a1", now=later + timedelta(minutes=1))
        entry = RecordEntry.objects.visible_to(maker).filter(kind="finding_raised", stream_id=agreement.stream_id).latest("at")
        dispute(actor=maker, entry=entry, reason=f"当天红区正在重新划线{mark}", now=later)
        obligation = Obligation.objects.visible_to(maker).filter(agreement=agreement, kind="document").earliest("due_on")
        upload = UploadSession.objects.create(
            org_id=maker.org_id, client_id=f"upload-{agreement.pk}", name=f"half{mark}.jpg", declared_size=10, declared_sha256="0" * 64, path="incoming/half", created_at=now
        )
    sequence_once(now=later)
    with as_actor(buyer):
        clause = Clause.objects.visible_to(buyer).filter(version__agreement=draft).earliest("order")
        token, _ = issue_token(actor=buyer, name=f"erp{mark}", scopes=["read"], now=now)
        notification = Notification.objects.visible_to(buyer).latest("at")
        merged = own_merges(buyer, supplier, now=now, mark=mark)
    at_work = list_at_work(buyer, story, now=now, mark=mark)
    with as_actor(maker):
        grant = Grant.objects.visible_to(maker).filter(to_org_id=buyer.org_id).earliest("id")
        kept = own_lists(maker, proof, now=later, mark=mark)
    people = own_people(owner, maker, now=later, mark=mark)
    sample_id = offered_sample(maker, link_id(owner, supplier), proof, now=later, mark=mark)
    verification_id = looked_at(maker, proof, now=later)
    with acting_as(Hat.CLOCK):
        page = AgreementPaper.objects.get(version__agreement=agreement, kind="stamped")
        event = OutboxEvent.objects.filter(payload__has_key="notification_id").latest("id")
    zips = a_lot_inspected(owner, supplier, now=now, mark=mark)
    story.ids = {
        "clause_id": clause.pk, "token_id": token.pk, "notification_id": notification.pk, "grant_id": grant.pk, "event_id": event.pk,
        "link_id": link_id(owner, supplier), "agreement_id": agreement.pk, "draft_id": draft.pk, "audit_id": audit.pk, "finding_id": finding.pk,
        "entry_id": entry.pk, "stream_id": agreement.stream_id, "evidence_id": evidence.pk, "share_id": share.pk if share else None,
        "import_id": batch.pk, "obligation_id": obligation.pk, "upload_id": upload.pk, **kept, **people, **merged, "verification_id": verification_id,
        **put_right(owner, supplier, audit.pk, photo=photo, now=later, mark=mark),
        **talked_over(owner, supplier, now=now, mark=mark), **at_work, "stamped_id": page.stamped_id, "kept_id": page.pk, "sample_id": sample_id, "limit_id": limit_waiting(now=now),
        **a_programme(buyer, maker, audit, now=later, mark=mark), **a_plan(buyer, audit, now=later),
        "share_of_audit_id": shown_audit(maker, agreement, now=later, mark=mark).pk,
        **a_portrait(supplier, now=later, mark=mark),
        **problems_told(owner, supplier, now=later),
        **a_service(maker, now=later, mark=mark),
        **a_comparison(maker, now=later),
        **a_visit(buyer, agreement, photo, now=later, mark=mark), **zips, **in_dispute(owner, supplier, now=later, mark=mark),
        **a_duty_case(maker, agreement.pk, finding.pk, now=later, mark=mark),
        **a_change_told(buyer, maker, now=later, mark=mark), **own_checklist(buyer, audit, now=later, mark=mark),
        **asked_by_the_bureau(buyer, maker, now=later),
        **own_batch(buyer, link_id(owner, supplier), now=now, mark=mark), **joint_action(buyer, link_id(owner, supplier), now=now, mark=mark), **a_lot_with_its_label(maker, link_id(owner, supplier), now=later, mark=mark),
    }  # fmt: skip
    a_published_quarter(later)
    statistics_handed_in(later)
    return story


def own_batch(buyer: Any, link: Any, *, now: datetime, mark: str) -> dict[str, Any]:
    """Drafts for many, with one supplier in it for whom a limit differs."""
    starts = timezone.localdate(now) + timedelta(days=45)
    with as_actor(buyer):
        line = SupplyLink.objects.get(pk=link)
        begun = start_batch(actor=buyer, batch_id=uuid4(), said=BatchSaid("garment-1", starts, None), links=[line], now=now)
        stricter = {"lower": "4", "source": f"agreed by both sides{mark}", "source_zh": f"双方商定{mark}"}
        differ(actor=buyer, batch=begun, number=1, params=stricter, link_id=link, now=now)
    return {"batch_id": begun.pk}


def a_lot_with_its_label(maker: Any, link: Any, *, now: datetime, mark: str) -> dict[str, Any]:
    """A lot that the supplier registered for its customer."""
    said = LotSaid(
        f"YZ-001{mark}", f"羊绒针织纱 2/26Nm{mark}", timezone.localdate(now), Decimal("1200"), "kg", product_code=f"CASH-2/26{mark}"[:40],
        colour=f"驼色{mark}", note=f"三号机{mark}",
    )  # fmt: skip
    with as_actor(maker):
        lot = register_lot(actor=maker, said=said, client_id=uuid4(), now=now, link=SupplyLink.objects.get(pk=link))
        label = InputSaid(parent_no=f"HL-0912{mark}", made_by=f"岚彩印染{mark}", material=f"活性黑{mark}", quantity=Decimal("120"), unit="kg")
        name_input(actor=maker, lot=lot, said=label, client_id=uuid4(), now=now)
    return {"lot_id": lot.pk, "lot_token": lot.token, **a_change_marked(maker, lot, now=now, mark=mark), **a_test_filed(maker, lot, now=now, mark=mark), **a_signal(maker, lot, now=now, mark=mark), **a_result_file(maker, lot, now=now, mark=mark)}


def a_result_file(maker: Any, lot: Lot, *, now: datetime, mark: str) -> dict[str, Any]:
    """A file of one set that cannot be, waiting to be mended."""
    line = {"idempotency_key": f"file-{lot.pk.hex}", "lot": lot.lot_no, "characteristic": "PH", "values": [66], "unit": "", "measured_at": "2025-04-01T08:00:00Z"}
    with as_actor(maker):
        data = json.dumps(line, ensure_ascii=False).encode()
        batch = start_result_import(actor=maker, file_name=f"结果{mark}.jsonl", data=data, now=now)
    return {"result_import_id": batch.pk}


def a_change_marked(maker: Any, lot: Lot, *, now: datetime, mark: str) -> dict[str, Any]:
    """A fibre diameter that the maker filed of this lot, and its word that something is different from here on."""
    with as_actor(maker):
        file_results(actor=maker, lot=lot, sets=[SetSaid("FIB-DIA", ("15.4", "15.2"), key=f"diameter-{lot.pk.hex}{mark}")], now=now, entered_via="web")
        point = mark_change(actor=maker, lot_id=lot.pk, characteristic="FIB-DIA", cause="material", note=f"新到原料包{mark}", now=now)
    return {"point_id": point.pk}


def a_test_filed(maker: Any, lot: Lot, *, now: datetime, mark: str) -> dict[str, Any]:
    """A pH that the maker typed with all that may be said beside it, by a laboratory, and corrected once."""
    said = SetSaid(
        "PH", ("6.6", "9.1"), edition="GB/T 7573-2009", instrument=f"PH-7{mark}", sample=f"3 号筒{mark}", operator=f"周师傅{mark}",
        laboratory=f"示例化验室{mark}", lab_status=("cma",), origin="lab", key=f"ph-{lot.pk.hex}{mark}",
    )  # fmt: skip
    with as_actor(maker):
        (kept,) = file_results(actor=maker, lot=lot, sets=[said], now=now, entered_via="web")
        right = replace(said, values=("6.6", "8.8"), key=f"ph-again-{lot.pk.hex}{mark}")
        row = correct_result(actor=maker, result=kept.row, said=right, reason=f"看错了小数{mark}", now=now)
    return {"result_id": row.pk}


def a_signal(maker: Any, lot: Lot, *, now: datetime, mark: str) -> dict[str, Any]:
    """A pH that the chain owner found out of the limits: both sides see the signal, and the maker says what was behind it."""
    buyer = next(each for each in (actor("chen"), actor("fang")) if each.org_id == lot.owner_org_id)
    with as_actor(buyer):
        said = SetSaid("PH", ("9.4",), edition="GB/T 7573-2009", key=f"ph-too-high-{lot.pk.hex}{mark}")
        file_results(actor=buyer, lot=lot, sets=[said], now=now, entered_via="web")
    watch_due(now=now)
    with as_actor(maker):
        signal = Signal.objects.visible_to(maker).filter(lot=lot, kind="out_of_limits", owner_sees_at__isnull=False).latest("id")
        note_cause(actor=maker, signal=signal, cause="method", words=f"水洗少了一道{mark}", now=now)
    return {"signal_id": signal.pk}


def a_lot_inspected(owner: str, supplier: str, *, now: datetime, mark: str) -> dict[str, Any]:
    """A lot of zips that the chain owner inspected under an agreement with AQLs, put right once; reduced inspection is allowed."""
    buyer, maker, today = actor(owner), actor(supplier), timezone.localdate(now)
    agree(owner, supplier, now=now, template="accessories-1", mark=mark)
    said = LotSaid(f"LL-001{mark}", f"拉链{mark}", today, Decimal("1200"), "pcs", product_code=f"ZIP-5{mark}"[:40])
    with as_actor(maker):
        lot = register_lot(actor=maker, said=said, client_id=uuid4(), now=now, link=SupplyLink.objects.get(pk=link_id(owner, supplier)))
    counts, words = {"critical": 0, "major": 1, "minor": 2}, Named("major", f"拉头卡滞{mark}", 1)
    with as_actor(buyer):
        found = InspectionSaid("final", counts, today, named=[words], body=f"示例检验{mark}", note=f"上午抽样{mark}")
        row = file_inspection(actor=buyer, lot=lot, said=found, client_id=uuid4(), now=now)
        again = CorrectionSaid(counts | {"minor": 1}, f"有一件数了两次{mark}", named=[words])
        newer = correct_inspection(actor=buyer, inspection=row, said=again, client_id=uuid4(), now=now)
        series = SwitchingSeries.objects.visible_to(buyer).get(link_id=link_id(owner, supplier), klass="major")
        allow_reduced(actor=buyer, series=series, allowed=True, reason=f"半年来稳定{mark}", now=now)
    return {"inspection_id": newer.pk, "series_id": series.pk}


def in_dispute(owner: str, supplier: str, *, now: datetime, mark: str) -> dict[str, Any]:
    """A lot for which the supplier asks for a concession, and one about which a laboratory is asked: its product names no firm."""
    buyer, maker = actor(owner), actor(supplier)
    with as_actor(maker):
        link = SupplyLink.objects.get(pk=link_id(owner, supplier))
        lots = [
            register_lot(actor=maker, said=LotSaid(f"LL-{number}{mark}", product, timezone.localdate(now), Decimal(900), "pcs"), client_id=uuid4(), now=now, link=link)
            for number, product in ((101, f"拉链{mark}"), (102, "金属拉链 5#"))
        ]  # fmt: skip
        for lot in lots:
            why = DecisionSaid("hold", why_code="other", why=f"拉头镀层发花{mark}")
            decide_lot(actor=maker, lot=lot, said=why, client_id=uuid4(), now=now)
        asked = ask_concession(actor=maker, lot=lots[0], quantity=Decimal(60), why=f"仅发花，强力合格{mark}", client_id=uuid4(), now=now)
    with as_actor(buyer):
        said = ArbitrationSaid("CF-RUB", f"镀层牢度双方测得不同{mark}", lab_org_id=actor("mei").org_id)
        case = ask_arbitration(actor=buyer, lot=lots[1], said=said, client_id=uuid4(), now=now)
    return {"concession_id": asked.pk, "arbitration_id": case.pk}


def a_change_told(buyer: Any, maker: Any, *, now: datetime, mark: str) -> dict[str, Any]:
    """A change that the supplier tells its customers of. What reaches two of them is not typed for one."""
    today = timezone.localdate(now)
    with as_actor(maker):
        one = mark if len(customers_to_tell(maker, "material", today)) == 1 else ""
        said = ChangeSaid("material", f"拉链{one}", f"甲厂锌合金{one}", f"乙厂锌合金{one}", today + timedelta(days=30))
        row = send_change(actor=maker, change=draft_change(actor=maker, said=said, client_id=uuid4(), now=now), now=now)
    with as_actor(buyer):
        return {"change_id": row.pk, "reply_id": ChangeReply.objects.visible_to(buyer).get(change_id=row.pk).pk}


def joint_action(buyer: Any, link: Any, *, now: datetime, mark: str) -> dict[str, Any]:
    """What the chain owner wants to look into together with the supplier."""
    said = ActionSaid("PH", "GB/T 7573-2009", "", f"酸碱度批间差偏大，请一起查水洗{mark}", timezone.localdate(now) + timedelta(days=20))
    with as_actor(buyer):
        line = SupplyLink.objects.get(pk=link)
        (row,) = open_actions(actor=buyer, links=[line], said=said, facts={line.pk: {"lots": 6, "readings": 18}}, client_id=uuid4(), now=now)
    return {"action_id": row.pk}


def offered_sample(maker: Any, link: Any, proof: Any, *, now: datetime, mark: str) -> Any:
    """A swatch that the supplier offers to seal."""
    last = timezone.localdate(now) + timedelta(days=365)
    said = SampleSaid(f"2/26Nm 羊绒纱{mark}", f"驼色{mark}", ("52.31", "8.4", "-3.1"), "D65", 10, last, holder=f"打样间{mark}", note=f"第二次打样{mark}")
    with as_actor(maker):
        row = draft_sample(actor=maker, link=SupplyLink.objects.get(pk=link), said=said, client_id=uuid4(), photo=proof, now=now)
        return offer_sample(actor=maker, sample=row, now=now).pk


def list_at_work(buyer: Any, story: Story, *, now: datetime, mark: str) -> dict[str, Any]:
    """What an owner does with its list: a view for all, a change of many, a decision, an export with its file."""
    link, mine = link_id(story.owner, story.supplier), wanted({"query": f"云杼{mark}"})
    with as_actor(buyer):
        edit = apply_bulk_edit(
            actor=buyer, edit_id=uuid4(), picked=Picked(ids=[link]), change=change_said("tag", f"秋{story.supplier}{mark}"[:20], now=now), seen="", now=now
        )  # fmt: skip
        said = Decision("knitting", "approved", f"三批合格{story.supplier}{mark}")
        decide_approval(actor=buyer, link=SupplyLink.objects.get(pk=link), said=said, now=now)
        view = keep_view(actor=buyer, said=ViewSaid(f"{story.supplier}{mark}"[:40], for_all=True), wanted=mine, now=now)
        job = ask_export(actor=buyer, job_id=uuid4(), wanted=wanted({}), kind="csv", language="zh-hans", now=now)
    write_export(key=f"export:{job.pk}", job_id=job.pk, org_id=buyer.org_id)
    return {"edit_id": edit.pk, "view_id": view.pk, "export_id": job.pk}


def invited(owner: str, *, now: datetime, name: str = "宁波青纬印染有限公司（示例）", uscc: str = "0DEM0B65AKBN4TH2CJ") -> tuple[SupplyLink, str]:
    """A listed firm with a fresh invitation; returns the link and the raw token."""
    buyer = actor(owner)
    with as_actor(buyer):
        link = SupplyLink.objects.create(
            owner_org_id=buyer.org_id, owner_name_zh=buyer.org_name_zh, owner_name_en=buyer.org_name_en, name_zh=name, pinyin_key="qingwei",
            uscc=uscc, phone="+8619000000022", region_code="330203", is_demo=True, created_at=now,
        )  # fmt: skip
        ((_, token),) = invite(actor=buyer, links=[link], now=now)
    return link, token


def limit_waiting(*, now: datetime) -> Any:
    """A limit that the platform's person proposed; the same one for every story."""
    pan = actor("pan")
    said = LimitSaid("DIM", "GB/T 8628-2013", product="bedding", lower="-4", upper="2", source_zh="行业惯例", source_en="customary in the trade")
    with as_actor(pan):
        return propose_limit(actor=pan, said=said, why="床品单列", now=now).pk


def heads() -> int:
    with acting_as(Hat.CLOCK):
        return Head.objects.count()


__all__ = ["Story", "agree", "answer_all", "build_story", "heads", "invited", "photo"]
