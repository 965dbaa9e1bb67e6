from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/count/", views.count, name="count"),
    path("inbox/read/", views.read, name="read"),
]
