"""The consistency index of each series, as scores read it."""

import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("onestop", "0004_portraits_for_chain_owners")]

    operations = [
        migrations.CreateModel(
            name="SeriesIndex",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("supplier_org_id", models.UUIDField()),
                ("characteristic_code", models.CharField(max_length=20)),
                ("product_code", models.CharField(blank=True, max_length=40)),
                ("edition_code", models.CharField(blank=True, max_length=40)),
                ("unit", models.CharField(blank=True, max_length=24)),
                ("origin", models.CharField(max_length=10)),
                ("touched", models.PositiveIntegerField()),
                ("version", models.CharField(max_length=8)),
                ("parts", models.JSONField()),
                ("weakest", models.CharField(blank=True, max_length=12)),
                ("value_hundredths", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier_org_id", "characteristic_code", "product_code", "edition_code", "unit", "origin"),
                        name="series_has_one_index",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value_hundredths", None), ("weakest", "")), ("value_hundredths__lte", 10000), _connector="OR"
                        ),
                        name="index_is_a_percentage",
                    ),
                ],
            },
        ),
        RowSecurity(
            "onestop_seriesindex",
            supplier="supplier_org_id: select",
            clock="*: select insert update(touched,version,parts,weakest,value_hundredths,at)",
        ),
    ]
