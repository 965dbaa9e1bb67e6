"""Problems that firms share, research on them and what comes of it: who reads what stands in the database."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

ME = "nullif(current_setting('app.org', true), '')::uuid"
OUTSIDE = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM)
READERS = {hat.value: "*: select" for hat in (*OUTSIDE, Hat.CLOCK)}
KEPT = """
create trigger problem_steps_are_kept before update or delete or truncate on oversight_problemevent
  for each statement execute function record_is_append_only();
create function oversight_technique_is_kept() returns trigger language plpgsql as $$
begin
  if (new.name, new.steps, new.cost, new.limits, new.trial, new.contact, new.question, new.code, new.version, new.publisher_org_id)
     is distinct from (old.name, old.steps, old.cost, old.limits, old.trial, old.contact, old.question, old.code, old.version, old.publisher_org_id)
  then raise exception 'a published technique is never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger published_techniques_are_kept before update on oversight_technique
  for each row when (old.state <> 'draft') execute function oversight_technique_is_kept();
"""
GONE = "drop function if exists oversight_technique_is_kept() cascade"


def narrow(apps, schema_editor):
    """What is not yet confirmed is the bureau's; what is not yet approved is its and the lead's; a draft is its writer's."""
    rules = []
    for hat in OUTSIDE:
        rules.append((hat, "oversight_problem", "confirmed_at is not null"))
        rules.append((hat, "oversight_problemevent", "exists (select from oversight_problem p where p.id = problem_id)"))
        mine = f" or lead_org_id = {ME}" if hat is Hat.LAB else ""
        rules.append((hat, "oversight_researchproject", f"state <> 'proposed'{mine}"))
        for table in ("oversight_projectmember", "oversight_milestone"):
            rules.append((hat, table, "exists (select from oversight_researchproject p where p.id = project_id)"))
        mine = f" or publisher_org_id = {ME}" if hat is Hat.LAB else ""
        rules.append((hat, "oversight_technique", f"state <> 'draft'{mine}"))
    rules.append((Hat.LAB, "oversight_problemevidence", "exists (select from oversight_problem p where p.id = problem_id)"))
    # The readings of a project are for the institutes that work on it, and for the firm that they were taken in.
    rules.append(
        (
            Hat.LAB,
            "oversight_projectreading",
            (
                f"exists (select from oversight_researchproject p where p.id = project_id and p.lead_org_id = {ME}) or exists (select from "
                f"oversight_projectmember m where m.project_id = oversight_projectreading.project_id and m.org_id = {ME} and m.left_at is null)"
            ),
        )
    )
    rules.append(
        (
            Hat.SUPPLIER,
            "oversight_projectreading",
            "exists (select from oversight_projectfirm f where f.series_id = oversight_projectreading.series_id)",
        )
    )
    for hat, table, test in rules:
        schema_editor.execute(f"create policy narrowed_{hat} on {table} as restrictive for select to {role_of(hat)} using ({test})")


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_problem_map")]

    operations = [
        migrations.CreateModel(
            name="Competence",
            fields=[
                ("org_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None),
                ),
                (
                    "node_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("technique_code", models.CharField(max_length=16)),
                ("firm_org_id", models.UUIDField()),
                ("adopted_on", models.DateField()),
                ("adopted_by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("technique_code", "firm_org_id"), name="firm_adopts_a_technique_once")],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=16, unique=True)),
                ("statement", models.CharField(max_length=200)),
                ("cause", models.TextField(blank=True)),
                ("category", models.CharField(max_length=24)),
                ("node_code", models.CharField(blank=True, max_length=12)),
                (
                    "region_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("characteristic_code", models.CharField(blank=True, max_length=20)),
                ("severity", models.PositiveSmallIntegerField(default=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reported", "Reported"),
                            ("triaged", "Triaged"),
                            ("confirmed", "Confirmed"),
                            ("in_research", "In Research"),
                            ("solution_trial", "Solution Trial"),
                            ("solved", "Solved"),
                            ("watch", "Watch"),
                            ("closed", "Closed"),
                        ],
                        default="reported",
                        max_length=14,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("registered_by", models.CharField(max_length=60)),
                ("registered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_on", models.JSONField(blank=True, null=True)),
                ("client_id", models.UUIDField(unique=True)),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="oversight.problem",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProblemEvent",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=14)),
                ("words", models.TextField(blank=True)),
                ("said_by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("problem", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to="oversight.problem")),
            ],
        ),
        migrations.CreateModel(
            name="ProblemEvidence",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("supervision", "Supervision"), ("round", "Round"), ("study", "Study")], max_length=12)),
                ("source_name", models.CharField(max_length=120)),
                ("seen_on", models.DateField()),
                ("looked_at", models.PositiveIntegerField()),
                ("nonconforming", models.PositiveIntegerField()),
                ("added_by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("client_id", models.UUIDField(unique=True)),
                (
                    "problem",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="oversight.problem"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProblemReport",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reporter_org_id", models.UUIDField()),
                ("reporter_hat", models.CharField(max_length=10)),
                ("reporter_name_zh", models.CharField(max_length=80)),
                ("reporter_name_en", models.CharField(blank=True, max_length=120)),
                ("reported_by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("words", models.TextField()),
                ("category", models.CharField(blank=True, max_length=24)),
                ("node_code", models.CharField(blank=True, max_length=12)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("characteristic_code", models.CharField(blank=True, max_length=20)),
                ("origin", models.CharField(default="words", max_length=12)),
                ("firms_touched", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(choices=[("new", "New"), ("taken", "Taken"), ("declined", "Declined")], default="new", max_length=8),
                ),
                ("reply", models.TextField(blank=True)),
                ("replied_by", models.CharField(blank=True, max_length=60)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField()),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="oversight.problem"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ResearchOffer",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("org_name_zh", models.CharField(max_length=80)),
                ("org_name_en", models.CharField(blank=True, max_length=120)),
                ("words", models.TextField()),
                ("offered_by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("taken", "Taken"), ("declined", "Declined")], default="waiting", max_length=8
                    ),
                ),
                ("problem", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="oversight.problem")),
            ],
        ),
        migrations.CreateModel(
            name="ResearchProject",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=16, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("lead_org_id", models.UUIDField()),
                ("lead_name_zh", models.CharField(max_length=80)),
                ("lead_name_en", models.CharField(blank=True, max_length=120)),
                ("characteristic_code", models.CharField(max_length=20)),
                ("edition_code", models.CharField(blank=True, max_length=40)),
                ("kind", models.CharField(max_length=8)),
                ("direction", models.CharField(max_length=6)),
                ("from_value", models.CharField(max_length=12)),
                ("to_value", models.CharField(max_length=12)),
                ("target", models.DecimalField(decimal_places=4, max_digits=12)),
                ("target_firms", models.PositiveSmallIntegerField()),
                ("months", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("running", "Running"),
                            ("review", "Review"),
                            ("adopted", "Adopted"),
                            ("stopped", "Stopped"),
                        ],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("result", models.TextField(blank=True)),
                ("proposed_by", models.CharField(max_length=60)),
                ("proposed_at", models.DateTimeField()),
                ("client_id", models.UUIDField(unique=True)),
                (
                    "problem",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="projects", to="oversight.problem"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProjectReading",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("series_id", models.UUIDField()),
                ("label", models.CharField(max_length=6)),
                ("day", models.IntegerField()),
                ("readings", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("decimals", models.PositiveSmallIntegerField()),
                (
                    "project",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="oversight.researchproject"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProjectMember",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("org_name_zh", models.CharField(max_length=80)),
                ("org_name_en", models.CharField(blank=True, max_length=120)),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "project",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="members", to="oversight.researchproject"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProjectFirm",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("firm_org_id", models.UUIDField()),
                ("series_id", models.UUIDField(unique=True)),
                ("label", models.CharField(max_length=6)),
                ("consent_version", models.PositiveSmallIntegerField()),
                ("consented_by", models.CharField(max_length=60)),
                ("consented_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("changed_on", models.DateField(blank=True, null=True)),
                (
                    "project",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="firms", to="oversight.researchproject"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("lead_org_id", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="milestones", to="oversight.researchproject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Technique",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=16)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")], default="draft", max_length=10
                    ),
                ),
                ("publisher_org_id", models.UUIDField()),
                ("publisher_name_zh", models.CharField(max_length=80)),
                ("publisher_name_en", models.CharField(blank=True, max_length=120)),
                ("name", models.CharField(max_length=80)),
                ("steps", models.TextField()),
                ("cost", models.CharField(blank=True, max_length=200)),
                ("limits", models.TextField(blank=True)),
                ("trial", models.TextField(blank=True)),
                ("contact", models.CharField(max_length=120)),
                ("question", models.CharField(blank=True, max_length=200)),
                ("characteristic_code", models.CharField(blank=True, max_length=20)),
                (
                    "node_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("written_by", models.CharField(max_length=60)),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.UUIDField(unique=True)),
                (
                    "problem",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="techniques", to="oversight.problem"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="techniques",
                        to="oversight.researchproject",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(fields=["state", "-severity", "-state_since"], name="problem_by_state"),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__gte", 1), ("severity__lte", 5)), name="problem_severity_is_one_to_five"
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(("duplicate_of", models.F("id")), _negated=True), name="problem_is_no_duplicate_of_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["reported", "triaged", "closed"]), ("confirmed_at__isnull", False), _connector="OR"),
                name="problem_is_confirmed_before_it_goes_on",
            ),
        ),
        migrations.AddIndex(
            model_name="problemevent",
            index=models.Index(fields=["problem", "at"], name="event_of_problem"),
        ),
        migrations.AddConstraint(
            model_name="problemevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("looked_at__gte", 1), ("nonconforming__lte", models.F("looked_at"))),
                name="nonconforming_were_looked_at",
            ),
        ),
        migrations.AddIndex(
            model_name="problemreport",
            index=models.Index(fields=["state", "-at", "-id"], name="report_by_state"),
        ),
        migrations.AddIndex(
            model_name="problemreport",
            index=models.Index(fields=["reporter_org_id", "-at", "-id"], name="report_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="problemreport",
            constraint=models.UniqueConstraint(fields=("reporter_org_id", "client_id"), name="problem_is_reported_once"),
        ),
        migrations.AddConstraint(
            model_name="problemreport",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "taken"), _negated=True), ("problem__isnull", False), _connector="OR"),
                name="taken_report_has_its_problem",
            ),
        ),
        migrations.AddConstraint(
            model_name="problemreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "new"), ("replied_at__isnull", False), _connector="OR"), name="settled_report_says_when"
            ),
        ),
        migrations.AddConstraint(
            model_name="researchoffer",
            constraint=models.UniqueConstraint(fields=("problem", "org_id"), name="institute_offers_once_for_a_problem"),
        ),
        migrations.AddIndex(
            model_name="researchproject",
            index=models.Index(fields=["state", "-state_since"], name="project_by_state"),
        ),
        migrations.AddConstraint(
            model_name="researchproject",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["variable", "ordinal"])), name="project_measures_numbers_or_grades"
            ),
        ),
        migrations.AddConstraint(
            model_name="researchproject",
            constraint=models.CheckConstraint(
                condition=models.Q(("direction__in", ["upper", "lower"])), name="project_knows_which_way_is_better"
            ),
        ),
        migrations.AddConstraint(
            model_name="researchproject",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__gte", 1), ("months__lte", 60), ("target_firms__gte", 1)), name="project_has_firms_and_months"
            ),
        ),
        migrations.AddConstraint(
            model_name="researchproject",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                name="project_ends_after_it_starts",
            ),
        ),
        migrations.AddIndex(
            model_name="projectreading",
            index=models.Index(fields=["project", "label", "day"], name="reading_of_project"),
        ),
        migrations.AddConstraint(
            model_name="projectmember",
            constraint=models.UniqueConstraint(fields=("project", "org_id"), name="institute_is_in_a_project_once"),
        ),
        migrations.AddConstraint(
            model_name="projectfirm",
            constraint=models.UniqueConstraint(fields=("project", "firm_org_id"), name="firm_is_in_a_project_once"),
        ),
        migrations.AddConstraint(
            model_name="projectfirm",
            constraint=models.UniqueConstraint(fields=("project", "label"), name="firms_of_a_project_have_labels_of_their_own"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(fields=("project", "name"), name="milestone_has_a_name_of_its_own"),
        ),
        migrations.AddConstraint(
            model_name="technique",
            constraint=models.UniqueConstraint(fields=("code", "version"), name="technique_version_is_one"),
        ),
        migrations.AddConstraint(
            model_name="technique",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")), fields=("code",), name="one_version_of_a_technique_is_published"
            ),
        ),
        migrations.AddConstraint(
            model_name="technique",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("published_at__isnull", False), _connector="OR"),
                name="published_technique_says_when",
            ),
        ),
        RowSecurity("oversight_problem", bureau="*: select insert update", **READERS),
        RowSecurity("oversight_problemevent", bureau="*: select insert", **READERS),
        RowSecurity("oversight_problemevidence", bureau="*: select insert", lab="*: select", clock="*: select"),
        RowSecurity(
            "oversight_problemreport",
            bureau="*: select update(state,problem_id,reply,replied_by,replied_at)",
            owner="reporter_org_id: select insert",
            supplier="reporter_org_id: select insert",
            lab="reporter_org_id: select insert",
            provider="reporter_org_id: select insert",
            clock="*: select",
        ),
        RowSecurity("oversight_competence", bureau="*: select", lab="org_id: select insert update", clock="*: select"),
        RowSecurity("oversight_researchoffer", bureau="*: select update(state)", lab="org_id: select insert"),
        RowSecurity(
            "oversight_researchproject",
            **(READERS | {"lab": ["*: select", "lead_org_id: update(state,state_since,result)"]}),
            bureau="*: select insert update",
        ),
        RowSecurity("oversight_projectmember", **READERS, bureau="*: select insert update(left_at)"),
        RowSecurity(
            "oversight_milestone",
            **(READERS | {"lab": ["*: select", "lead_org_id: insert update(due_on,done_on,note)"]}),
            bureau="*: select insert update(due_on,done_on,note)",
        ),
        RowSecurity(
            "oversight_projectfirm",
            supplier="firm_org_id: select insert update(revoked_at,changed_on,consented_at,consented_by,consent_version)",
            clock="*: select",
        ),
        RowSecurity("oversight_projectreading", lab="*: select", supplier="*: select", clock="*: select insert delete"),
        RowSecurity(
            "oversight_technique", **(READERS | {"lab": ["*: select", "publisher_org_id: insert update"]}), bureau="*: select insert update"
        ),
        RowSecurity(
            "oversight_adoption",
            owner="firm_org_id: select insert update(ended_on,adopted_on)",
            supplier="firm_org_id: select insert update(ended_on,adopted_on)",
            clock="*: select",
        ),
        migrations.RunSQL(KEPT, GONE),
        migrations.RunPython(narrow, migrations.RunPython.noop),
    ]
