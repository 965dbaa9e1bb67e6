from django.urls import path

from agreements.views import calendar, duties, kept, standing

urlpatterns = [
    path("agreements/<uuid:agreement_id>/standing/<int:number>/", standing.why, name="standing"),
    path("agreements/<uuid:agreement_id>/standing/<int:number>/export.csv", standing.why_csv, name="standing_csv"),
    path("agreements/<uuid:agreement_id>/standing/<int:number>/export.xlsx", standing.why_xlsx, name="standing_xlsx"),
    path("obligations/calendar/", calendar.month, name="calendar"),
    path("obligations/calendar/feed/", calendar.make_feed, name="feed_new"),
    path("obligations/calendar/feed/close/", calendar.end_feed, name="feed_close"),
    path("obligations/feed/<str:feed_token>.ics", calendar.feed, name="feed"),
    path("obligations/remind/", duties.remind_of, name="remind"),
    path("obligations/kept/", kept.kept_over_time, name="kept_over_time"),
    path("obligations/kept/export.csv", kept.kept_csv, name="kept_csv"),
    path("obligations/kept/export.xlsx", kept.kept_xlsx, name="kept_xlsx"),
]
