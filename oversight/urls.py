from django.urls import include, path

from oversight.views import balcony as views

app_name = "oversight"
urlpatterns = [
    path("bureau/", views.today, name="morning"),
    path("bureau/agreements/", views.compliance, name="compliance"),
    path("bureau/agreements/export/", views.compliance_export, name="compliance_export"),
    path("bureau/agreements/<uuid:agreement_id>/", views.agreement, name="agreement"),
    path("bureau/map/", views.place_map, name="map"),
    path("bureau/map/export/", views.map_export, name="map_export"),
    path("", include("oversight.urls_maps")),
    path("", include("oversight.urls_problems")),
    path("", include("oversight.urls_comparison")),
    path("", include("oversight.urls_duty")),
    path("", include("oversight.urls_campaigns")),
]
