"""Visits: who conducts them, in which half of which day, and what the supplier is not told before they begin."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import Grants, RowSecurity

TEAM_HAS_ITS_SIDES = """
alter table audits_auditteam add constraint team_has_the_sides_of_its_visit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
alter table audits_audit add constraint follow_up_has_the_sides_of_what_it_follows
  foreign key (follows_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
"""
AHEAD = "('planned', 'notified', 'accepted', 'reschedule_asked', 'packed', 'cancelled')"


def _walls(apps, schema_editor):
    supplier, owner = role_of(Hat.SUPPLIER), role_of(Hat.OWNER)
    mine = "owner_org_id = nullif(current_setting('app.org', true), '')::uuid"
    for statement in (
        # What is not announced is not there for the firm that is visited, until the team stands in its yard.
        f"create policy unannounced_until_it_begins on audits_audit as restrictive for select to {supplier} using (announced or state not in {AHEAD})",
        f"create policy team_of_a_visit_one_sees on audits_auditteam as restrictive for select to {supplier} "
        "using (exists (select from audits_audit a where a.id = audit_id))",
        # A chain owner writes follow-ups; what a programme asks for is made by the clock.
        f"grant insert on audits_audit to {owner}",
        f"create policy owner_insert on audits_audit for insert to {owner} with check ({mine})",
        f"create policy owner_writes_follow_ups on audits_audit as restrictive for insert to {owner} with check (follows_id is not null)",
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0011_how_it_is_read"),
        ("audits", "0004_findings_of_lots"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditTeam",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("is_lead", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="audit",
            name="accepted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="audit",
            name="announced",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="audit",
            name="dates_asked",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="audit",
            name="follows",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="audits.audit"
            ),
        ),
        migrations.AddField(
            model_name="audit",
            name="half",
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name="audit",
            name="halves",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="audit",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="audit",
            name="window_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="audit",
            name="window_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="audit",
            name="kind",
            field=models.CharField(
                choices=[("self_check", "Self Check"), ("second_party", "Second Party"), ("follow_up", "Follow Up")], max_length=14
            ),
        ),
        migrations.AlterField(
            model_name="audit",
            name="programme",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="audits", to="audits.auditprogramme"
            ),
        ),
        migrations.AlterField(
            model_name="audit",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("notified", "Notified"),
                    ("accepted", "Accepted"),
                    ("reschedule_asked", "Reschedule Asked"),
                    ("packed", "Packed"),
                    ("in_progress", "In Progress"),
                    ("submitted", "Submitted"),
                    ("reviewed", "Reviewed"),
                    ("closed", "Closed"),
                    ("cancelled", "Cancelled"),
                ],
                default="planned",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("follows", None), ("programme__isnull", False)),
                    models.Q(("follows__isnull", False), ("programme", None)),
                    _connector="OR",
                ),
                name="audit_is_of_a_programme_or_follows_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.CheckConstraint(
                condition=models.Q(("announced", True), models.Q(("kind", "self_check"), _negated=True), _connector="OR"),
                name="self_check_is_announced",
            ),
        ),
        migrations.AddField(
            model_name="auditteam",
            name="audit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="team", to="audits.audit"),
        ),
        migrations.AddConstraint(
            model_name="auditteam",
            constraint=models.UniqueConstraint(fields=("audit", "person_id"), name="auditor_is_on_a_visit_once"),
        ),
        migrations.AddConstraint(
            model_name="auditteam",
            constraint=models.UniqueConstraint(condition=models.Q(("is_lead", True)), fields=("audit",), name="visit_has_one_lead_auditor"),
        ),
        RowSecurity(
            "audits_auditteam",
            owner="owner_org_id: select insert update(is_lead) delete",
            supplier="supplier_org_id: select",
            clock="*: select insert delete",
        ),
        Grants(
            "audits_audit",
            owner="update (visit_on,notice_on,half,halves,window_from,window_to,started_at,submitted_at,submitted_by)",
            supplier="update (accepted_at,dates_asked)",
            clock="update (notice_on,half,halves,window_from,window_to)",
        ),
        migrations.RunSQL(TEAM_HAS_ITS_SIDES, migrations.RunSQL.noop),
        migrations.RunPython(_walls, migrations.RunPython.noop),
    ]
