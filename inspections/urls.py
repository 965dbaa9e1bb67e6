from django.urls import include, path

app_name = "inspections"
urlpatterns = [
    path("", include("inspections.urls_lots")),
    path("", include("inspections.urls_decisions")),
    path("", include("inspections.urls_sampling")),
    path("", include("inspections.urls_results")),
    path("", include("inspections.urls_files")),
    path("", include("inspections.urls_series")),
    path("", include("inspections.urls_signals")),
    path("", include("inspections.urls_consistency")),
]
