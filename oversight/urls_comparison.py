"""Comparison rounds."""

from django.urls import path

from oversight.views import comparison as views
from oversight.views import comparison_results as results

ROUND, TAKER = "rounds/<uuid:round_id>/", "rounds/participants/<uuid:participant_id>/"
urlpatterns = [
    path("rounds/", views.round_list, name="rounds"),
    path("rounds/export/", views.rounds_export, name="rounds_export"),
    path("rounds/new/", views.round_new, name="round_new"),
    path("rounds/own/", views.own, name="rounds_own"),
    path(ROUND, views.round_one, name="round"),
    path(f"{ROUND}indicators/", views.indicators, name="round_indicators"),
    path(f"{ROUND}participants/", views.participants, name="round_participants"),
    path(f"{ROUND}move/", views.move, name="round_move"),
    path(f"{ROUND}export/", views.report, name="round_report"),
    path(f"{ROUND}sheets/", results.sheet_file, name="round_file"),
    path(f"{TAKER}answer/", views.answer, name="round_answer"),
    path(f"{TAKER}leave-out/", views.leave_out, name="round_leave_out"),
    path(f"{TAKER}send-again/", views.send_again, name="round_send_again"),
    path(f"{TAKER}results/", results.sheet, name="round_sheet"),
    path(f"{TAKER}received/", results.received, name="round_received"),
    path(f"{TAKER}release/", results.release, name="round_release"),
]
