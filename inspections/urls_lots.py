from django.urls import path

from inspections.views import lot_page

urlpatterns = [
    path("lots/q/<str:lot_token>/", lot_page.by_token, name="lot_by_token"),
    path("lots/<uuid:lot_id>/", lot_page.lot, name="lot"),
]
