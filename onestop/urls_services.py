from django.urls import path

from onestop.views import asking, catalogue, promises, serving

urlpatterns = [
    path("services/", catalogue.catalogue, name="catalogue"),
    path("services/export.<str:format>", catalogue.catalogue_file, name="catalogue_file"),
    path("services/demand/", catalogue.demand_page, name="demand"),
    path("services/demand/export.<str:format>", catalogue.demand_file, name="demand_file"),
    path("services/ask/", asking.ask, name="ask"),
    path("services/requests/", asking.requests_list, name="requests"),
    path("services/requests/export.<str:format>", asking.requests_file, name="requests_file"),
    path("services/requests/<uuid:request_id>/", asking.request_page, name="request"),
    path("services/board/", serving.board_page, name="board"),
    path("services/board/export.<str:format>", serving.board_file, name="board_file"),
    path("services/offers/", serving.offers_list, name="offers"),
    path("services/offers/export.<str:format>", serving.own_offers_file, name="offers_file"),
    path("services/offers/new/", serving.offer_new, name="offer_new"),
    path("services/offers/<uuid:offer_id>/", catalogue.offer, name="offer"),
    path("services/offers/<uuid:offer_id>/edit/", serving.offer_edit, name="offer_edit"),
    path("services/offers/<uuid:offer_id>/put/", serving.offer_put, name="offer_put"),
    path("bureau/services/", promises.promises_page, name="promises"),
    path("bureau/services/export.<str:format>", promises.promises_file, name="promises_file"),
    path("bureau/services/providers.<str:format>", promises.keepers_file, name="keepers_file"),
    path("bureau/services/<uuid:request_id>/nudge/", promises.nudge, name="nudge"),
]
