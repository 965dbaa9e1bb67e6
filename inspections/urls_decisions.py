from django.urls import path

from inspections.views import arbitration, change_notices, concessions, decisions

urlpatterns = [
    path("lots/<uuid:lot_id>/decide/", decisions.decide, name="lot_decide"),
    path("lots/<uuid:lot_id>/concession/", concessions.concession_new, name="concession_new"),
    path("concessions/<uuid:concession_id>/", concessions.concession, name="concession"),
    path("lots/<uuid:lot_id>/arbitration/", arbitration.arbitration_new, name="arbitration_new"),
    path("arbitrations/", arbitration.samples, name="samples_to_test"),
    path("arbitrations/<uuid:arbitration_id>/", arbitration.arbitration, name="arbitration"),
    path("changes/", change_notices.changes_list, name="changes"),
    path("changes/export.csv", change_notices.changes_csv, name="changes_csv"),
    path("changes/export.xlsx", change_notices.changes_xlsx, name="changes_xlsx"),
    path("changes/new/", change_notices.change_new, name="change_new"),
    path("changes/told/<uuid:reply_id>/", change_notices.change_reply, name="change_reply"),
    path("changes/<uuid:change_id>/", change_notices.change, name="change"),
    path("changes/<uuid:change_id>/edit/", change_notices.change_edit, name="change_edit"),
]
