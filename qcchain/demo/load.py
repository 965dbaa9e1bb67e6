"""The whole load in one transaction: a kill in the middle leaves nothing, and the next start begins anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from agreements.tasks import BATCH
from agreements.tasks import tick as agreements_tick
from audits.services import tick as audits_tick
from oversight.services.chain_map import tick as chain_tick
from oversight.services.problem_map import publish_due_quarters
from parties.models import Organisation
from qcchain.demo.at_lins import tell_at_lins
from qcchain.demo.background import write_background
from qcchain.demo.background_lots import write_background_lots
from qcchain.demo.campaigns import tell_campaigns, tell_last_month
from qcchain.demo.chain_statistics import tell_chain_statistics
from qcchain.demo.city import fill_city
from qcchain.demo.duty import tell_duty
from qcchain.demo.effects import carry_out, leave_a_dead_letter, print_sheets, read_what_is_old
from qcchain.demo.firms import firms_of, seal_passwords, write_firms
from qcchain.demo.moments import Moments
from qcchain.demo.portraits import tell_portraits
from qcchain.demo.problems import tell_help, tell_problems
from qcchain.demo.relations import STORY_PAIRS, pairs_of, write_relations
from qcchain.demo.rounds import tell_rounds
from qcchain.demo.services import tell_services
from qcchain.demo.stories import Stories
from qcchain.demo.teller import folder
from qcchain.demo.visiting import tell_visits
from qcchain.demo.yearly import tell_the_year
from records.services.sequencer import sequence_once
from suppliers.services.firm_reminders import remind_of_expiry

LOCK = "qcchain load_demo"


@dataclass(frozen=True)
class Profile:
    """How much there is beside the stories."""

    suppliers: int
    more_owners: bool
    agreements: int
    whole_city: bool = False


PROFILES = {"tiny": Profile(8, False, 6), "demo": Profile(420, True, 190), "city": Profile(420, True, 190, whole_city=True)}


def someone_is_here() -> bool:
    """Whether the installation holds any firm, of the demo or a real one."""
    return Organisation.objects.exists()


@transaction.atomic
def load(profile: Profile, *, now: datetime) -> bool:
    """Load a profile as if `now` were the present moment. As the database owner; False when a firm is there already."""
    with connection.cursor() as cursor:  # two loads at once: the second waits, and finds the first one's firms
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
    if someone_is_here():
        return False
    moments = Moments(now)
    firms = firms_of(profile.suppliers, more_owners=profile.more_owners)
    pairs = pairs_of(firms)
    write_firms(firms, now=now)
    write_relations(pairs, now=now)
    with folder() as pictures:
        Stories({firm.key: firm for firm in firms}, moments, Path(pictures)).tell()
    write_background([pair for pair in pairs if (pair[0].key, pair[1].key) not in STORY_PAIRS], moments, most=profile.agreements)
    if profile.more_owners:
        write_background_lots([pair for pair in pairs if (pair[0].key, pair[1].key) not in STORY_PAIRS], moments)
    with folder() as pictures:
        tell_visits(firms, moments, Path(pictures))
        tell_at_lins({firm.key: firm for firm in firms}, moments, Path(pictures))
    tell_the_year({firm.key: firm for firm in firms}, moments)
    tell_chain_statistics(next(firm for firm in firms if firm.key == "bureau"), moments)
    tell_campaigns({firm.key: firm for firm in firms}, moments)
    tell_rounds({firm.key: firm for firm in firms}, moments)
    tell_problems({firm.key: firm for firm in firms}, moments)
    with folder() as pictures:
        tell_services({firm.key: firm for firm in firms}, moments, Path(pictures), most=700 if profile.more_owners else 30)
    tell_help({firm.key: firm for firm in firms}, moments)
    tell_duty({firm.key: firm for firm in firms}, moments)
    _come_to_the_day(now)
    tell_portraits({firm.key: firm for firm in firms}, moments)
    carry_out(now=now)  # a portrait that was shown has mailed its reader
    seal_passwords()
    if profile.whole_city:
        fill_city(firms, moments)
        chain_tick(now)
    publish_due_quarters(now)
    if profile.more_owners:  # of what stands by now, the quarters of the map among it; a tiny city has too little to tell
        tell_last_month(next(firm for firm in firms if firm.key == "bureau"), moments)
    return True


def _come_to_the_day(now: datetime) -> None:
    """What the clock would have done by now: reminders, overdue notices, audits announced; then the record is numbered."""
    carry_out(now=now)
    while agreements_tick(now) >= BATCH:
        pass
    audits_tick(now)
    chain_tick(now)
    remind_of_expiry(now)
    carry_out(now=now)
    read_what_is_old(now=now)
    leave_a_dead_letter(now=now)
    while sequence_once(now=now):
        pass
    print_sheets()  # a sheet names the numbers that the record gave the signatures; that it is kept is an entry again
    while sequence_once(now=now):
        pass
