from django.urls import path

from suppliers.views import firm, invitations, join, lists, lists_in

app_name = "suppliers"
urlpatterns = [
    path("suppliers/", lists.supplier_list, name="list"),
    path("suppliers/export.csv", lists.export, {"kind": "csv"}, name="export_csv"),
    path("suppliers/export.xlsx", lists.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("suppliers/add/", lists.add, name="add"),
    path("suppliers/invite/", lists.invite_picked, name="invite"),
    path("suppliers/import/", lists_in.new, name="import_new"),
    path("suppliers/imports/<uuid:import_id>/", lists_in.preview, name="import"),
    path("suppliers/imports/<uuid:import_id>/mapping/", lists_in.mapping, name="import_mapping"),
    path("suppliers/imports/<uuid:import_id>/confirm/", lists_in.confirm, name="import_confirm"),
    path("suppliers/imports/<uuid:import_id>/undo/", lists_in.undo, name="import_undo"),
    path("suppliers/imports/<uuid:import_id>/rows/<int:number>/", lists_in.mend, name="import_mend"),
    path("suppliers/imports/<uuid:import_id>/errors.csv", lists_in.errors, {"kind": "csv"}, name="import_errors_csv"),
    path("suppliers/imports/<uuid:import_id>/errors.xlsx", lists_in.errors, {"kind": "xlsx"}, name="import_errors_xlsx"),
    path("suppliers/<uuid:link_id>/", lists.supplier, name="supplier"),
    path("suppliers/<uuid:link_id>/invitation/", invitations.invitation, name="invitation"),
    path("suppliers/<uuid:link_id>/invitation/poster/", invitations.poster, name="poster"),
    path("join/<str:token>/", join.join, name="join"),
    path("join/<str:token>/accept/", join.accept, name="join_accept"),
    path("join/<str:token>/not-us/", join.not_us, name="join_not_us"),
    path("join/<str:token>/steps/", join.steps, name="join_steps"),
    path("join/<str:token>/account/", join.account, name="join_account"),
    path("firm/", firm.firm, name="firm"),
    path("firm/welcome/", firm.welcome, name="welcome"),
    path("firm/papers/new/", firm.paper_new, name="paper_new"),
    path("firm/sharing/", firm.sharing, name="sharing"),
]
