"""The platform's look at a firm that says who it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0007_what_a_firm_has")]

    operations: list[object] = []
