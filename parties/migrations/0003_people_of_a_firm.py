"""Who holds which role in a firm, and who stands in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_walls")]

    operations: list[object] = []
