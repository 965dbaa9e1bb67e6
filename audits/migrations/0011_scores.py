"""What an audit came to, and whom it is shown to."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audits", "0010_corrective")]

    operations: list[object] = []
