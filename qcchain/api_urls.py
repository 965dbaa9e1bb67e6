"""The addresses of the API. Each app answers for its own; an address that nobody has is a problem document too."""

from django.urls import path, re_path

from agreements import api as agreements
from audits import api as audits
from jobs import api as jobs
from notices import api as notices
from oversight import api as oversight
from parties import api as parties
from qcchain import api, api_docs
from records import api as records
from suppliers import api as suppliers

app_name = "api"
AGREEMENT, AUDIT, FINDING, IMPORT = (f"v1/{many}/<uuid:{one}_id>/" for many, one in (("agreements", "agreement"), ("audits", "audit"), ("findings", "finding"), ("suppliers/imports", "import")))  # fmt: skip
urlpatterns = [
    path("schema/", api_docs.schema, name="schema"),
    path("docs/", api_docs.docs, name="docs"),
    path("docs/problems/", api_docs.problems, name="problems"),
    path("v1/me/", parties.Me.as_view()),
    path("v1/suppliers/", api.Suppliers.as_view()),
    path("v1/suppliers/imports/", suppliers.Imports.as_view()),
    path(IMPORT, suppliers.Import.as_view()),
    path(f"{IMPORT}mapping/", suppliers.ImportMapping.as_view()),
    path(f"{IMPORT}rows/", suppliers.ImportRows.as_view()),
    path(f"{IMPORT}rows/<int:number>/", suppliers.ImportRowOne.as_view()),
    path(f"{IMPORT}confirm/", suppliers.ImportConfirm.as_view()),
    path(f"{IMPORT}undo/", suppliers.ImportUndo.as_view()),
    path("v1/suppliers/merges/", suppliers.Merges.as_view()),
    path("v1/suppliers/merges/<uuid:merge_id>/split/", suppliers.MergeSplit.as_view()),
    path("v1/suppliers/twins/", suppliers.LikelyPairs.as_view()),
    path("v1/suppliers/<uuid:link_id>/", suppliers.SupplierOne.as_view()),
    path("v1/suppliers/<uuid:link_id>/invitation/", suppliers.InvitationOne.as_view()),
    path("v1/firm/", suppliers.FirmOne.as_view()),
    path("v1/firm/papers/", suppliers.Papers.as_view()),
    path("v1/firm/sharing/", suppliers.Sharing.as_view()),
    path("v1/templates/", agreements.Templates.as_view()),
    path("v1/agreements/", agreements.Agreements.as_view()),
    path(AGREEMENT, agreements.AgreementOne.as_view()),
    path(f"{AGREEMENT}days/", agreements.AgreementDays.as_view()),
    path(f"{AGREEMENT}clauses/<int:number>/", agreements.AgreementClause.as_view()),
    path(f"{AGREEMENT}send/", agreements.AgreementSend.as_view()),
    path(f"{AGREEMENT}return/", agreements.AgreementReturn.as_view()),
    path(f"{AGREEMENT}sign/", agreements.AgreementSign.as_view()),
    path(f"{AGREEMENT}text/", agreements.AgreementText.as_view()),
    path("v1/obligations/", agreements.Obligations.as_view()),
    path("v1/obligations/<uuid:obligation_id>/", agreements.ObligationOne.as_view()),
    path("v1/obligations/<uuid:obligation_id>/document/", agreements.ObligationDocument.as_view()),
    path("v1/obligations/<uuid:obligation_id>/results/", agreements.ObligationResults.as_view()),
    path("v1/obligations/<uuid:obligation_id>/waive/", agreements.ObligationWaive.as_view()),
    path("v1/audits/", audits.Audits.as_view()),
    path(AUDIT, audits.AuditOne.as_view()),
    path(f"{AUDIT}answers/<int:number>/", audits.AuditAnswer.as_view()),
    path(f"{AUDIT}answers/<int:number>/photos/", audits.AuditPhotos.as_view()),
    path(f"{AUDIT}answers/<int:number>/photos/<uuid:evidence_id>/", audits.AuditPhoto.as_view()),
    path(f"{AUDIT}submit/", audits.AuditSubmit.as_view()),
    path(f"{AUDIT}review/", audits.AuditReview.as_view()),
    path(f"{AUDIT}findings/", audits.AuditFindings.as_view()),
    path("v1/findings/", audits.Findings.as_view()),
    path(FINDING, audits.FindingOne.as_view()),
    path(f"{FINDING}accept/", audits.FindingAccept.as_view()),
    path(f"{FINDING}contest/", audits.FindingContest.as_view()),
    path(f"{FINDING}uphold/", audits.FindingUphold.as_view()),
    path(f"{FINDING}withdraw/", audits.FindingWithdraw.as_view()),
    path(f"{FINDING}answer/", audits.FindingAnswer.as_view()),
    path(f"{FINDING}verify/", audits.FindingVerify.as_view()),
    path(f"{FINDING}refuse/", audits.FindingRefuse.as_view()),
    path("v1/record/streams/", records.Streams.as_view()),
    path("v1/record/streams/<uuid:stream_id>/entries/", records.Entries.as_view()),
    path("v1/record/entries/<uuid:entry_id>/", records.Entry.as_view()),
    path("v1/record/entries/<uuid:entry_id>/agree/", records.EntryAgree.as_view()),
    path("v1/record/entries/<uuid:entry_id>/dispute/", records.EntryDispute.as_view()),
    path("v1/evidence/", records.Evidences.as_view()),
    path("v1/evidence/uploads/", records.Uploads.as_view()),
    path("v1/evidence/uploads/<uuid:upload_id>/", records.Upload.as_view()),
    path("v1/evidence/<uuid:evidence_id>/", records.EvidenceOne.as_view()),
    path("v1/evidence/<uuid:evidence_id>/file/", records.EvidenceFile.as_view(), name="evidence_file"),
    path("v1/evidence/shared/<uuid:share_id>/", records.SharedOne.as_view()),
    path("v1/evidence/shared/<uuid:share_id>/file/", records.SharedFile.as_view(), name="shared_file"),
    path("v1/notifications/", notices.Notifications.as_view()),
    path("v1/notifications/read/", notices.NotificationsRead.as_view()),
    path("v1/tasks/", notices.Tasks.as_view()),
    path("v1/bureau/agreements/", oversight.BureauAgreements.as_view()),
    path("v1/bureau/agreements/<uuid:agreement_id>/", oversight.BureauAgreement.as_view()),
    path("v1/bureau/map/", oversight.BureauMap.as_view()),
    path("v1/jobs/", jobs.Work.as_view()),
    path("v1/jobs/<uuid:event_id>/retry/", jobs.Retry.as_view()),
    re_path(r"", api.Nowhere.as_view()),
]
