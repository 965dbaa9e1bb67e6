from django.urls import path

from inspections.views import entry, results, results_grid

OF_LOT = "lots/<uuid:lot_id>/results/new/"
urlpatterns = [
    path("results/new/", entry.choose_lot, name="results_new"),
    path("results/grid/", results_grid.grid, name="results_grid"),
    path("results/<uuid:result_id>/", results.result, name="result"),
    path("results/<uuid:result_id>/correct/", results.correct, name="result_correct"),
    path("customers/<uuid:link_id>/results/show/", results.show, name="results_show"),
    path(OF_LOT, entry.choose_characteristic, name="results_of_lot"),
    path(f"{OF_LOT}<str:characteristic>/", entry.enter, name="results_enter"),
]
