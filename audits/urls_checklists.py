from django.urls import path

from audits.views import checklist_build, checklists, master_data

DRAFT = "audits/checklists/drafts/<uuid:draft_checklist_id>/"
urlpatterns = [
    path("audits/checklists/", checklists.listing, name="checklists"),
    path("audits/checklists/new/", checklist_build.new, name="checklist_new"),
    path("audits/checklists/template.xlsx", checklists.template, name="checklist_template"),
    path(DRAFT, checklist_build.draft, name="checklist_draft"),
    path(f"{DRAFT}head/", checklist_build.head, name="checklist_head"),
    path(f"{DRAFT}sections/new/", checklist_build.section, name="checklist_section_new"),
    path(f"{DRAFT}sections/<int:number>/", checklist_build.section, name="checklist_section"),
    path(f"{DRAFT}questions/new/", checklist_build.question, name="checklist_question_new"),
    path(f"{DRAFT}questions/<int:number>/", checklist_build.question, name="checklist_question"),
    path(f"{DRAFT}file/", checklist_build.file, name="checklist_file"),
    path(f"{DRAFT}publish/", checklist_build.publish, name="checklist_publish"),
    path("audits/checklists/<str:checklist_code>/", checklists.one, name="checklist"),
    path("audits/checklists/<str:checklist_code>/changes/", checklists.changes, name="checklist_changes"),
    path("audits/checklists/<str:checklist_code>/checklist.xlsx", checklists.download, name="checklist_xlsx"),
    path("audits/<uuid:audit_id>/master-data/", master_data.proposed, name="master_data"),
]
