"""Problems, research projects and techniques."""

from django.urls import URLPattern, path

from oversight.views import problem_desk, problems, projects, technique_uses, techniques

DESK, PROBLEM, PROJECT, TECHNIQUE = (
    "bureau/problems/<uuid:problem_id>/",
    "problems/<uuid:problem_id>/",
    "projects/<uuid:project_id>/",
    "techniques/<uuid:technique_id>/",
)
urlpatterns: list[URLPattern] = [
    path("lists/problems/", problems.problem_list, name="problems"),
    path("lists/problems/export/", problems.problems_export, name="problems_export"),
    path("problems/report/", problems.report_new, name="problem_report_new"),
    path("problems/reports/", problems.own_reports, name="own_reports"),
    path("problems/reports/<uuid:report_of_problem_id>/", problems.own_report, name="own_report"),
    path(PROBLEM, problems.problem, name="problem"),
    path(f"{PROBLEM}offer/", techniques.offer, name="research_offer"),
    path("bureau/problems/", problem_desk.desk, name="problem_desk_list"),
    path("bureau/problems/new/", problem_desk.problem_new, name="problem_new"),
    path("bureau/problems/reports/<uuid:report_of_problem_id>/", problem_desk.report, name="problem_report"),
    path(DESK, problem_desk.problem_work, name="problem_desk"),
    path(f"{DESK}edit/", problem_desk.problem_edit, name="problem_edit"),
    path(f"{DESK}move/", problem_desk.problem_move, name="problem_move"),
    path(f"{DESK}evidence/", problem_desk.evidence_add, name="problem_evidence"),
    path(f"{DESK}merge/", problem_desk.problem_merge, name="problem_merge"),
    path(f"{DESK}unmerge/", problem_desk.problem_unmerge, name="problem_unmerge"),
    path("lists/projects/", projects.project_list, name="projects"),
    path("lists/projects/export/", projects.projects_export, name="projects_export"),
    path("bureau/projects/new/", projects.project_new, name="project_new"),
    path(PROJECT, projects.project, name="project"),
    path(f"{PROJECT}move/", projects.project_move, name="project_move"),
    path(f"{PROJECT}milestones/", projects.milestone_add, name="milestone_add"),
    path(f"{PROJECT}milestones/done/", projects.milestone_done, name="milestone_done"),
    path(f"{PROJECT}join/", projects.join, name="project_join"),
    path(f"{PROJECT}leave/", projects.leave, name="project_leave"),
    path(f"{PROJECT}data/", projects.data, name="project_data"),
    path(f"{PROJECT}data/export/", projects.data_export, name="project_export"),
    path("research/", techniques.research, name="research"),
    path("research/competence/", techniques.competence, name="competence"),
    path("techniques/", techniques.technique_list, name="techniques"),
    path("techniques/export/", techniques.techniques_export, name="techniques_export"),
    path("techniques/new/", techniques.technique_new, name="technique_new"),
    path(TECHNIQUE, techniques.technique, name="technique"),
    path(f"{TECHNIQUE}edit/", techniques.technique_edit, name="technique_edit"),
    path(f"{TECHNIQUE}publish/", techniques.technique_publish, name="technique_publish"),
    path(f"{TECHNIQUE}version/", techniques.technique_version, name="technique_version"),
    path(f"{TECHNIQUE}adopt/", techniques.technique_adopt, name="technique_adopt"),
    path(f"{TECHNIQUE}question/", technique_uses.technique_question, name="technique_question"),
    path(f"{TECHNIQUE}offer/", technique_uses.technique_offer, name="technique_offer"),
]
