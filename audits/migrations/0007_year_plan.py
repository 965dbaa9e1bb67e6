"""Auditors as a planner knows them, their half-days, and the plan of a year: nobody's but the chain owner's."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity

SAME_SIDES = """
alter table audits_booking add constraint booking_has_the_sides_of_its_visit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
alter table audits_planline add constraint line_is_of_its_owners_plan
  foreign key (plan_id, owner_org_id) references audits_yearplan (id, owner_org_id);
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0006_programmes")]

    operations = [
        migrations.RunSQL("create extension if not exists btree_gist", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="AuditorLeave",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("leave", "Leave"), ("sick", "Sick"), ("training", "Training"), ("other", "Other")], max_length=8
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("client_id", models.CharField(max_length=64)),
                ("noted_by", models.CharField(max_length=60)),
                ("noted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner_org_id", "client_id"), name="leave_is_noted_once"),
                    models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="leave_ends_after_it_starts"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("owner_org_id", "="),
                            ("person_id", "="),
                            (models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"), "&&"),
                        ],
                        name="leave_of_an_auditor_does_not_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditorProfile",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                (
                    "node_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                    ),
                ),
                ("home_region", models.CharField(max_length=12)),
                ("days_per_month", models.PositiveSmallIntegerField(default=10)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner_org_id", "person_id"), name="auditor_has_one_profile"),
                    models.CheckConstraint(
                        condition=models.Q(("days_per_month__gte", 1), ("days_per_month__lte", 31)), name="auditor_gives_a_day_to_a_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YearPlan",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("ready", "Ready"), ("confirmed", "Confirmed"), ("dropped", "Dropped")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("figures", models.JSONField(default=dict)),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=60)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["owner_org_id", "-asked_at", "-id"], name="plan_of_owner")],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "owner_org_id"), name="plan_names_its_owner"),
                    models.CheckConstraint(condition=models.Q(("last_on__gte", models.F("first_on"))), name="plan_ends_after_it_starts"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("day", models.DateField()),
                ("half", models.CharField(max_length=2)),
                ("booked_by", models.CharField(max_length=60)),
                ("booked_at", models.DateTimeField()),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="audits.audit")),
            ],
            options={
                "indexes": [models.Index(fields=["owner_org_id", "day", "id"], name="booking_of_owner")],
                "constraints": [
                    models.UniqueConstraint(fields=("person_id", "day", "half"), name="auditor_is_in_one_place_at_a_time"),
                    models.CheckConstraint(condition=models.Q(("half__in", ("am", "pm"))), name="booking_is_of_a_half"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanLine",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(blank=True, max_length=60)),
                ("day", models.DateField(blank=True, null=True)),
                ("half", models.CharField(blank=True, max_length=2)),
                ("halves", models.PositiveSmallIntegerField(default=1)),
                ("cause", models.CharField(blank=True, max_length=10)),
                ("at_hand", models.PositiveIntegerField(default=0)),
                ("was_booked", models.BooleanField(default=False)),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.audit")),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="audits.yearplan")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "audit"), name="plan_has_a_visit_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", ""), ("day__isnull", False), ("person_id__isnull", False)),
                            models.Q(models.Q(("cause", ""), _negated=True), ("day", None), ("person_id", None)),
                            _connector="OR",
                        ),
                        name="line_is_booked_or_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        RowSecurity(
            "audits_auditorprofile",
            owner="owner_org_id: select insert update(node_codes,languages,home_region,days_per_month,person_name,changed_at)",
        ),
        RowSecurity("audits_auditorleave", owner="owner_org_id: select insert delete"),
        RowSecurity("audits_booking", owner="owner_org_id: select insert delete", clock="*: select delete"),
        RowSecurity("audits_yearplan", owner="owner_org_id: select insert update(state,figures,ready_at,confirmed_by,confirmed_at)"),
        RowSecurity("audits_planline", owner="owner_org_id: select insert delete update(person_id,person_name,day,half,cause)"),
    ]
