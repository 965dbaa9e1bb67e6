from django.urls import path

from inspections.views import inspecting, sampling

urlpatterns = [
    path("lots/<uuid:lot_id>/inspect/", inspecting.inspect, name="inspect"),
    path("inspections/<uuid:inspection_id>/", inspecting.inspection, name="inspection"),
    path("inspections/<uuid:inspection_id>/correct/", inspecting.correct, name="inspection_correct"),
    path("sampling/", sampling.sampling_list, name="sampling"),
    path("sampling/<uuid:series_id>/", sampling.sampling_series, name="sampling_series"),
    path("sampling/<uuid:series_id>/export.csv", sampling.sampling_series_csv, name="sampling_series_csv"),
    path("sampling/<uuid:series_id>/resume/", sampling.sampling_resume, name="sampling_resume"),
    path("sampling/<uuid:series_id>/reduced/", sampling.sampling_reduced, name="sampling_reduced"),
]
