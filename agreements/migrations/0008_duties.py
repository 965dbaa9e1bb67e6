"""To be filled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0007_life")]

    operations: list = []
