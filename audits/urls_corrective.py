from django.urls import path

from audits.views import appeals, board, corrective, followups

urlpatterns = [
    path("findings/board/", board.board, name="findings_board"),
    path("findings/<uuid:finding_id>/contain/", corrective.contain, name="finding_contain"),
    path("findings/<uuid:finding_id>/plan/", corrective.plan, name="finding_plan"),
    path("findings/<uuid:finding_id>/plan/accept/", corrective.accept_plan, name="finding_plan_accept"),
    path("findings/<uuid:finding_id>/plan/return/", corrective.return_plan, name="finding_plan_return"),
    path("findings/<uuid:finding_id>/carry-out/", corrective.carry_out, name="finding_carry_out"),
    path("findings/<uuid:finding_id>/watch/", corrective.watch, name="finding_watch"),
    path("findings/<uuid:finding_id>/effect/", corrective.effect, name="finding_effect"),
    path("findings/<uuid:finding_id>/reword/", corrective.reword, name="finding_reword"),
    path("findings/<uuid:finding_id>/draft/", corrective.draft, name="finding_draft"),
    path("findings/<uuid:finding_id>/draft/drop/", corrective.drop, name="finding_drop"),
    path("findings/<uuid:finding_id>/appeal/", appeals.appeal, name="finding_appeal"),
    path("appeals/", appeals.appeal_list, name="appeals"),
    path("appeals/<uuid:appeal_id>/", appeals.appeal_page, name="appeal"),
    path("audits/<uuid:audit_id>/follow-up/", followups.plan, name="follow_up"),
    path("follow-ups/<uuid:follow_up_item_id>/", followups.look, name="look_again"),
]
