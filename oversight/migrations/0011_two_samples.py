"""A round may send two samples, A and B: each indicator of a sample is one of its own, and is taken out only while nothing was read of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0010_technique_offers")]

    operations = [
        migrations.AddField(model_name="roundmeasure", name="sample", field=models.CharField(blank=True, max_length=1, default="")),
        migrations.RemoveConstraint(model_name="roundmeasure", name="round_has_an_indicator_once"),
        migrations.AddConstraint(
            model_name="roundmeasure",
            constraint=models.UniqueConstraint(
                fields=("round", "characteristic_code", "edition_code", "sample"), name="round_has_an_indicator_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundmeasure",
            constraint=models.CheckConstraint(condition=models.Q(("sample__in", ["", "A", "B"])), name="samples_are_a_and_b"),
        ),
        migrations.AlterField(
            model_name="roundreading",
            name="measure",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="oversight.roundmeasure"),
        ),
    ]
