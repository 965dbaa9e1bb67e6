from django.urls import path

from oversight.views import chain_map as chain
from oversight.views import problem_map as weak

urlpatterns = [
    path("bureau/chain/", chain.chain_map, name="chain_map"),
    path("bureau/chain/export/", chain.chain_export, name="chain_export"),
    path("bureau/chain/counts/", chain.chain_counts, name="chain_counts"),
    path("bureau/problems/map/", weak.problem_map, name="problem_map"),
    path("bureau/problems/map/export/", weak.problem_map_export, name="problem_map_export"),
    path("bureau/problems/map/cell/", weak.problem_map_cell, name="problem_map_cell"),
]
