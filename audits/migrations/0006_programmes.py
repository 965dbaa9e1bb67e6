"""What a chain owner plans: its audit programmes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audits", "0005_visits")]

    operations: list[object] = []
