"""Scores, reports, and audits shown to another chain owner."""

from django.urls import path

from audits.views import scores

urlpatterns = [
    path("audits/<uuid:audit_id>/score/", scores.score, name="score"),
]
