from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0006_duty")]

    operations: list[object] = []
