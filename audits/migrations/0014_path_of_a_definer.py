"""A definer whose path leaves pg_temp out looks there first: for a table that whoever calls it has made."""

from django.db import migrations

FUNCTION = "checklist_is_of_the_library_or_the_owner()"


class Migration(migrations.Migration):
    dependencies = [("audits", "0013_programme_language")]

    operations = [
        migrations.RunSQL(
            f"alter function {FUNCTION} set search_path = public, pg_temp", f"alter function {FUNCTION} set search_path = public"
        )
    ]
