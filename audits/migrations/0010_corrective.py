"""Corrective action step by step."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audits", "0009_runner")]

    operations: list[object] = []
