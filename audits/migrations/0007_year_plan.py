"""Auditors, their half-days and the plan of a year."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audits", "0006_programmes")]

    operations: list[object] = []
