from django.urls import path

from audits.views import running

urlpatterns = [
    path("audits/packs/", running.packs, name="packs"),
    path("audits/<uuid:audit_id>/pack/", running.pack, name="pack"),
    path("audits/<uuid:audit_id>/ops/", running.ops, name="ops"),
    path("audits/<uuid:audit_id>/state/", running.state, name="state"),
    path("audits/<uuid:audit_id>/hand-in/", running.hand_in, name="hand_in"),
    path("findings/<uuid:finding_id>/pack/", running.finding_pack, name="finding_pack"),
    path("findings/<uuid:finding_id>/ops/", running.finding_ops, name="finding_ops"),
]
