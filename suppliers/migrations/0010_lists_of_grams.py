"""A pair of characters keeps the lines that hold it as lists: a long import writes one for each pair, not a row for each line."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.fields.composite
from django.db import migrations, models

# What stands is kept: lists of one. They are read whole, so that to press them together would cost more than it saves.
LISTS = """
alter table suppliers_linkgram drop constraint gram_stands_once;
alter table suppliers_linkgram rename column link_id to first_id;
alter table suppliers_linkgram add column link_ids uuid[];
update suppliers_linkgram set link_ids = array[first_id];
alter table suppliers_linkgram alter column link_ids set not null, alter column link_ids set storage external;
alter table suppliers_linkgram add constraint gram_stands_once primary key (owner_org_id, gram, first_id);
"""
NO_LISTS = """
alter table suppliers_linkgram drop constraint gram_stands_once;
alter table suppliers_linkgram rename column first_id to link_id;
create temporary table apart on commit drop as
  select owner_org_id, gram, link from suppliers_linkgram, unnest(link_ids) as link;
delete from suppliers_linkgram;
alter table suppliers_linkgram drop column link_ids;
insert into suppliers_linkgram (owner_org_id, gram, link_id) select owner_org_id, gram, link from apart;
alter table suppliers_linkgram add constraint gram_stands_once primary key (owner_org_id, gram, link_id);
"""


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0009_lists_faster")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(LISTS, NO_LISTS)],
            [
                migrations.RemoveField("linkgram", "pk"),
                migrations.RemoveField("linkgram", "link"),
                migrations.AddField("linkgram", "first_id", models.UUIDField()),
                migrations.AddField(
                    "linkgram", "link_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)
                ),
                migrations.AddField(
                    "linkgram",
                    "pk",
                    django.db.models.fields.composite.CompositePrimaryKey(
                        "owner_org_id", "gram", "first_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "linkgram",
            models.CheckConstraint(condition=models.Q(link_ids__0=models.F("first_id")), name="gram_list_begins_with_its_first"),
        ),
        # merged_into_a_line_of_the_same_owner says all that this one said, and each line is asked once.
        migrations.AlterField(
            "supplylink",
            "merged_into",
            models.ForeignKey(
                blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed", to="suppliers.supplylink",
            ),
        ),
    ]  # fmt: skip
