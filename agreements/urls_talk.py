"""The addresses of talking a text over, clause by clause."""

from django.urls import path

from agreements.views import negotiation

AGREEMENT, CLAUSE, PROPOSAL = (
    "agreements/<uuid:agreement_id>/",
    "agreements/<uuid:agreement_id>/clauses/<int:number>/",
    "agreements/proposals/<uuid:proposal_id>/",
)
urlpatterns = [
    path(f"{AGREEMENT}talk/", negotiation.talk, name="talk"),
    path(f"{AGREEMENT}agree/", negotiation.agree_all, name="agree"),
    path(f"{CLAUSE}propose/", negotiation.propose_words, name="propose"),
    path(f"{CLAUSE}fine/", negotiation.fine, name="fine"),
    path(f"{CLAUSE}comment/", negotiation.say, name="comment"),
    path(f"{PROPOSAL}accept/", negotiation.answer, {"verb": "accept"}, name="accept"),
    path(f"{PROPOSAL}decline/", negotiation.answer, {"verb": "decline"}, name="decline"),
    path(f"{PROPOSAL}withdraw/", negotiation.answer, {"verb": "withdraw"}, name="withdraw"),
    path(f"{PROPOSAL}take-back/", negotiation.answer, {"verb": "take-back"}, name="take_back"),
    path("agreements/comments/<uuid:comment_id>/resolve/", negotiation.settle_comment, name="resolve"),
]
