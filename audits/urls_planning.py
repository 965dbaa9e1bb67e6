"""Auditors and the plan of a year."""

from django.urls import URLPattern, path

from audits.views import auditors, planning

PLAN = "audits/plans/<uuid:plan_id>/"
AUDITOR = "audits/auditors/<uuid:auditor_id>/"
urlpatterns: list[URLPattern] = [
    path("audits/plans/", planning.plan_list, name="plans"),
    path(PLAN, planning.plan, name="plan"),
    path(f"{PLAN}confirm/", planning.confirm, name="plan_confirm"),
    path(f"{PLAN}drop/", planning.drop, name="plan_drop"),
    path("audits/bookings/<uuid:booking_id>/move/", planning.move, name="booking_move"),
    path("audits/auditors/new/", auditors.auditor_new, name="auditor_new"),
    path(AUDITOR, auditors.auditor, name="auditor"),
    path(f"{AUDITOR}leave/", auditors.leave, name="auditor_leave"),
    path(f"{AUDITOR}leave/drop/", auditors.leave_drop, name="auditor_leave_drop"),
]
