"""Scores, reports, and audits shown to another chain owner."""

from django.urls import path

from audits.views import copies, reports, scores

COPY = "audits/shown/<uuid:share_of_audit_id>/"
urlpatterns = [
    path("audits/shown/", copies.shown_list, name="shown"),
    path(COPY, copies.shown_one, name="shown_one"),
    path(f"{COPY}recognise/", copies.recognise, name="shown_recognise"),
    path(f"{COPY}decline/", copies.decline, name="shown_decline"),
    path(f"{COPY}take-back/", copies.take_back, name="shown_take_back"),
    path("audits/<uuid:audit_id>/show/", copies.show, name="show_copy"),
    path("audits/<uuid:audit_id>/report/", reports.report, name="report"),
    path("audits/<uuid:audit_id>/report/print/", reports.report_print, name="report_print"),
    path("audits/<uuid:audit_id>/report/<int:number>.pdf", reports.report_pdf, name="report_pdf"),
    path("audits/copy/<str:report_token>/", reports.report_copy, name="report_copy"),
    path("verify/audit/<str:report_token>/", reports.report_check, name="report_check"),
    path("audits/<uuid:audit_id>/score/", scores.score, name="score"),
]
