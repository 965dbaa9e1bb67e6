"""Visits at the mills that sign in: one of the past with an appeal, and two on the day of loading, that a phone can walk to their end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from agreements.models import Agreement
from audits.models import Finding
from audits.services import contest_finding, uphold_finding
from audits.services.announcing import announce
from audits.services.appeals import appeal_finding
from audits.services.gates import gate_token_of
from audits.services.visits import accept_day
from foundation.actor import Hat, acting_as, as_actor
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.relations import link_id
from qcchain.demo.visiting import Visit, Visitor

PAST, NOT_MET = 45, 3
AHEAD = (("yantang", "yunzhu"), ("lucen", "lanzhi"))
TOLD = 14  # days before the visit: younger agreements than the thirty of other visits


def tell_at_lins(firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
    """Before the clock comes to the day: what is announced here is mailed with everything else."""
    teller = Visitor(moments, pictures)
    _past(firms, moments, teller)
    for owner, supplier in AHEAD:
        _today(firms[owner], firms[supplier], moments, teller)


def _agreement(owner: Firm, supplier: Firm) -> Agreement:
    return Agreement.objects.filter(link_id=link_id(owner, supplier), state="in_force").order_by("effective_from", "id")[0]


def _past(firms: Mapping[str, Firm], moments: Moments, teller: Visitor) -> None:
    """Two findings were put right; the third was contested, upheld, and waits for the laboratory."""
    owner, supplier = firms["yantang"], firms["yunzhu"]
    visit = Visit(_agreement(owner, supplier), owner, supplier, moments.worked_before(PAST), NOT_MET, closed=False)
    teller.tell(visit)
    audit, at = teller.finished[-1], moments.on(visit.on, 9, 30)
    chen, lin = owner.actor(), supplier.actor()
    with as_actor(lin):
        finding = Finding.objects.filter(audit=audit, state="raised", grade="minor").order_by("id").last()
        if finding is None:
            return
        contest_finding(actor=lin, finding_id=finding.pk, reason="当班记录在另一本台账里，审核时没有翻到", now=at + timedelta(days=5))
    with as_actor(chen):
        uphold_finding(actor=chen, finding_id=finding.pk, reason="台账没有编号，也没有当班人签字", now=at + timedelta(days=9))
    teller.put_right(audit, chen, lin, at + timedelta(days=20))
    with as_actor(lin):
        why = "台账有签字的那一页已附上，请第三方判断"
        appeal_finding(
            actor=lin, finding_id=finding.pk, arbiter_org_id=firms["lab"].id, why=why, client_id="demo-appeal-of-a-finding", now=moments.ago(4, 14)
        )


def _today(owner: Firm, supplier: Firm, moments: Moments, teller: Visitor) -> None:
    """Announced, confirmed, with the code at the gate: ready to be packed and begun."""
    on = moments.worked_after(0)
    visit = Visit(_agreement(owner, supplier), owner, supplier, on, 0, closed=False)
    audit = teller.booked(visit, notice_days=TOLD)
    with acting_as(Hat.CLOCK):
        announce(moments.on(on - timedelta(days=TOLD), 8))
    host = supplier.actor()
    with as_actor(host):
        accept_day(actor=host, audit_id=audit.pk, now=moments.on(on - timedelta(days=TOLD - 2), 15))
        gate_token_of(actor=host, site_id=audit.site_id)
