"""Comparison rounds in the API."""

from django.urls import path

from oversight.api import comparison as rounds

COMPARED, TAKER = "v1/rounds/<uuid:round_id>/", "v1/rounds/participants/<uuid:participant_id>/"
ROUNDS = [
    path("v1/rounds/", rounds.ComparisonRounds.as_view()),
    path("v1/rounds/own/", rounds.ComparisonOwn.as_view()),
    path(COMPARED, rounds.ComparisonOne.as_view()),
    path(f"{COMPARED}indicators/", rounds.ComparisonIndicators.as_view()),
    path(f"{COMPARED}indicators/drop/", rounds.ComparisonIndicatorDrop.as_view()),
    path(f"{COMPARED}participants/", rounds.ComparisonParticipants.as_view()),
    path(f"{COMPARED}move/", rounds.ComparisonMove.as_view()),
    path(f"{COMPARED}results/", rounds.ComparisonAnalyses.as_view()),
    path(f"{COMPARED}sheets/", rounds.ComparisonSheets.as_view()),
    path(f"{TAKER}answer/", rounds.ComparisonAnswer.as_view()),
    path(f"{TAKER}received/", rounds.ComparisonReceived.as_view()),
    path(f"{TAKER}readings/", rounds.ComparisonReadings.as_view()),
    path(f"{TAKER}release/", rounds.ComparisonRelease.as_view()),
    path(f"{TAKER}leave-out/", rounds.ComparisonLeaveOut.as_view()),
    path(f"{TAKER}send-again/", rounds.ComparisonSendAgain.as_view()),
]
