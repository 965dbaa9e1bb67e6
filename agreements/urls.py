from django.urls import include, path

from agreements.views import drafts, lists, obligations, show, signing

app_name = "agreements"
urlpatterns = [
    path("agreements/", lists.agreements_list, name="list"),
    path("agreements/export.csv", lists.agreements_csv, name="csv"),
    path("agreements/export.xlsx", lists.agreements_xlsx, name="xlsx"),
    path("agreements/new/", drafts.new, name="new"),
    path("agreements/<uuid:agreement_id>/", show.agreement, name="show"),
    path("agreements/<uuid:agreement_id>/days/", drafts.days, name="days"),
    path("agreements/<uuid:agreement_id>/clauses/<int:number>/", drafts.clause, name="clause"),
    path("agreements/<uuid:agreement_id>/send/", drafts.send, name="send"),
    path("agreements/<uuid:agreement_id>/return/", signing.send_back, name="return"),
    path("agreements/<uuid:agreement_id>/sign/", signing.sign, name="sign"),
    path("agreements/<uuid:agreement_id>/text/", show.text, name="text"),
    path("agreements/<uuid:agreement_id>/text.pdf", show.text_pdf, name="text_pdf"),
    path("obligations/", lists.obligations_list, name="obligations"),
    path("obligations/export.csv", lists.obligations_csv, name="obligations_csv"),
    path("obligations/export.xlsx", lists.obligations_xlsx, name="obligations_xlsx"),
    path("obligations/<uuid:obligation_id>/", obligations.obligation, name="obligation"),
    path("obligations/<uuid:obligation_id>/waive/", obligations.waive_it, name="waive"),
    path("", include("agreements.urls_samples")),
]
