"""The addresses of problems, research and techniques."""

from django.urls import URLPattern, path

from oversight.api import problems as quality_problems
from oversight.api import projects as research
from oversight.api import technique_uses

PROBLEMS: list[URLPattern] = [
    path("v1/problems/", quality_problems.QualityProblems.as_view()),
    path("v1/problems/<uuid:problem_id>/", quality_problems.QualityProblem.as_view()),
    path("v1/problems/<uuid:problem_id>/offers/", research.ResearchOffers.as_view()),
    path("v1/problem-reports/", quality_problems.ProblemReports.as_view()),
    path("v1/problem-reports/<uuid:report_of_problem_id>/", quality_problems.OneProblemReport.as_view()),
    path("v1/bureau/problem-reports/<uuid:report_of_problem_id>/", quality_problems.BureauProblemReport.as_view()),
    path("v1/bureau/problems/", quality_problems.BureauProblems.as_view()),
    path("v1/bureau/problems/<uuid:problem_id>/moves/", quality_problems.BureauProblemMoves.as_view()),
    path("v1/bureau/problems/<uuid:problem_id>/evidence/", quality_problems.BureauProblemEvidence.as_view()),
    path("v1/bureau/problems/<uuid:problem_id>/merge/", quality_problems.BureauProblemMerge.as_view()),
    path("v1/bureau/projects/", research.BureauProjects.as_view()),
    path("v1/projects/", research.ResearchProjects.as_view()),
    path("v1/projects/<uuid:project_id>/", research.OneProject.as_view()),
    path("v1/projects/<uuid:project_id>/moves/", research.ProjectMoves.as_view()),
    path("v1/projects/<uuid:project_id>/milestones/", research.ProjectMilestones.as_view()),
    path("v1/projects/<uuid:project_id>/consent/", research.ProjectConsent.as_view()),
    path("v1/projects/<uuid:project_id>/data/", research.ProjectData.as_view()),
    path("v1/competence/", research.OwnCompetence.as_view()),
    path("v1/techniques/", research.Techniques.as_view()),
    path("v1/techniques/<uuid:technique_id>/", research.OneTechnique.as_view()),
    path("v1/techniques/<uuid:technique_id>/publish/", research.TechniquePublish.as_view()),
    path("v1/techniques/<uuid:technique_id>/versions/", research.TechniqueVersions.as_view()),
    path("v1/techniques/<uuid:technique_id>/adoption/", research.TechniqueAdoption.as_view()),
    path("v1/techniques/<uuid:technique_id>/question/", technique_uses.TechniqueQuestion.as_view()),
    path("v1/techniques/<uuid:technique_id>/offers/", technique_uses.TechniqueOffers.as_view()),
]
