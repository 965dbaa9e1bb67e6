"""Revisions of a file, the day from which it counts, and how alike two pictures are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0003_why_a_file_is_shown")]

    operations: list[object] = []
