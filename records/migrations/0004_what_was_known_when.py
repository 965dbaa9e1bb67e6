"""Revisions of a file, the day from which it counts, and how alike two pictures are."""

import django.db.models.deletion
from django.db import migrations, models

# Until now a file counted from the day on which it came.
FROM_ITS_DAY = "update records_evidence set counts_from = (received_at at time zone 'Asia/Shanghai')::date where counts_from is null"
OF_ONE_FIRM = """
alter table records_evidence add constraint revision_is_of_the_same_firm
  foreign key (revises_id, org_id) references records_evidence (id, org_id);
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_why_a_file_is_shown")]

    operations = [
        migrations.AddField(model_name="evidence", name="counts_from", field=models.DateField(null=True)),
        migrations.RunSQL(FROM_ITS_DAY, migrations.RunSQL.noop),
        migrations.AlterField(model_name="evidence", name="counts_from", field=models.DateField()),
        migrations.AddField(
            model_name="evidence",
            name="revises",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.evidence"
            ),
        ),
        migrations.AddField(model_name="evidence", name="look", field=models.BigIntegerField(blank=True, null=True)),
        migrations.AddField(model_name="evidenceshare", name="counts_from", field=models.DateField(blank=True, null=True)),
        migrations.AddField(model_name="evidenceshare", name="look", field=models.BigIntegerField(blank=True, null=True)),
        migrations.AddConstraint(
            model_name="evidence", constraint=models.UniqueConstraint(fields=("revises",), name="evidence_is_revised_by_one")
        ),
        migrations.AddConstraint(
            model_name="evidence", constraint=models.UniqueConstraint(fields=("id", "org_id"), name="evidence_names_its_firm")
        ),
        migrations.AddIndex(model_name="evidence", index=models.Index(fields=["org_id", "-received_at", "-id"], name="evidence_newest")),
        migrations.RunSQL(OF_ONE_FIRM, migrations.RunSQL.noop),
    ]
