"""Portraits that firms show, and the method by which they are scored."""

from django.urls import path

from onestop.views import methods, portrait_public, portraits, portraits_read

METHOD = "platform/scores/<uuid:method_id>/"
urlpatterns = [
    path("portrait/", portraits.portrait, name="portrait"),
    path("portrait/export.csv", portraits.export, {"kind": "csv"}, name="portrait_csv"),
    path("portrait/export.xlsx", portraits.export, {"kind": "xlsx"}, name="portrait_xlsx"),
    path("portrait/why/", portraits.why, name="portrait_why"),
    path("portrait/appeal/", portraits.appeal, name="portrait_appeal"),
    path("portrait/share/", portraits.share, name="portrait_share"),
    path("portrait/shared/", portraits.shared_list, name="portrait_shared"),
    path("portrait/shared/<uuid:portrait_id>/", portraits.shared_one, name="portrait_shared_one"),
    path("portrait/shared/<uuid:portrait_id>/revoke/", portraits.revoke, name="portrait_revoke"),
    path("portrait/<str:portrait_token>/", portrait_public.public, name="portrait_public"),
    path("portraits/", portraits_read.shown_list, name="portraits_shown"),
    path("portraits/<uuid:portrait_id>/", portraits_read.shown_one, name="portrait_shown"),
    path("bureau/scores/", portraits_read.middles, name="middles"),
    path("bureau/scores/export.<str:kind>", portraits_read.middles_file, name="middles_file"),
    path("platform/scores/", methods.method_list, name="score_methods"),
    path("platform/scores/new/", methods.new, name="score_method_new"),
    path(METHOD, methods.one, name="score_method"),
    path(f"{METHOD}movers.csv", methods.export, {"kind": "csv"}, name="score_method_csv"),
    path(f"{METHOD}movers.xlsx", methods.export, {"kind": "xlsx"}, name="score_method_xlsx"),
    path(f"{METHOD}try/", methods.run, name="score_method_try"),
    path(f"{METHOD}propose/", methods.propose, name="score_method_propose"),
    path(f"{METHOD}approve/", methods.approve, name="score_method_approve"),
    path(f"{METHOD}withdraw/", methods.withdraw, name="score_method_withdraw"),
]
