"""Checklists that firms write themselves."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audits", "0007_year_plan")]

    operations: list[object] = []
