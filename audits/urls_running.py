from django.urls import path

from audits.views import gates, running, walk

urlpatterns = [
    path("audits/packs/", running.packs, name="packs"),
    path("audits/<uuid:audit_id>/pack/", running.pack, name="pack"),
    path("audits/<uuid:audit_id>/ops/", running.ops, name="ops"),
    path("audits/<uuid:audit_id>/state/", running.state, name="state"),
    path("audits/<uuid:audit_id>/hand-in/", running.hand_in, name="hand_in"),
    path("audits/<uuid:audit_id>/walk/", walk.walk, name="walk"),
    path("audits/<uuid:audit_id>/walk/start/", walk.start, name="walk_start"),
    path("audits/<uuid:audit_id>/walk/<int:number>/", walk.walk_question, name="walk_question"),
    path("audits/<uuid:audit_id>/walk/<int:number>/resolve/", walk.resolve, name="walk_resolve"),
    path("audits/<uuid:audit_id>/walk/finding/", walk.finding, name="walk_finding"),
    path("audits/<uuid:audit_id>/walk/finding/drop/", walk.drop_finding, name="walk_drop_finding"),
    path("audits/<uuid:audit_id>/walk/closing/", walk.close, name="walk_closing"),
    path("audits/<uuid:audit_id>/walk/send/", walk.send, name="walk_send"),
    path("audits/<uuid:audit_id>/walk/review/", walk.review, name="walk_review"),
    path("audits/gates/", gates.gates, name="gates"),
    path("audits/gates/<uuid:site_id>/sheet.pdf", gates.gate_sheet, name="gate_sheet"),
    path("findings/<uuid:finding_id>/pack/", running.finding_pack, name="finding_pack"),
    path("findings/<uuid:finding_id>/ops/", running.finding_ops, name="finding_ops"),
]
