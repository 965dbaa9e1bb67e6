"""Firms that talk a text over, change one in force, and seal samples: told through the product's own verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from agreements.models import Agreement, Clause
from agreements.selectors import clauses_of, current_version, working_version
from agreements.services import change_clause, send_agreement
from agreements.services.amending import start_amendment
from agreements.services.negotiation import Wish, propose
from agreements.services.samples import SampleSaid, confirm_sample, draft_sample, offer_sample
from agreements.services.talk import comment
from foundation.actor import Actor, as_actor
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.pictures import drawn
from qcchain.demo.relations import link_id
from records.services.evidence import file_evidence
from suppliers.models import SupplyLink

_NAMES = UUID("7a0c51de-8f0e-5a53-9d0b-2f6f0b7f6a11")
PRODUCT = "精梳棉针织纱 YZ-26S"


@dataclass(frozen=True)
class _Swatch:
    """A colour, when it was offered and until when it binds, in days from today; sealed by both or still waiting for the mill."""

    colour: str
    lab: tuple[str, str, str]
    ago: int
    last: int
    sealed: bool = True


SWATCHES = (
    _Swatch("本白", ("93.42", "-0.31", "3.86"), 340, 25),
    _Swatch("靛蓝 D-19", ("27.15", "2.04", "-18.60"), 120, 245),
    _Swatch("驼色 7041", ("61.73", "7.92", "21.08"), 1, 364, sealed=False),
)


def tell_agreeing(firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
    """Chen seals swatches with Lin, asks for fewer self-checks of a mill that did well, and is asked for more time by a spinner."""
    owner, mill, spinner = firms["yantang"], firms["yunzhu"], firms["helv"]
    for number, swatch in enumerate(SWATCHES):
        path = pictures / f"swatch-{number}.jpg"
        path.write_bytes(drawn("label", 700 + number))
        _seal(owner, mill, moments, swatch, path)
    _amend(owner, mill, moments)
    _ask_for_time(owner, spinner, moments)


def _seal(owner: Firm, mill: Firm, m: Moments, swatch: _Swatch, path: Path) -> None:
    chen, lin, at = owner.actor(), mill.actor(), m.ago(swatch.ago)
    said = SampleSaid(PRODUCT, swatch.colour, swatch.lab, "D65", 10, m.day(swatch.last), holder="打样间 3 号柜")
    with as_actor(chen):
        photo = file_evidence(actor=chen, path=path, name=path.name, client_id=f"demo-{path.stem}", now=at)
        link = SupplyLink.objects.get(pk=link_id(owner, mill))
        sample = draft_sample(actor=chen, link=link, said=said, client_id=uuid5(_NAMES, swatch.colour), photo=photo, now=at)
        sample = offer_sample(actor=chen, sample=sample, now=at)
    if swatch.sealed:
        with as_actor(lin):
            confirm_sample(actor=lin, sample=sample, holder="车间办公室文件柜", now=at + timedelta(days=2))


def _agreement(actor: Actor, owner: Firm, other: Firm) -> Agreement:
    return Agreement.objects.visible_to(actor).filter(link_id=link_id(owner, other)).latest("created_at")


def _clause(actor: Actor, agreement: Agreement, kind: str) -> Clause:
    version = working_version(actor, agreement)
    clause = next(clause for clause in clauses_of(actor, version) if clause.type == kind)
    version.agreement = agreement
    clause.version = version
    return clause


def _amend(owner: Firm, mill: Firm, m: Moments) -> None:
    """The text in force stays; the new one waits for Lin."""
    chen, at = owner.actor(), m.ago(4)
    with as_actor(chen):
        agreement = _agreement(chen, owner, mill)
        start_amendment(actor=chen, agreement=agreement, summary="连续两次自查情况良好，自查改为每 6 个月一次", effective_from=m.day(30), now=at)
        change_clause(actor=chen, clause=_clause(chen, agreement, "audit_frequency"), params={"every_months": 6}, now=at)
        send_agreement(actor=chen, agreement=agreement, now=_later(at))


def _ask_for_time(owner: Firm, spinner: Firm, m: Moments) -> None:
    """A counter-proposal with its reason, which waits for Chen, and a question beside it."""
    maker, at = spinner.actor(), m.ago(1, 15)
    with as_actor(maker):
        agreement = _agreement(maker, owner, spinner)
        version = current_version(maker, agreement)
        asked = next(clause for clause in clauses_of(maker, version) if clause.type == "document_required")
        wish = Wish(asked.order, params={"within_days": 45}, note="检测机构排期要六周，30 天赶不出来", client_id=uuid5(_NAMES, "45"))
        propose(actor=maker, agreement=agreement, wish=wish, now=at)
        question = "寄样由我方承担，检测费由哪一方承担？"
        comment(actor=maker, agreement=agreement, clause=asked.order, text=question, client_id=uuid5(_NAMES, "fee"), now=_later(at))


def _later(at: datetime) -> datetime:
    return at + timedelta(minutes=20)
