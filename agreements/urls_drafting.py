"""Addresses of drafting: the clauses of a draft, and drafts for many suppliers."""

from django.urls import path

from agreements.views import batches, clauses

BATCH = "agreements/batches/<uuid:batch_id>/"
ROW = BATCH + "suppliers/<uuid:link_id>/"
urlpatterns = [
    path("agreements/<uuid:agreement_id>/clauses/add/", clauses.add, name="clause_add"),
    path("agreements/<uuid:agreement_id>/clauses/remove/", clauses.remove, name="clause_remove"),
    path("agreements/<uuid:agreement_id>/clauses/move/", clauses.move, name="clause_move"),
    path("agreements/<uuid:agreement_id>/clauses/<int:number>/", clauses.clause, name="clause"),
    path("agreements/batches/", batches.batch_list, name="batches"),
    path("agreements/batches/new/", batches.new, name="batch_new"),
    path(BATCH, batches.show, name="batch"),
    path(BATCH + "days/", batches.days, name="batch_days"),
    path(BATCH + "clauses/<int:number>/", batches.clause, name="batch_clause"),
    path(BATCH + "draft/", batches.work, {"do": "draft"}, name="batch_draft"),
    path(BATCH + "send/", batches.work, {"do": "send"}, name="batch_send"),
    path(BATCH + "add/", batches.add, name="batch_add"),
    path(ROW, batches.supplier, name="batch_supplier"),
    path(ROW + "days/", batches.days, name="batch_supplier_days"),
    path(ROW + "clauses/<int:number>/", batches.clause, name="batch_supplier_clause"),
    path(ROW + "drop/", batches.drop, name="batch_drop"),
]
