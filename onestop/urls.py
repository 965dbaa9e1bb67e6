from django.urls import include, path

app_name = "onestop"
urlpatterns = [
    path("", include("onestop.urls_services")),
    path("", include("onestop.urls_portraits")),
]
