from django.urls import path

from records.views import evidence, files, record, tus, uploads

app_name = "records"
urlpatterns = [
    path("record/", record.streams, name="streams"),
    path("record/<uuid:stream_id>/", record.stream, name="stream"),
    path("record/<uuid:stream_id>/export.csv", record.export_csv, name="stream_csv"),
    path("record/<uuid:stream_id>/export.xlsx", record.export_xlsx, name="stream_xlsx"),
    path("record/<uuid:stream_id>/export.jsonl", record.export_jsonl, name="stream_jsonl"),
    path("record/entries/<uuid:entry_id>/", record.entry, name="entry"),
    path("record/entries/<uuid:entry_id>/agree/", record.agree, name="entry_agree"),
    path("record/entries/<uuid:entry_id>/dispute/", record.dispute_entry, name="entry_dispute"),
    path("evidence/", files.files, name="files"),
    path("evidence/<uuid:evidence_id>/", files.file, name="file"),
    path("evidence/<uuid:evidence_id>/file/", evidence.evidence_file, name="evidence_file"),
    path("evidence/shared/<uuid:share_id>/file/", evidence.shared_file, name="shared_file"),
    path("evidence/tus/", tus.tus, name="tus"),
    path("evidence/tus/<uuid:upload_id>/", tus.tus_upload, name="tus_upload"),
    path("evidence/uploads/", uploads.begin, name="uploads"),
    path("evidence/uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
]
