from audits.services.contesting import contest_finding, uphold_finding, withdraw_finding
from audits.services.corrective import ActionWords, answer_finding, refuse_action, verify_action
from audits.services.filing import add_photo, remove_photo, save_answer, submit_audit
from audits.services.findings import Observation, accept_finding, raise_finding, raise_finding_of_lot
from audits.services.review import accept_audit
from audits.services.scheduling import create_audit, make_programmes, tell_of_audit, tick

__all__ = [
    "ActionWords",
    "Observation",
    "accept_audit",
    "accept_finding",
    "add_photo",
    "answer_finding",
    "contest_finding",
    "create_audit",
    "make_programmes",
    "raise_finding",
    "raise_finding_of_lot",
    "refuse_action",
    "remove_photo",
    "save_answer",
    "submit_audit",
    "tell_of_audit",
    "tick",
    "uphold_finding",
    "verify_action",
    "withdraw_finding",
]
