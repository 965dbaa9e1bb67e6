"""Programmes, visits and their calendar."""

from django.urls import URLPattern, path

from audits.views import programmes, visit_calendar, visit_days

PROGRAMME = "audits/programmes/<uuid:programme_id>/"
VISIT = "audits/<uuid:audit_id>/"
urlpatterns: list[URLPattern] = [
    path("audits/programmes/", programmes.programme_list, name="programmes"),
    path("audits/programmes/new/", programmes.programme_new, name="programme_new"),
    path(PROGRAMME, programmes.programme, name="programme"),
    path(f"{PROGRAMME}edit/", programmes.programme_edit, name="programme_edit"),
    *(
        path(f"{PROGRAMME}{verb}/", programmes.programme_move, {"verb": verb}, name=f"programme_{verb}")
        for verb in ("activate", "pause", "resume", "end")
    ),
    path(f"{PROGRAMME}drop/", programmes.programme_drop, name="programme_drop"),
    path("suppliers/<uuid:link_id>/risk/", programmes.risk, name="risk"),
    path(f"{VISIT}day/accept/", visit_days.accept, name="day_accept"),
    path(f"{VISIT}day/ask/", visit_days.ask, name="day_ask"),
    path(f"{VISIT}day/give/", visit_days.give, name="day_give"),
    path(f"{VISIT}day/keep/", visit_days.keep, name="day_keep"),
    path(f"{VISIT}day/move/", visit_days.move, name="day_move"),
    path(f"{VISIT}call-off/", visit_days.off, name="call_off"),
    path(f"{VISIT}team/", visit_days.join, name="team_join"),
    path(f"{VISIT}team/<uuid:team_id>/leave/", visit_days.leave, name="team_leave"),
    path("audits/calendar/", visit_calendar.month, name="visit_calendar"),
    path("audits/calendar/feed/", visit_calendar.make_feed, name="visit_feed_new"),
    path("audits/calendar/feed/close/", visit_calendar.end_feed, name="visit_feed_close"),
    path("audits/feed/<str:feed_token>.ics", visit_calendar.feed, name="visit_feed"),
]
