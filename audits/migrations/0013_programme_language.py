"""A programme may ask for an auditor who speaks a language, as it may ask for one who knows a step of the chain."""

from django.db import migrations, models

from foundation.actor import Hat, role_of

COLUMN = "update (required_language) on audits_ownerprogramme"


class Migration(migrations.Migration):
    dependencies = [("audits", "0012_provider")]

    operations = [
        migrations.AddField("ownerprogramme", "required_language", models.CharField(blank=True, db_default="", default="", max_length=2)),
        migrations.RunSQL(f"grant {COLUMN} to {role_of(Hat.OWNER)}", f"revoke {COLUMN} from {role_of(Hat.OWNER)}"),
    ]
