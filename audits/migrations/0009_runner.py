"""What a team says on site."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audits", "0008_checklists")]

    operations: list[object] = []
