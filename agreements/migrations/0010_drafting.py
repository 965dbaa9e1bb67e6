"""Drafts for many suppliers at once, and who last changed a clause of a draft."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity

# A row of a batch is its owner's, and so are the line and the draft that it names.
SAME_OWNER = """
alter table agreements_agreement add constraint agreement_names_its_owner unique (id, owner_org_id);
alter table agreements_draftbatchrow add constraint row_is_of_its_batchs_owner foreign key (batch_id, owner_org_id)
  references agreements_draftbatch (id, owner_org_id) on delete cascade;
alter table agreements_draftbatchrow add constraint row_is_of_its_links_owner foreign key (link_id, owner_org_id)
  references suppliers_supplylink (id, owner_org_id) on delete cascade;
alter table agreements_draftbatchrow add constraint row_is_of_its_drafts_owner foreign key (agreement_id, owner_org_id)
  references agreements_agreement (id, owner_org_id);
"""
UNDONE = """
alter table agreements_draftbatchrow drop constraint row_is_of_its_drafts_owner;
alter table agreements_draftbatchrow drop constraint row_is_of_its_links_owner;
alter table agreements_draftbatchrow drop constraint row_is_of_its_batchs_owner;
alter table agreements_agreement drop constraint agreement_names_its_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0009_sealed_samples"), ("suppliers", "0008_verification")]

    operations = [
        migrations.AddField(
            model_name="clause",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="clause",
            name="changed_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.CreateModel(
            name="DraftBatch",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(blank=True, null=True)),
                ("changes", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("choosing", "Choosing"),
                            ("drafting", "Drafting"),
                            ("drafted", "Drafted"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                        ],
                        default="choosing",
                        max_length=8,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "template",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agreements.agreementtemplate"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftBatchRow",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("order", models.PositiveSmallIntegerField()),
                ("changes", models.JSONField(default=dict)),
                ("own_days", models.BooleanField(default=False)),
                ("effective_from", models.DateField(blank=True, null=True)),
                ("effective_to", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("refused", "Refused"),
                            ("drafted", "Drafted"),
                            ("unsent", "Unsent"),
                            ("sent", "Sent"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60)),
                ("facts", models.JSONField(default=dict)),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agreements.agreement"
                    ),
                ),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="agreements.draftbatch")),
                (
                    "link",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="suppliers.supplylink"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="draftbatch",
            index=models.Index(fields=["owner_org_id", "-created_at", "-id"], name="batch_newest"),
        ),
        migrations.AddConstraint(
            model_name="draftbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_to", None), ("effective_to__gt", models.F("effective_from")), _connector="OR"),
                name="batch_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftbatch",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id"), name="batch_names_its_owner"),
        ),
        migrations.AddIndex(
            model_name="draftbatchrow",
            index=models.Index(fields=["batch", "state", "order"], name="row_of_batch"),
        ),
        migrations.AddConstraint(
            model_name="draftbatchrow",
            constraint=models.UniqueConstraint(fields=("batch", "link"), name="supplier_stands_once_in_a_batch"),
        ),
        migrations.AddConstraint(
            model_name="draftbatchrow",
            constraint=models.UniqueConstraint(fields=("agreement",), name="draft_comes_of_one_row"),
        ),
        migrations.AddConstraint(
            model_name="draftbatchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreement", None), ("state__in", ["waiting", "refused"])),
                    models.Q(("agreement__isnull", False), ("state__in", ["drafted", "unsent", "sent"])),
                    _connector="OR",
                ),
                name="row_that_was_drafted_has_its_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftbatchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effective_from", None), ("effective_to", None), ("own_days", False)),
                    models.Q(("effective_from__isnull", False), ("own_days", True)),
                    _connector="OR",
                ),
                name="row_has_days_of_its_own_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftbatchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_to", None), ("effective_to__gt", models.F("effective_from")), _connector="OR"),
                name="row_ends_after_it_starts",
            ),
        ),
        RowSecurity("agreements_draftbatch", owner="owner_org_id: select insert update delete"),
        RowSecurity("agreements_draftbatchrow", owner="owner_org_id: select insert update delete"),
        migrations.RunSQL(SAME_OWNER, UNDONE),
    ]
