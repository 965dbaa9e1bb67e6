from django.urls import path

from audits.views import run

urlpatterns = [
    path("audits/run/", run.shell, name="run"),
    path("audits/run/worker.js", run.worker, name="run_worker"),
    path("audits/run/app.webmanifest", run.manifest, name="run_manifest"),
    path("audits/run/gate/<str:gate_token>/", run.gate, name="run_gate"),
    path("audits/run/certificate.crt", run.certificate, name="run_certificate"),
]
