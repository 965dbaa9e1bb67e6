from django.urls import path

from inspections.views import signals

ONE = "signals/<uuid:signal_id>/"
urlpatterns = [
    path("signals/", signals.signals_list, name="signals"),
    path("signals/export.csv", signals.signals_csv, name="signals_csv"),
    path("signals/export.xlsx", signals.signals_xlsx, name="signals_xlsx"),
    path(ONE, signals.signal, name="signal"),
    path(f"{ONE}cause/", signals.cause, name="signal_cause"),
    path(f"{ONE}undo/", signals.undo, name="signal_undo"),
    path(f"{ONE}change/", signals.change, name="signal_change"),
]
