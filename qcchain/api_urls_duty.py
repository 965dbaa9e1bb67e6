"""The API's addresses of duty cases, appeals against scores, reminders and compliance by quarter."""

from django.urls import path

from oversight.api import duty as oversight_duty

DUTY_CASE = "v1/bureau/cases/<uuid:case_id>/"
urlpatterns = [
    path("v1/bureau/cases/", oversight_duty.DutyCases.as_view()),
    path(DUTY_CASE, oversight_duty.DutyCaseOne.as_view()),
    path(f"{DUTY_CASE}close/", oversight_duty.DutyCaseClose.as_view()),
    path(f"{DUTY_CASE}agreements/<uuid:agreement_id>/", oversight_duty.DutyClauses.as_view()),
    path(f"{DUTY_CASE}findings/<uuid:finding_id>/", oversight_duty.DutyFinding.as_view()),
    path(f"{DUTY_CASE}lots/<uuid:lot_id>/", oversight_duty.DutyResults.as_view()),
    path("v1/bureau/appeals/", oversight_duty.BureauAppeals.as_view()),
    path("v1/bureau/appeals/<uuid:score_appeal_id>/", oversight_duty.BureauAppealOne.as_view()),
    path("v1/bureau/appeals/<uuid:score_appeal_id>/laboratory/", oversight_duty.BureauAppealLab.as_view()),
    path("v1/bureau/appeals/<uuid:score_appeal_id>/decision/", oversight_duty.BureauAppealDecision.as_view()),
    path("v1/appeals/scores/", oversight_duty.ScoreAppeals.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/", oversight_duty.ScoreAppealOne.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/lines/", oversight_duty.ScoreAppealLines.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/withdrawal/", oversight_duty.ScoreAppealWithdrawal.as_view()),
    path("v1/appeals/scores/<uuid:score_appeal_id>/opinion/", oversight_duty.ScoreAppealOpinion.as_view()),
    path("v1/bureau/reminders/", oversight_duty.BureauReminders.as_view()),
    path("v1/bureau/agreements/quarters/", oversight_duty.BureauQuarters.as_view()),
]
