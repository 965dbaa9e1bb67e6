"""To be filled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_version_states")]

    operations: list = []
