"""The owner's list at work: views kept, edits taken back, tiers, approvals."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0004_long_lists")]

    operations: list[object] = []
