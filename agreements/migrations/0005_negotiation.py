"""To be filled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0004_library")]

    operations: list = []
