from django.urls import path

from agreements.views import samples

urlpatterns = [
    path("samples/", samples.samples_list, name="samples"),
    path("samples/export.csv", samples.samples_csv, name="samples_csv"),
    path("samples/export.xlsx", samples.samples_xlsx, name="samples_xlsx"),
    path("samples/new/", samples.sample_new, name="sample_new"),
    path("samples/<uuid:sample_id>/", samples.sample, name="sample"),
    path("samples/<uuid:sample_id>/change/", samples.sample_change, name="sample_change"),
    path("samples/<uuid:sample_id>/offer/", samples.sample_offer, name="sample_offer"),
    path("samples/<uuid:sample_id>/return/", samples.sample_return, name="sample_return"),
    path("samples/<uuid:sample_id>/withdraw/", samples.sample_withdraw, name="sample_withdraw"),
]
