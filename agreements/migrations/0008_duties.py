"""Grace, pauses and reasons of duties; what is known of a clause; how each side kept its word; the calendar of a person."""

import django.db.models.deletion
import django.db.models.expressions
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import Grants, RowSecurity

SAME_SIDES = """
alter table agreements_waiver add constraint waiver_has_the_sides_of_its_obligation
  foreign key (obligation_id, owner_org_id, supplier_org_id) references agreements_obligation (id, owner_org_id, supplier_org_id);
alter table agreements_waiver add constraint waiver_is_given_by_a_side check (by_org_id in (owner_org_id, supplier_org_id));
alter table agreements_dutypause add constraint pause_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table agreements_clausereading add constraint reading_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table agreements_compliancekept add constraint compliance_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
"""

# A reading and a reason are facts of their day: a newer one stands beside, never in place of them.
KEPT = """
create trigger reading_is_kept before update or delete on agreements_clausereading for each row execute function record_is_append_only();
create trigger readings_are_kept before truncate on agreements_clausereading execute function record_is_append_only();
create trigger waiver_is_kept before update or delete on agreements_waiver for each row execute function record_is_append_only();
create trigger waivers_are_kept before truncate on agreements_waiver execute function record_is_append_only();
"""

# The feed of a person ends with the person's place in the firm, whoever still has its address: asked in the lobby, where no hat is on.
OWN_FEED = "org_id: select insert update(closed_at)"


class Migration(migrations.Migration):
    dependencies = [("agreements", "0007_life")]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("hat", models.CharField(max_length=8)),
                ("person_id", models.UUIDField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ClauseReading",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("value", models.CharField(blank=True, max_length=40)),
                ("n", models.PositiveIntegerField()),
                ("window", models.JSONField()),
                ("refs", models.JSONField(default=list)),
                ("limits", models.JSONField()),
                ("state", models.CharField(max_length=16)),
                ("as_of", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ComplianceKept",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("side", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")], max_length=8)),
                ("period", models.CharField(choices=[("month", "Month"), ("quarter", "Quarter"), ("12m", "Year")], max_length=8)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("method", models.PositiveSmallIntegerField()),
                ("met", models.PositiveIntegerField()),
                ("met_late", models.PositiveIntegerField()),
                ("overdue", models.PositiveIntegerField()),
                ("open", models.PositiveIntegerField()),
                ("waived", models.PositiveIntegerField()),
                ("void", models.PositiveIntegerField()),
                ("weighted", models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                ("as_of", models.DateField()),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("computed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DutyPause",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("paused_on", models.DateField()),
                ("resumed_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "obligation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="waiver",
                        serialize=False,
                        to="agreements.obligation",
                    ),
                ),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("by_org_id", models.UUIDField()),
                ("by_name", models.CharField(max_length=60)),
                ("why", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="obligation",
            name="grace_days",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="obligation",
            name="paused_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id", "supplier_org_id"), name="obligation_names_its_sides"),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("org_id", "hat", "person_id"), name="person_has_one_open_feed"
            ),
        ),
        migrations.AddField(
            model_name="clausereading",
            name="agreement",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="agreements.agreement"),
        ),
        migrations.AddField(
            model_name="clausereading",
            name="clause",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="agreements.clause"),
        ),
        migrations.AddField(
            model_name="compliancekept",
            name="agreement",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="kept", to="agreements.agreement"),
        ),
        migrations.AddField(
            model_name="dutypause",
            name="agreement",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="agreements.agreement"),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="waiver_has_a_reason"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="grace_until",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(
                    django.db.models.expressions.CombinedExpression(models.F("due_on"), "+", models.F("grace_days")),
                    output_field=models.DateField(),
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddIndex(
            model_name="clausereading",
            index=models.Index(fields=["agreement", "clause", "-as_of", "-at"], name="reading_latest_of_clause"),
        ),
        migrations.AddConstraint(
            model_name="clausereading",
            constraint=models.UniqueConstraint(fields=("clause", "as_of", "digest"), name="reading_is_reported_once"),
        ),
        migrations.AddConstraint(
            model_name="compliancekept",
            constraint=models.UniqueConstraint(
                fields=("agreement", "side", "period", "starts_on", "method"), name="compliance_is_kept_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="compliancekept",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="period_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutypause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resumed_on", None)), fields=("agreement",), name="duties_are_paused_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutypause",
            constraint=models.CheckConstraint(
                condition=models.Q(("resumed_on", None), ("resumed_on__gte", models.F("paused_on")), _connector="OR"),
                name="pause_ends_after_it_starts",
            ),
        ),
        Grants("agreements_obligation", clock="update (due_on, grace_days, paused_on)"),
        RowSecurity(
            "agreements_waiver",
            owner=["owner_org_id: select", "by_org_id: insert"],
            supplier=["supplier_org_id: select", "by_org_id: insert"],
            clock="*: select",
        ),
        RowSecurity(
            "agreements_dutypause",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select insert update(resumed_on)",
        ),
        RowSecurity(
            "agreements_clausereading",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select insert",
        ),
        RowSecurity(
            "agreements_compliancekept",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            bureau="*: select",
            clock="*: select insert update",
        ),
        RowSecurity("agreements_calendarfeed", owner=OWN_FEED, supplier=OWN_FEED, lobby="*: select"),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
