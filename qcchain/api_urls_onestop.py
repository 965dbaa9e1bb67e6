"""The API's addresses of the one-stop desk: services, portraits, and the methods that scores are made by."""

from django.urls import path

from onestop.api import methods as score_methods
from onestop.api import portraits
from onestop.api import services as help_desk

HELP, HELPING = "v1/services/requests/<uuid:request_id>/", "v1/services/board/<uuid:request_id>/"
SCORE_METHOD, PORTRAIT_LINK = "v1/platform/scores/<uuid:method_id>/", "v1/portrait/links/<uuid:portrait_id>/"
ONESTOP = [
    path("v1/portrait/", portraits.PortraitOwn.as_view()),
    path("v1/portrait/links/", portraits.PortraitLinks.as_view()),
    path(PORTRAIT_LINK, portraits.PortraitLinkOne.as_view()),
    path(f"{PORTRAIT_LINK}revoke/", portraits.PortraitLinkRevoke.as_view()),
    path("v1/portraits/", portraits.PortraitsShown.as_view()),
    path("v1/portraits/<uuid:portrait_id>/", portraits.PortraitShownOne.as_view()),
    path("v1/bureau/scores/", portraits.BureauScores.as_view()),
    path("v1/portrait/appeal/", portraits.PortraitAppeal.as_view()),
    path("v1/platform/scores/", score_methods.ScoreMethods.as_view()),
    path(SCORE_METHOD, score_methods.ScoreMethodOne.as_view()),
    path(f"{SCORE_METHOD}try/", score_methods.ScoreMethodTry.as_view()),
    path(f"{SCORE_METHOD}propose/", score_methods.ScoreMethodPropose.as_view()),
    path(f"{SCORE_METHOD}approve/", score_methods.ScoreMethodApprove.as_view()),
    path(f"{SCORE_METHOD}withdraw/", score_methods.ScoreMethodWithdraw.as_view()),
    path("v1/services/offers/", help_desk.ServiceOffers.as_view()),
    path("v1/services/offers/<uuid:offer_id>/", help_desk.ServiceOfferOne.as_view()),
    path("v1/services/offers/<uuid:offer_id>/state/", help_desk.ServiceOfferState.as_view()),
    path("v1/services/facts/", help_desk.ServiceFacts.as_view()),
    path("v1/services/demand/", help_desk.ServiceDemand.as_view()),
    path("v1/services/requests/", help_desk.ServiceRequests.as_view()),
    path(HELP, help_desk.ServiceRequestOne.as_view()),
    path(f"{HELP}accept/", help_desk.ServiceAccept.as_view()),
    path(f"{HELP}withdraw/", help_desk.ServiceWithdraw.as_view()),
    path(f"{HELP}confirm/", help_desk.ServiceConfirm.as_view()),
    path(f"{HELP}dispute/", help_desk.ServiceDispute.as_view()),
    path(f"{HELP}rate/", help_desk.ServiceRate.as_view()),
    path("v1/services/board/", help_desk.ServiceBoard.as_view()),
    path(HELPING, help_desk.ServiceBoardOne.as_view()),
    path(f"{HELPING}quote/", help_desk.ServiceQuote.as_view()),
    path(f"{HELPING}pass/", help_desk.ServicePass.as_view()),
    path(f"{HELPING}hand-over/", help_desk.ServiceHandOver.as_view()),
    path(f"{HELPING}begin/", help_desk.ServiceBegin.as_view()),
    path(f"{HELPING}deliver/", help_desk.ServiceDeliver.as_view()),
    path("v1/bureau/services/", help_desk.BureauServices.as_view()),
    path("v1/bureau/services/promises/", help_desk.BureauPromises.as_view()),
    path("v1/bureau/services/<uuid:request_id>/nudge/", help_desk.BureauNudge.as_view()),
]
