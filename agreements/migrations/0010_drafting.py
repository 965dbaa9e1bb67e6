"""To be filled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0009_sealed_samples")]

    operations: list = []
