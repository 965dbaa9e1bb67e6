"""What a reading of a characteristic may look like: other names, units and their factors, what can be and what is likely."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0010_drafting")]

    operations = [
        migrations.AddField(
            model_name="characteristic",
            name="reading",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
