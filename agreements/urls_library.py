from django.urls import path

from agreements.views import library, limits

urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/export.csv", library.library_csv, name="library_csv"),
    path("library/export.xlsx", library.library_xlsx, name="library_xlsx"),
    path("library/standards/", library.standards, name="library_standards"),
    path("library/limits/", limits.limits, name="library_limits"),
    path("library/limits/export.csv", library.limits_csv, name="limits_csv"),
    path("library/limits/export.xlsx", library.limits_xlsx, name="limits_xlsx"),
    path("library/limits/new/", limits.limit_new, name="limit_new"),
    path("library/limits/import/", limits.limits_import, name="library_import"),
    path("library/limits/<uuid:limit_id>/", limits.limit, name="library_limit"),
    path("library/limits/<uuid:limit_id>/release/", limits.limit_release, name="limit_release"),
    path("library/limits/<uuid:limit_id>/withdraw/", limits.limit_withdraw, name="limit_withdraw"),
    path("library/<str:library_code>/", library.characteristic, name="characteristic"),
]
