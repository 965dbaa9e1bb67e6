from django.urls import path

from inspections.views import series, series_list

ONE = "characteristics/<str:characteristic>/"
urlpatterns = [
    path("characteristics/", series_list.characteristics_list, name="characteristics"),
    path("characteristics/export.csv", series_list.characteristics_csv, name="characteristics_csv"),
    path("characteristics/export.xlsx", series_list.characteristics_xlsx, name="characteristics_xlsx"),
    path(ONE, series.characteristic, name="characteristic"),
    path(f"{ONE}export.csv", series.characteristic_csv, name="characteristic_csv"),
    path(f"{ONE}export.xlsx", series.characteristic_xlsx, name="characteristic_xlsx"),
    path(f"{ONE}chart.pdf", series.characteristic_pdf, name="characteristic_pdf"),
    path(f"{ONE}changes/", series.change_mark, name="change_mark"),
    path(f"{ONE}changes/<uuid:point_id>/undo/", series.change_undo, name="change_undo"),
]
