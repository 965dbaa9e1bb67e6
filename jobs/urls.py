from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.work, name="work"),
    path("jobs/<uuid:event_id>/retry/", views.retry, name="retry"),
]
