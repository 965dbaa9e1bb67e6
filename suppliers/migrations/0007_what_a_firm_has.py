"""Processes, products, instruments and certificates of a firm."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0006_merges")]

    operations: list[object] = []
