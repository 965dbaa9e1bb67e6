"""To be filled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0008_duties")]

    operations: list = []
