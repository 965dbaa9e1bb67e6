"""What a team says on site: operations as they came, answers as they stand, photos, findings in the making, opening and closing."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity

OWNERS = "foreign key (audit_id, owner_org_id) references audits_audit (id, owner_org_id)"
SIDES = "foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id)"
ALL = ("visitop", "visitfinding", "visitanswer", "visitphoto", "visitopening", "closing")
SHOWN_LATER = ALL[2:]
# The supplier's side is empty until the visit is handed in, and an empty side is not compared: the owner's always is.
SAME_SIDES = (
    "alter table audits_audit add constraint audit_names_its_owner unique (id, owner_org_id);"
    + "".join(f"alter table audits_{table} add constraint {table}_is_of_the_owner_of_its_visit {OWNERS};" for table in ALL)
    + "".join(f"alter table audits_{table} add constraint {table}_has_the_sides_of_its_visit {SIDES};" for table in SHOWN_LATER)
)

KEPT = (
    """
create function what_is_handed_in_is_kept() returns trigger language plpgsql as $$
begin
  if old.supplier_org_id is not null then
    raise exception 'what was handed in is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function said_while_the_visit_runs() returns trigger language plpgsql as $$
begin
  if current_user <> (select tableowner from pg_tables where schemaname = tg_table_schema and tablename = tg_table_name)
    and exists (select from audits_audit a where a.id = new.audit_id and a.state <> 'in_progress') then
    raise exception 'a team says something while its visit runs' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function raised_on_site_is_kept() returns trigger language plpgsql as $$
begin
  if old.raised_id is not null then
    raise exception 'a finding that was raised is not written anew' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger operation_is_kept before update or delete on audits_visitop for each row execute function record_is_append_only();
create trigger operations_are_kept before truncate on audits_visitop execute function record_is_append_only();
create trigger raised_on_site_is_kept before update on audits_visitfinding for each row execute function raised_on_site_is_kept();
"""
    + "".join(
        f"create trigger {table}_is_kept_once_handed_in before update on audits_{table} for each row execute function what_is_handed_in_is_kept();"
        for table in SHOWN_LATER
    )
    + "".join(
        f"create trigger {table}_is_said_while_the_visit_runs before insert on audits_{table} "
        "for each row execute function said_while_the_visit_runs();"
        for table in ALL
    )
)


class Migration(migrations.Migration):
    dependencies = [("audits", "0008_checklists")]

    operations = [
        migrations.CreateModel(
            name="VisitOpening",
            fields=[
                (
                    "audit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="opening",
                        serialize=False,
                        to="audits.audit",
                    ),
                ),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField(blank=True, null=True)),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("by_gate", models.BooleanField(default=False)),
                ("client_time", models.DateTimeField(blank=True, null=True)),
                ("opened_by", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "audit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="closing",
                        serialize=False,
                        to="audits.audit",
                    ),
                ),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField(blank=True, null=True)),
                ("name", models.CharField(max_length=60)),
                ("role", models.CharField(blank=True, max_length=60)),
                ("word", models.CharField(choices=[("agrees", "Agrees"), ("remarks", "Remarks"), ("refuses", "Refuses")], max_length=8)),
                ("remark", models.TextField(blank=True)),
                ("signature", models.JSONField(blank=True, null=True)),
                ("shown", models.JSONField(default=list)),
                ("op", models.UUIDField()),
                ("client_time", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(max_length=60)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("word", "refuses"), ("signature__isnull", False), _connector="OR"), name="who_agrees_signs"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("word", "remarks"), _negated=True), models.Q(("remark", ""), _negated=True), _connector="OR"
                        ),
                        name="who_remarks_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField(blank=True, null=True)),
                ("value", models.JSONField(blank=True, null=True)),
                ("na", models.BooleanField(default=False)),
                ("note", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("op", models.UUIDField()),
                ("rivals", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None)),
                ("answered_by", models.CharField(max_length=60)),
                ("client_time", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField()),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="visit_answers", to="audits.audit")),
                ("question", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.question")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("audit", "question"), name="visit_answers_a_question_once"),
                    models.CheckConstraint(
                        condition=models.Q(("supplier_org_id", None), ("rivals", []), _connector="OR"),
                        name="what_is_handed_in_has_no_rivals",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitFinding",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("key", models.UUIDField()),
                ("question_code", models.CharField(blank=True, max_length=20)),
                (
                    "grade",
                    models.CharField(
                        choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor"), ("ofi", "Ofi")], max_length=8
                    ),
                ),
                ("clause_ref", models.CharField(blank=True, max_length=80)),
                ("requirement", models.TextField()),
                ("observed", models.TextField()),
                ("gap", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("op", models.UUIDField()),
                ("written_by", models.CharField(max_length=60)),
                ("written_at", models.DateTimeField()),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="visit_findings", to="audits.audit")),
                (
                    "raised",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="written_on_site",
                        to="audits.finding",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("audit", "key"), name="finding_of_a_visit_is_written_once")],
            },
        ),
        migrations.CreateModel(
            name="VisitOp",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("client_id", models.UUIDField()),
                ("kind", models.CharField(max_length=12)),
                ("subject", models.CharField(blank=True, max_length=40)),
                ("body", models.JSONField()),
                ("base_version", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=0)),
                ("outcome", models.CharField(choices=[("saved", "Saved"), ("conflict", "Conflict")], max_length=8)),
                ("client_time", models.DateTimeField(blank=True, null=True)),
                ("skew_seconds", models.IntegerField(default=0)),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("received_at", models.DateTimeField()),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="ops", to="audits.audit")),
            ],
            options={
                "indexes": [models.Index(fields=["audit", "subject", "received_at"], name="operations_of_a_subject")],
                "constraints": [models.UniqueConstraint(fields=("audit", "client_id"), name="operation_is_applied_once")],
            },
        ),
        migrations.CreateModel(
            name="VisitPhoto",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField(blank=True, null=True)),
                ("photo", models.UUIDField()),
                ("finding", models.UUIDField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("original_sha256", models.CharField(blank=True, max_length=64)),
                ("shot_at", models.DateTimeField(blank=True, null=True)),
                ("evidence_id", models.UUIDField(blank=True, null=True)),
                ("added_by", models.CharField(max_length=60)),
                ("added_at", models.DateTimeField()),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="visit_photos", to="audits.audit")),
                (
                    "question",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.question"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("audit", "photo"), name="photo_of_a_visit_is_declared_once")],
            },
        ),
        RowSecurity("audits_visitop", owner="owner_org_id: select insert"),
        RowSecurity("audits_visitfinding", owner="owner_org_id: select insert update"),
        RowSecurity("audits_visitanswer", owner="owner_org_id: select insert update", supplier="supplier_org_id: select"),
        RowSecurity("audits_visitphoto", owner="owner_org_id: select insert update", supplier="supplier_org_id: select"),
        RowSecurity("audits_visitopening", owner="owner_org_id: select insert update", supplier="supplier_org_id: select"),
        RowSecurity("audits_closing", owner="owner_org_id: select insert update", supplier="supplier_org_id: select"),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
