"""What the beat's tick does, app by app, lowest floor first: an agreement takes effect before its audits are planned."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from agreements.tasks import tick as agreements_tick
from audits.services import tick as audits_tick
from audits.services.escalating import tick as findings_tick
from inspections.tasks_decisions import tick as decisions_tick
from inspections.tasks_signals import tick as inspections_tick
from onestop.services.untouched import tick as services_tick
from onestop.tasks_scores import tick as scores_tick
from oversight.services.chain_map import tick as chain_tick
from oversight.services.clockwork import tick as balcony_tick
from oversight.services.comparison import close_run_out
from oversight.services.problem_map import publish_due_quarters
from oversight.services.research_clock import tick as research_tick
from records.services.uploads import sweep_incoming
from suppliers.services.exports import sweep_exports
from suppliers.services.firm_reminders import remind_of_expiry
from suppliers.services.inviting import sweep_run_out

CLOCKWORK: dict[str, Callable[[datetime], Any]] = {
    "records": lambda now: sweep_incoming(now=now),
    "suppliers": remind_of_expiry,
    "invitations": sweep_run_out,
    "exports": lambda now: sweep_exports(now=now),
    "agreements": agreements_tick,
    "inspections": inspections_tick,
    "decisions": decisions_tick,
    "audits": audits_tick,
    "findings": findings_tick,
    "scores": scores_tick,
    "services": services_tick,
    "chain": chain_tick,
    "problem_map": publish_due_quarters,
    "balcony": balcony_tick,
    "research": research_tick,
    "rounds": close_run_out,
}
