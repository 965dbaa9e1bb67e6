"""The API's addresses of duty cases, appeals against scores, reminders and compliance by quarter."""

from django.urls import path

from oversight.api import appeals as oversight_appeals
from oversight.api import duty as oversight_duty

DUTY_CASE = "v1/bureau/cases/<uuid:case_id>/"
urlpatterns = [
    path("v1/bureau/cases/", oversight_duty.DutyCases.as_view()),
    path(DUTY_CASE, oversight_duty.DutyCaseOne.as_view()),
    path(f"{DUTY_CASE}close/", oversight_duty.DutyCaseClose.as_view()),
    path(f"{DUTY_CASE}agreements/<uuid:agreement_id>/", oversight_duty.DutyClauses.as_view()),
    path(f"{DUTY_CASE}findings/<uuid:finding_id>/", oversight_duty.DutyFinding.as_view()),
    path(f"{DUTY_CASE}lots/<uuid:lot_id>/", oversight_duty.DutyResults.as_view()),
    path(f"{DUTY_CASE}scopes/", oversight_duty.DutyScopes.as_view()),
    path(f"{DUTY_CASE}firms/<uuid:firm_id>/lots/", oversight_duty.DutyLots.as_view()),
    path(f"{DUTY_CASE}firms/<uuid:firm_id>/files/", oversight_duty.DutyFiles.as_view()),
    path(f"{DUTY_CASE}files/<uuid:evidence_id>/", oversight_duty.DutyFile.as_view()),
    path("v1/bureau/appeals/", oversight_appeals.BureauAppeals.as_view()),
    path("v1/bureau/appeals/<uuid:score_appeal_id>/", oversight_appeals.BureauAppealOne.as_view()),
    path("v1/bureau/appeals/<uuid:score_appeal_id>/laboratory/", oversight_appeals.BureauAppealLab.as_view()),
    path("v1/bureau/appeals/<uuid:score_appeal_id>/decision/", oversight_appeals.BureauAppealDecision.as_view()),
    path("v1/appeals/scores/", oversight_appeals.ScoreAppeals.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/", oversight_appeals.ScoreAppealOne.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/lines/", oversight_appeals.ScoreAppealLines.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/withdrawal/", oversight_appeals.ScoreAppealWithdrawal.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/opinion/", oversight_appeals.ScoreAppealOpinion.as_view()),
    path("v1/bureau/reminders/", oversight_appeals.BureauReminders.as_view()),
    path("v1/bureau/agreements/quarters/", oversight_appeals.BureauQuarters.as_view()),
]
