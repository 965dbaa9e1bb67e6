"""The addresses of a text's life: its versions, amendments, notices and end."""

from django.urls import path

from agreements.views import amendments, life, notices

AGREEMENT = "agreements/<uuid:agreement_id>/"
urlpatterns = [
    path(f"{AGREEMENT}versions/", life.versions, name="versions"),
    path(f"{AGREEMENT}amend/", amendments.amend, name="amend"),
    path(f"{AGREEMENT}renew/", amendments.renew, name="renew"),
    path(f"{AGREEMENT}withdraw/", amendments.withdraw, name="withdraw_text"),
    path(f"{AGREEMENT}ask/", amendments.ask, {"renewal": False}, name="ask_change"),
    path(f"{AGREEMENT}ask/renewal/", amendments.ask, {"renewal": True}, name="ask_renewal"),
    path(f"{AGREEMENT}suspend/", notices.suspend, name="suspend"),
    path(f"{AGREEMENT}resume/", notices.resume, name="resume"),
    path(f"{AGREEMENT}terminate/", notices.terminate, name="terminate"),
    path(f"{AGREEMENT}terminate/consent/", notices.consent, name="consent"),
    path(f"{AGREEMENT}take-back/", notices.take_back, name="take_back_notice"),
]
