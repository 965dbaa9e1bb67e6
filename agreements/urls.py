from django.urls import include, path

from agreements.views import drafts, lists, obligations, papers, show, signing, stamped, verify

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
    path("agreements/<uuid:agreement_id>/text.pdf", papers.text_pdf, name="text_pdf"),
    path("agreements/<uuid:agreement_id>/papers/<int:number>/text.pdf", papers.version_pdf, name="version_pdf"),
    path("agreements/<uuid:agreement_id>/papers/<int:number>/signatures.pdf", papers.sheet_pdf, name="sheet_pdf"),
    path("agreements/<uuid:agreement_id>/papers/<uuid:kept_id>/", papers.kept, name="kept"),
    path("agreements/<uuid:agreement_id>/sign/ask/", signing.ask, name="sign_ask"),
    path("agreements/<uuid:agreement_id>/sign/certificate/", signing.certificate, name="sign_certificate"),
    path("agreements/<uuid:agreement_id>/sign/certificate/back/", signing.certificate_back, name="sign_certificate_back"),
    path("agreements/<uuid:agreement_id>/stamped/", stamped.stamp, name="stamp"),
    path("agreements/<uuid:agreement_id>/stamped/<uuid:stamped_id>/", stamped.compare, name="stamped"),
    path("agreements/<uuid:agreement_id>/stamped/<uuid:stamped_id>/differs/", stamped.differs, name="stamped_differs"),
    path("verify/agreement/", verify.check, name="check"),
    path("verify/agreement/<str:paper_hash>/", verify.check_hash, name="check_hash"),
    path("obligations/", lists.obligations_list, name="obligations"),
    path("obligations/export.csv", lists.obligations_csv, name="obligations_csv"),
    path("obligations/export.xlsx", lists.obligations_xlsx, name="obligations_xlsx"),
    path("obligations/<uuid:obligation_id>/", obligations.obligation, name="obligation"),
    path("obligations/<uuid:obligation_id>/waive/", obligations.waive_it, name="waive"),
    path("", include("agreements.urls_talk")),
    path("", include("agreements.urls_samples")),
    path("", include("agreements.urls_library")),
]
