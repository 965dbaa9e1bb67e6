from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("home/", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("me/keys/", views.new_key, name="new_key"),
    path("me/keys/<uuid:token_id>/revoke/", views.revoke_key, name="revoke_key"),
    path("me/theme/", views.theme, name="theme"),
    path("hat/", views.hat, name="hat"),
    path("language/", views.language, name="language"),
    path("privacy/", views.privacy, name="privacy"),
    path("help/", views.help_page, name="help"),
]
