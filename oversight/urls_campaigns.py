"""Policy tools, campaigns, reports."""

from django.urls import URLPattern, path

from oversight.views import campaigns, policies, reports

POLICY, CAMPAIGN, TOLD = "bureau/policies/<uuid:policy_id>/", "bureau/campaigns/<uuid:campaign_id>/", "campaigns/<uuid:campaign_id>/"
REPORT = "bureau/reports/<uuid:report_id>/"
urlpatterns: list[URLPattern] = [
    path("lists/policies/", policies.policy_list, name="policies"),
    path("lists/policies/export/", policies.policies_export, name="policies_export"),
    path("lists/policies/policies.pdf", policies.policies_pdf, name="policies_paper"),
    path("lists/lists.pdf", policies.three_lists, {"kind": "pdf"}, name="lists_pdf"),
    path("lists/lists.xlsx", policies.three_lists, {"kind": "xlsx"}, name="lists_xlsx"),
    path("lists/policies/<uuid:policy_id>/", policies.policy, name="policy"),
    path("lists/policies/<uuid:policy_id>/asked/", policies.policy_use, name="policy_use"),
    path("bureau/policies/new/", policies.policy_new, name="policy_new"),
    path(f"{POLICY}edit/", policies.policy_edit, name="policy_edit"),
    path(f"{POLICY}publish/", policies.policy_move, {"verb": "publish"}, name="policy_publish"),
    path(f"{POLICY}retire/", policies.policy_move, {"verb": "retire"}, name="policy_retire"),
    path("bureau/campaigns/", campaigns.campaign_list, name="campaigns"),
    path("bureau/campaigns/export/", campaigns.campaigns_export, name="campaigns_export"),
    path("bureau/campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    path(CAMPAIGN, campaigns.campaign, name="campaign"),
    path(f"{CAMPAIGN}edit/", campaigns.campaign_edit, name="campaign_edit"),
    path(f"{CAMPAIGN}send/", campaigns.campaign_send, name="campaign_send"),
    path(f"{CAMPAIGN}stop/", campaigns.campaign_stop, name="campaign_stop"),
    path(f"{CAMPAIGN}drop/", campaigns.campaign_drop, name="campaign_drop"),
    path("campaigns/", campaigns.told_list, name="campaigns_told"),
    path(TOLD, campaigns.told, name="campaign_told"),
    path(f"{TOLD}done/", campaigns.told_answer, {"done": True}, name="campaign_done"),
    path(f"{TOLD}pass/", campaigns.told_answer, {"done": False}, name="campaign_pass"),
    path("bureau/reports/", reports.report_list, name="reports"),
    path("bureau/reports/new/", reports.report_new, name="report_new"),
    path(REPORT, reports.report, name="report"),
    *(path(f"{REPORT}report.{kind}", reports.report_file, {"kind": kind}, name=f"report_{kind}") for kind in ("pdf", "xlsx", "docx")),
]
