from django.urls import path

from parties.views import colleague, people

app_name = "parties"
urlpatterns = [
    path("firm/people/", people.people, name="people"),
    path("firm/people/invite/", people.invite, name="invite"),
    path("firm/people/invitations/<uuid:colleague_invitation_id>/", people.invitation, name="invitation"),
    path("firm/people/invitations/<uuid:colleague_invitation_id>/revoke/", people.revoke, name="revoke"),
    path("firm/people/roles/", people.role_new, name="role_new"),
    path("firm/people/roles/<uuid:membership_id>/end/", people.role_end, name="role_end"),
    path("firm/people/cqo/", people.cqo, name="cqo"),
    path("firm/people/cqo/<uuid:membership_id>/", people.appointment, name="appointment"),
    path("firm/people/deputies/", people.deputy_new, name="deputy_new"),
    path("firm/people/deputies/<uuid:deputy_id>/end/", people.deputy_end, name="deputy_end"),
    path("colleague/<str:token>/", colleague.colleague, name="colleague"),
]
