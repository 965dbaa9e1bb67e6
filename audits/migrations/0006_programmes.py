"""What a chain owner plans: its own programmes, how risky it finds a firm, and what both say of the day."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SAME_SIDES = """
alter table audits_auditprogramme add constraint rhythm_is_of_its_owners_programme
  foreign key (owner_programme_id, owner_org_id) references audits_ownerprogramme (id, owner_org_id);
alter table audits_busyseason add constraint season_is_of_its_owners_programme
  foreign key (programme_id, owner_org_id) references audits_ownerprogramme (id, owner_org_id) on delete cascade;
alter table audits_dateask add constraint asked_day_has_the_sides_of_its_visit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
"""
PROGRAMME = (
    "name,state,node_codes,bands,months_a,months_b,months_c,months_d,checklist_id,notice_days,window_days,review_days,halves,"
    "required_skill,announced,spring_before,spring_after,starts_on,ends_on,activated_at,activated_by"
)


def _walls(apps, schema_editor):
    supplier, owner = role_of(Hat.SUPPLIER), role_of(Hat.OWNER)
    me = "person_id = nullif(current_setting('app.user', true), '')::uuid"
    for statement in (
        # A rhythm of visits that are not announced would tell that they come.
        f"create policy rhythm_that_is_announced on audits_auditprogramme as restrictive for select to {supplier} using (announced)",
        # A secret address is its person's, not the firm's.
        f"create policy feed_of_the_person on audits_visitfeed as restrictive for all to {owner} using ({me}) with check ({me})",
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audits", "0005_visits")]

    operations = [
        migrations.CreateModel(
            name="BusySeason",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("name", models.CharField(max_length=60)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("every_year", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="DateAsk",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("was_on", models.DateField()),
                ("wanted_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(blank=True, choices=[("", "Waiting"), ("given", "Given"), ("kept", "Kept")], default="", max_length=8),
                ),
                ("given_on", models.DateField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("answered_by", models.CharField(blank=True, max_length=60)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OwnerProgramme",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                (
                    "node_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("bands", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=1), default=list, size=None)),
                ("months_a", models.PositiveSmallIntegerField(default=24)),
                ("months_b", models.PositiveSmallIntegerField(default=12)),
                ("months_c", models.PositiveSmallIntegerField(default=6)),
                ("months_d", models.PositiveSmallIntegerField(default=3)),
                ("notice_days", models.PositiveSmallIntegerField(default=30)),
                ("window_days", models.PositiveSmallIntegerField(default=10)),
                ("review_days", models.PositiveSmallIntegerField(default=10)),
                ("halves", models.PositiveSmallIntegerField(default=1)),
                ("required_skill", models.CharField(blank=True, max_length=12)),
                ("announced", models.BooleanField(default=True)),
                ("spring_before", models.PositiveSmallIntegerField(default=10)),
                ("spring_after", models.PositiveSmallIntegerField(default=20)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=60)),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                ("activated_by", models.CharField(blank=True, max_length=60)),
                ("client_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="RiskRating",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("rated_on", models.DateField()),
                ("version", models.PositiveSmallIntegerField()),
                ("inputs", models.JSONField()),
                ("points", models.PositiveSmallIntegerField()),
                ("band", models.CharField(max_length=1)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="VisitFeed",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="VisitNote",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("visit_on", models.DateField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="auditprogramme",
            name="announced",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="auditprogramme",
            name="halves",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="auditprogramme",
            name="serial",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="auditprogramme",
            name="clause_id",
            field=models.UUIDField(blank=True, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="dateask",
            name="audit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="date_asks", to="audits.audit"),
        ),
        migrations.AddField(
            model_name="ownerprogramme",
            name="checklist",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.checklistversion"),
        ),
        migrations.AddField(
            model_name="busyseason",
            name="programme",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="seasons", to="audits.ownerprogramme"),
        ),
        migrations.AddField(
            model_name="auditprogramme",
            name="owner_programme",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="rhythms", to="audits.ownerprogramme"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditprogramme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clause_id", None), ("owner_programme__isnull", False)),
                    models.Q(("clause_id__isnull", False), ("owner_programme", None)),
                    _connector="OR",
                ),
                name="rhythm_is_of_a_clause_or_of_an_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditprogramme",
            constraint=models.UniqueConstraint(
                fields=("owner_programme", "supplier_org_id", "serial"), name="rhythm_of_a_relation_is_made_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditprogramme",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)),
                fields=("owner_programme", "supplier_org_id"),
                name="relation_has_one_rhythm_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="riskrating",
            index=models.Index(fields=["owner_org_id", "supplier_org_id", "-rated_on"], name="rating_newest"),
        ),
        migrations.AddConstraint(
            model_name="riskrating",
            constraint=models.UniqueConstraint(
                fields=("owner_org_id", "supplier_org_id", "rated_on", "version"), name="relation_is_rated_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrating",
            constraint=models.CheckConstraint(condition=models.Q(("band__in", ("A", "B", "C", "D"))), name="rating_is_a_band"),
        ),
        migrations.AddConstraint(
            model_name="visitfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("org_id", "person_id"), name="auditor_has_one_open_feed"
            ),
        ),
        migrations.AddField(
            model_name="visitnote",
            name="audit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.audit"),
        ),
        migrations.AddConstraint(
            model_name="dateask",
            constraint=models.UniqueConstraint(fields=("audit", "number"), name="day_is_asked_once_at_a_time"),
        ),
        migrations.AddConstraint(
            model_name="dateask",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 2)), name="another_day_is_asked_twice_at_most"
            ),
        ),
        migrations.AddIndex(
            model_name="ownerprogramme",
            index=models.Index(fields=["owner_org_id", "-created_at", "-id"], name="programme_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="ownerprogramme",
            constraint=models.UniqueConstraint(fields=("owner_org_id", "client_id"), name="programme_of_an_owner_is_made_once"),
        ),
        migrations.AddConstraint(
            model_name="ownerprogramme",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id"), name="programme_names_its_owner"),
        ),
        migrations.AddConstraint(
            model_name="ownerprogramme",
            constraint=models.CheckConstraint(
                condition=models.Q(("months_a__gt", 0), ("months_b__gt", 0), ("months_c__gt", 0), ("months_d__gt", 0)),
                name="each_band_has_its_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownerprogramme",
            constraint=models.CheckConstraint(condition=models.Q(("bands__len__gt", 0)), name="programme_covers_a_band"),
        ),
        migrations.AddConstraint(
            model_name="ownerprogramme",
            constraint=models.CheckConstraint(
                condition=models.Q(("halves__gte", 1), ("halves__lte", 10)), name="visit_takes_a_half_day_to_a_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="busyseason",
            constraint=models.UniqueConstraint(fields=("programme", "first_on", "last_on"), name="season_is_named_once"),
        ),
        migrations.AddConstraint(
            model_name="busyseason",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))), name="season_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="visitnote",
            constraint=models.UniqueConstraint(fields=("audit", "kind", "visit_on"), name="visit_is_reminded_once_for_a_day"),
        ),
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(
                condition=models.Q(("kind", "self_check"), models.Q(("state", "planned"), _negated=True), _connector="OR"),
                fields=["owner_org_id", "-visit_on", "-id"],
                name="audit_told_of_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(
                condition=models.Q(("kind", "self_check"), models.Q(("state", "planned"), _negated=True), _connector="OR"),
                fields=["supplier_org_id", "-visit_on", "-id"],
                name="audit_told_of_supplier",
            ),
        ),
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(condition=models.Q(("state", "planned")), fields=["notice_on"], name="audit_to_announce"),
        ),
        RowSecurity(
            "audits_ownerprogramme",
            owner=f"owner_org_id: select insert update({PROGRAMME}) delete",
            clock="*: select",
        ),
        RowSecurity("audits_busyseason", owner="owner_org_id: select insert delete", clock="*: select"),
        RowSecurity("audits_riskrating", owner="owner_org_id: select", clock="*: select insert"),
        RowSecurity("audits_visitfeed", owner="org_id: select insert update(closed_at)", lobby="*: select"),
        RowSecurity(
            "audits_dateask",
            owner="owner_org_id: select update(answer,given_on,words,answered_by,answered_at)",
            supplier="supplier_org_id: select insert",
            clock="*: select",
        ),
        RowSecurity("audits_visitnote", clock="*: select insert"),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunPython(_walls, migrations.RunPython.noop),
    ]
