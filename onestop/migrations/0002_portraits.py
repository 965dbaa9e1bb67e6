from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("onestop", "0001_services"), ("records", "0007_scores")]

    operations: list[object] = []
