from django.urls import path

from desk.views import numbers, pack, person, privacy

app_name = "desk"
urlpatterns = [
    path("", person.landing, name="landing"),
    path("home/", person.home, name="home"),
    path("me/", person.me, name="me"),
    path("me/keys/", person.new_key, name="new_key"),
    path("me/keys/<uuid:token_id>/revoke/", person.revoke_key, name="revoke_key"),
    path("me/theme/", person.theme, name="theme"),
    path("hat/", person.hat, name="hat"),
    path("language/", person.language, name="language"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/grants/<uuid:grant_id>/off/", privacy.switch_off, name="switch_off"),
    path("privacy/grants/<uuid:grant_id>/on/", privacy.switch_on, name="switch_on"),
    path("privacy/looks/", privacy.looks, name="looks"),
    path("privacy/looks/export.csv", privacy.looks_csv, name="looks_csv"),
    path("numbers/", numbers.plan, name="numbers"),
    path("numbers/curve.csv", numbers.curve, name="numbers_curve"),
    path("numbers/capability/", numbers.capability, name="numbers_capability"),
    path("numbers/colour/", numbers.colour, name="numbers_colour"),
    path("numbers/proof/", numbers.proof, name="numbers_proof"),
    path("pack/", pack.packs, name="packs"),
    path("pack/<uuid:link_id>/", pack.pack, name="pack"),
    path("pack/<uuid:link_id>/pack.pdf", pack.pack_pdf, name="pack_pdf"),
    path("pack/<uuid:link_id>/pack.xlsx", pack.pack_xlsx, name="pack_xlsx"),
    path("help/", person.help_page, name="help"),
]
