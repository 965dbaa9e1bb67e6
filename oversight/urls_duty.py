from django.urls import path

from oversight.views import appeals, duty, reminders, trend

CASE = "bureau/cases/<uuid:case_id>/"
urlpatterns = [
    path("bureau/cases/", duty.case_list, name="cases"),
    path("bureau/cases/export/", duty.case_export, name="cases_export"),
    path("bureau/cases/new/", duty.new_case, name="case_new"),
    path("bureau/cases/new/agreement/<uuid:agreement_id>/", duty.new_case_of_agreement, name="case_of_agreement"),
    path("bureau/cases/new/finding/<uuid:finding_id>/", duty.new_case_of_finding, name="case_of_finding"),
    path(CASE, duty.case, name="case"),
    path(f"{CASE}agreements/<uuid:agreement_id>/", duty.look_at_clauses, name="case_clauses"),
    path(f"{CASE}findings/<uuid:finding_id>/", duty.look_at_finding, name="case_finding"),
    path(f"{CASE}lots/<uuid:lot_id>/", duty.look_at_results, name="case_results"),
    path(f"{CASE}firms/<uuid:firm_id>/lots/", duty.look_at_lots, name="case_lots"),
    path(f"{CASE}firms/<uuid:firm_id>/files/", duty.look_at_files, name="case_files"),
    path(f"{CASE}files/<uuid:evidence_id>/", duty.look_at_file, name="case_file"),
    path("bureau/appeals/", appeals.appeal_list, name="bureau_appeals"),
    path("bureau/appeals/export/", appeals.appeal_export, name="bureau_appeals_export"),
    path("bureau/appeals/<uuid:score_appeal_id>/", appeals.decide, name="bureau_appeal"),
    path("bureau/appeals/<uuid:score_appeal_id>/files/<uuid:evidence_id>/", appeals.laid_file, name="appeal_file"),
    path("appeals/scores/", appeals.own_list, name="score_appeals"),
    path("appeals/scores/<uuid:score_appeal_id>/", appeals.own, name="score_appeal"),
    path("bureau/agreements/trend/", trend.trend, name="compliance_trend"),
    path("bureau/agreements/trend/export/", trend.trend_export, name="compliance_trend_export"),
    path("bureau/reminders/", reminders.rounds, name="reminders"),
    path("bureau/reminders/new/", reminders.preview, name="reminders_new"),
    path("bureau/reminders/send/", reminders.send, name="reminders_send"),
]
