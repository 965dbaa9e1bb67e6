"""Lists too long for one request: their bytes, their progress, what an owner calls its columns."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0003_door")]

    operations: list[object] = []
