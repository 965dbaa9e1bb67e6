from django.urls import path

from inspections.views import actions, consistency

urlpatterns = [
    path("actions/", actions.actions_list, name="actions"),
    path("actions/<uuid:action_id>/", actions.action, name="action"),
    path("consistency/<str:characteristic>/action/", actions.action_new, name="action_new"),
    path("consistency/", consistency.overview_page, name="consistency"),
    path("consistency/export.csv", consistency.overview_csv, name="consistency_csv"),
    path("consistency/export.xlsx", consistency.overview_xlsx, name="consistency_xlsx"),
    path("consistency/<str:characteristic>/", consistency.tree_page, name="variation"),
    path("consistency/<str:characteristic>/export.csv", consistency.compare_csv, name="variation_csv"),
    path("consistency/<str:characteristic>/export.xlsx", consistency.compare_xlsx, name="variation_xlsx"),
    path("consistency/<str:characteristic>/tests/", consistency.rows_page, name="variation_rows"),
    path("consistency/<str:characteristic>/suppliers/<uuid:link_id>/", consistency.firm_page, name="variation_of"),
]
