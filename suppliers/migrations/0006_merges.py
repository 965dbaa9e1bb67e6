"""Two lines that are one firm: merged, and split again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0005_list_at_work")]

    operations: list[object] = []
