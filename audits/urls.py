from django.urls import include, path

from audits.views import filing, findings, listing, lot_findings, review, steps

app_name = "audits"
urlpatterns = [
    path("", include("audits.urls_corrective")),
    path("", include("audits.urls_planning")),
    path("", include("audits.urls_programmes")),
    path("", include("audits.urls_running")),
    path("", include("audits.urls_run")),
    path("", include("audits.urls_scores")),
    path("", include("audits.urls_checklists")),
    path("audits/", listing.audit_list, name="list"),
    path("audits/<uuid:audit_id>/", listing.audit, name="audit"),
    path("audits/<uuid:audit_id>/questions/<int:number>/", filing.question, name="question"),
    path("audits/<uuid:audit_id>/questions/<int:number>/answer/", filing.answer, name="answer"),
    path("audits/<uuid:audit_id>/questions/<int:number>/photos/", filing.photos, name="photos"),
    path("audits/<uuid:audit_id>/questions/<int:number>/photos/<uuid:evidence_id>/remove/", filing.photo_away, name="photo_remove"),
    path("audits/<uuid:audit_id>/check/", filing.check, name="check"),
    path("audits/<uuid:audit_id>/submit/", filing.submit, name="submit"),
    path("audits/<uuid:audit_id>/review/", review.review, name="review"),
    path("audits/<uuid:audit_id>/accept/", review.accept, name="accept"),
    path("audits/<uuid:audit_id>/findings/", review.raise_one, name="raise"),
    path("lots/<uuid:lot_id>/finding/", lot_findings.raise_of_lot, name="lot_finding"),
    path("findings/", findings.finding_list, name="findings"),
    path("findings/export.csv", findings.export, {"kind": "csv"}, name="findings_csv"),
    path("findings/export.xlsx", findings.export, {"kind": "xlsx"}, name="findings_xlsx"),
    path("findings/<uuid:finding_id>/", findings.finding, name="finding"),
    path("findings/<uuid:finding_id>/accept/", steps.accept, name="finding_accept"),
    path("findings/<uuid:finding_id>/contest/", steps.contest, name="finding_contest"),
    path("findings/<uuid:finding_id>/answer/", steps.answer, name="finding_answer"),
    path("findings/<uuid:finding_id>/verify/", steps.verify, name="finding_verify"),
    path("findings/<uuid:finding_id>/send-back/", steps.send_back, name="finding_send_back"),
    path("findings/<uuid:finding_id>/uphold/", steps.uphold, name="finding_uphold"),
    path("findings/<uuid:finding_id>/withdraw/", steps.withdraw, name="finding_withdraw"),
]
