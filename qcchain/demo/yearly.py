"""A year of visits ahead: a programme in force, another as a draft, three auditors of whom one is away, and the plan that books them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from audits.services import tick as audits_tick
from audits.services.planning import LeaveSaid, ProfileSaid, ask_plan, confirm_plan, note_leave, reckoned, write_profile
from audits.services.programmes import ProgrammeSaid, SeasonSaid, draft_programme, move_programme
from foundation.actor import as_actor
from parties.models import Membership, Person
from qcchain.demo.firms import Firm, stable_id
from qcchain.demo.moments import Moments

OWNER = "yantang"
# Not where Lin and Wu work: what waits for them is told by their stories.
NODES = ("dyeing", "trims", "spinning", "garment", "home")
# name, what she knows, where she sets out from, days a month
AUDITORS = (("沈纬", ("dyeing", "spinning"), "330203", 6), ("邵绢", ("trims", "garment", "home"), "330212", 8))
AHEAD, YEAR = timedelta(days=60), timedelta(days=365)


def tell_the_year(firms: Mapping[str, Firm], moments: Moments) -> None:
    """After the background stands, as the database owner."""
    owner, now = firms[OWNER], moments.now
    actor, starts = owner.actor(), moments.today + AHEAD
    _auditors(owner, moments)
    with as_actor(actor):
        said = ProgrammeSaid(
            name="年度过程走访", checklist="process-walk-1", starts_on=starts, node_codes=NODES, notice_days=30, window_days=12,
            seasons=[SeasonSaid("秋冬大货旺季", date(starts.year, 9, 10), date(starts.year, 9, 30))],
        )  # fmt: skip
        programme = draft_programme(actor=actor, said=said, client_id="demo-year", now=moments.ago(3))
        move_programme(actor=actor, programme_id=programme.pk, verb="activate", now=moments.ago(2))
        another = ProgrammeSaid(name="高风险飞行检查（拟）", checklist="process-audit-1", starts_on=starts, bands=("C", "D"), announced=False, halves=2)
        draft_programme(actor=actor, said=another, client_id="demo-unannounced", now=moments.ago(1))
    audits_tick(now)
    plan = stable_id("plan", OWNER)
    with as_actor(actor):
        ask_plan(actor=actor, plan_id=plan, first_on=starts, last_on=starts + YEAR, now=now)
    keep = reckoned(plan_id=plan, org_id=owner.id)
    if keep is not None:
        keep(now)
        with as_actor(actor):
            confirm_plan(actor=actor, plan_id=plan, now=now)


def _auditors(owner: Firm, moments: Moments) -> None:
    """Two colleagues with a profile; one takes a course for three days."""
    actor, born = owner.actor(), moments.ago(200)
    for name, nodes, region, days in AUDITORS:
        person = Person(id=stable_id("auditor", name), username=f"demo-{stable_id('auditor', name).hex[:8]}", name=name, password=UNUSABLE_PASSWORD_PREFIX + "demo", is_demo=True, created_at=born)
        person.save(force_insert=True)
        Membership(
            person=person, person_name=name, org_id=owner.id, org_name_zh=owner.name.zh, org_name_en=owner.name.en, org_is_demo=True,
            role="auditor", valid_from=moments.day(-200),
        ).save(force_insert=True)  # fmt: skip
        with as_actor(actor):
            said = ProfileSaid(node_codes=list(nodes), languages=["zh"], home_region=region, days_per_month=days)
            profile = write_profile(actor=actor, person_id=person.pk, said=said, now=moments.ago(190))
    away = LeaveSaid("training", moments.day(70), moments.day(72))
    with as_actor(actor):
        note_leave(actor=actor, auditor_id=profile.pk, said=away, client_id="demo-leave", now=moments.now)
