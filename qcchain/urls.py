"""The map of addresses: each app owns its own prefixes."""

from importlib.util import find_spec

from django.urls import include, path

APPS = ["desk", "notices", "jobs", "parties", "records", "suppliers", "agreements", "inspections", "audits", "onestop", "oversight"]
urlpatterns = [  # the API first: an address is looked for in this order, and programs ask most often
    path("api/", include("qcchain.api_urls")),
    *(path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")),
    path("account/", include("qcchain.account_urls")),
]
