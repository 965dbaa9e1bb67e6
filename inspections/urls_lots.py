from django.urls import path

from inspections.views import descent, kept, labels, lot_new, lot_page, lots

urlpatterns = [
    path("lots/", lots.lots_list, name="lots"),
    path("lots/export.csv", lots.lots_csv, name="lots_csv"),
    path("lots/export.xlsx", lots.lots_xlsx, name="lots_xlsx"),
    path("lots/labels.pdf", labels.lot_labels, name="lot_labels"),
    path("lots/views/", kept.views, name="lot_views"),
    path("lots/views/<uuid:view_id>/", kept.change, name="lot_view"),
    path("lots/new/", lot_new.lot_new, name="lot_new"),
    path("lots/q/<str:lot_token>/", lot_page.by_token, name="lot_by_token"),
    path("lots/<uuid:lot_id>/", lot_page.lot, name="lot"),
    path("lots/<uuid:lot_id>/change/", lot_new.lot_change, name="lot_change"),
    path("lots/<uuid:lot_id>/label.pdf", labels.lot_label, name="lot_label"),
    path("lots/<uuid:lot_id>/descent/", descent.descent, name="descent"),
    path("lots/<uuid:lot_id>/split/", descent.split, name="lot_split"),
    path("lots/<uuid:lot_id>/merge/", descent.merge, name="lot_merge"),
    path("lots/<uuid:lot_id>/inputs/new/", descent.input_new, name="lot_input"),
    path("lots/<uuid:lot_id>/portions/new/", descent.portion_new, name="lot_portion"),
]
