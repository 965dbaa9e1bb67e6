"""The owner's list at work: views kept, edits taken back, tiers, approvals, long exports, initials."""

import re

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models
from pypinyin import lazy_pinyin

from foundation.scope import RowSecurity

# Whatever hangs on a line is its owner's, and goes with it. A way up leads one tier nearer, so it is never a circle.
SAME_OWNER = """
alter table suppliers_supplylink add constraint via_is_of_the_same_owner foreign key (via_id, owner_org_id)
  references suppliers_supplylink (id, owner_org_id) on delete set null (via_id);
alter table suppliers_supplylink add column via_tier smallint generated always as (case when via_id is not null then tier - 1 end) stored;
alter table suppliers_supplylink add constraint via_is_one_tier_nearer foreign key (via_id, owner_org_id, via_tier)
  references suppliers_supplylink (id, owner_org_id, tier) deferrable initially deferred;
alter table suppliers_categoryapproval add constraint approval_is_of_its_links_owner foreign key (link_id, owner_org_id)
  references suppliers_supplylink (id, owner_org_id) on delete cascade;
alter table suppliers_bulkeditrow add constraint edit_is_of_its_links_owner foreign key (link_id, owner_org_id)
  references suppliers_supplylink (id, owner_org_id) on delete cascade;
"""
UNDONE = """
alter table suppliers_bulkeditrow drop constraint edit_is_of_its_links_owner;
alter table suppliers_categoryapproval drop constraint approval_is_of_its_links_owner;
alter table suppliers_supplylink drop constraint via_is_one_tier_nearer;
alter table suppliers_supplylink drop column via_tier;
alter table suppliers_supplylink drop constraint via_is_of_the_same_owner;
"""


def give_initials(apps, schema_editor):
    """Lines that are listed already are found by initials too."""
    links = apps.get_model("suppliers", "SupplyLink")
    for link in links.objects.filter(initials="").only("id", "name_zh").iterator(chunk_size=2000):
        syllables = [part for item in lazy_pinyin(link.name_zh.casefold()) for part in re.findall(r"[a-z0-9]+", item)]
        links.objects.filter(pk=link.pk).update(initials="".join(part[0] for part in syllables)[:80])


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0004_long_lists"), ("jobs", "0001_first_tables")]

    operations = [
        migrations.CreateModel(
            name="BulkEdit",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("field", models.CharField(max_length=16)),
                ("value", models.JSONField()),
                ("written", models.PositiveIntegerField()),
                ("skipped", models.PositiveIntegerField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.CharField(blank=True, max_length=60)),
                ("left_alone", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="BulkEditRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("name_zh", models.CharField(max_length=80)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                (
                    "became",
                    models.CharField(
                        choices=[("written", "Written"), ("undone", "Undone"), ("left", "Left")], default="written", max_length=8
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CategoryApproval",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("category", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("conditional", "Conditional"),
                            ("approved", "Approved"),
                            ("suspended", "Suspended"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(max_length=300)),
                ("by_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ExportFile",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=4)),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=600)),
                ("is_default", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="supplylink",
            name="initials",
            field=models.CharField(db_collation="C", db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="supplylink",
            name="tag",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="supplylink",
            name="tier",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="supplylink",
            name="via",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="suppliers_behind",
                to="suppliers.supplylink",
            ),
        ),
        migrations.AddIndex(
            model_name="supplylink",
            index=models.Index(fields=["owner_org_id", "initials"], name="link_by_initials"),
        ),
        migrations.AddIndex(
            model_name="supplylink",
            index=models.Index(
                condition=models.Q(("tier__gt", 1)), fields=["owner_org_id", "tier", "pinyin_key", "id"], name="link_behind_another"
            ),
        ),
        migrations.AddIndex(
            model_name="supplylink",
            index=models.Index(condition=models.Q(("via__isnull", False)), fields=["via", "owner_org_id"], name="link_of_via"),
        ),
        migrations.AddIndex(
            model_name="supplylink",
            index=models.Index(
                condition=models.Q(("tag", ""), _negated=True), fields=["owner_org_id", "tag", "pinyin_key", "id"], name="link_by_tag"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplylink",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id"), name="link_names_its_owner"),
        ),
        migrations.AddConstraint(
            model_name="supplylink",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id", "tier"), name="link_names_its_tier"),
        ),
        migrations.AddConstraint(
            model_name="supplylink",
            constraint=models.CheckConstraint(condition=models.Q(("tier__gte", 1), ("tier__lte", 5)), name="tier_is_one_to_five"),
        ),
        migrations.AddIndex(
            model_name="bulkedit",
            index=models.Index(fields=["owner_org_id", "-at", "-id"], name="bulk_edit_newest"),
        ),
        migrations.AddField(
            model_name="bulkeditrow",
            name="edit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="suppliers.bulkedit"
            ),
        ),
        migrations.AddField(
            model_name="bulkeditrow",
            name="link",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="edits",
                to="suppliers.supplylink",
            ),
        ),
        migrations.AddField(
            model_name="categoryapproval",
            name="link",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="approvals",
                to="suppliers.supplylink",
            ),
        ),
        migrations.AddField(
            model_name="exportfile",
            name="job",
            field=models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, related_name="export_file", to="jobs.job"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("owner_org_id", "person_id", "name"), name="view_has_a_name_of_its_own", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("owner_org_id", "person_id"),
                name="one_view_opens_first",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="bulkeditrow",
            index=models.Index(fields=["link", "-id"], name="edit_of_link"),
        ),
        migrations.AddConstraint(
            model_name="bulkeditrow",
            constraint=models.UniqueConstraint(fields=("edit", "link"), name="line_stands_once_in_an_edit"),
        ),
        migrations.AddIndex(
            model_name="categoryapproval",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["owner_org_id", "state", "category", "link"], name="approval_standing"
            ),
        ),
        migrations.AddIndex(
            model_name="categoryapproval",
            index=models.Index(fields=["link", "-at", "-id"], name="approval_of_link"),
        ),
        migrations.AddConstraint(
            model_name="categoryapproval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("owner_org_id", "link", "category"), name="one_approval_stands_per_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="categoryapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="approval_ends_after_it_starts",
            ),
        ),
        migrations.RunSQL(SAME_OWNER, UNDONE),
        RowSecurity("suppliers_categoryapproval", owner="owner_org_id: select insert update(ended_at)"),
        RowSecurity("suppliers_bulkedit", owner="owner_org_id: select insert update(undone_at,undone_by,left_alone)"),
        RowSecurity("suppliers_bulkeditrow", owner="owner_org_id: select insert update(became)"),
        RowSecurity("suppliers_savedview", owner="owner_org_id: select insert update delete"),
        RowSecurity("suppliers_exportfile", owner="owner_org_id: select insert", clock="*: select delete"),
        migrations.RunPython(give_initials, migrations.RunPython.noop),
    ]
