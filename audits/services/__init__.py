from audits.services.appeals import appeal_finding, decide_appeal, decline_appeal
from audits.services.contesting import contest_finding, reword_finding, uphold_finding, withdraw_finding
from audits.services.corrective import ActionWords, answer_finding, refuse_action, verify_action
from audits.services.drafts import change_draft, draft_finding, drop_draft, raise_draft
from audits.services.effect import judge_effect
from audits.services.filing import add_photo, remove_photo, save_answer, submit_audit
from audits.services.findings import Observation, accept_finding, raise_finding, raise_finding_of_lot
from audits.services.followups import FollowUpSaid, look_again, start_follow_up
from audits.services.programmes import ProgrammeSaid, SeasonSaid, change_programme, draft_programme, drop_programme, move_programme
from audits.services.review import accept_audit
from audits.services.scheduling import create_audit, make_programmes, tell_of_audit, tick
from audits.services.steps import PlanSaid, accept_plan, carry_out, contain_finding, plan_action, return_plan
from audits.services.visits import Moved, accept_day, ask_for_day, call_off, give_day, join_team, keep_day, leave_team, move_visit

__all__ = [
    "ActionWords",
    "FollowUpSaid",
    "Moved",
    "Observation",
    "PlanSaid",
    "ProgrammeSaid",
    "SeasonSaid",
    "accept_audit",
    "accept_day",
    "accept_finding",
    "accept_plan",
    "add_photo",
    "answer_finding",
    "appeal_finding",
    "ask_for_day",
    "call_off",
    "carry_out",
    "change_draft",
    "change_programme",
    "contain_finding",
    "contest_finding",
    "create_audit",
    "decide_appeal",
    "decline_appeal",
    "draft_finding",
    "draft_programme",
    "drop_draft",
    "drop_programme",
    "give_day",
    "join_team",
    "judge_effect",
    "keep_day",
    "leave_team",
    "look_again",
    "make_programmes",
    "move_programme",
    "move_visit",
    "plan_action",
    "raise_draft",
    "raise_finding",
    "raise_finding_of_lot",
    "refuse_action",
    "remove_photo",
    "return_plan",
    "reword_finding",
    "save_answer",
    "start_follow_up",
    "submit_audit",
    "tell_of_audit",
    "tick",
    "uphold_finding",
    "verify_action",
    "withdraw_finding",
]
