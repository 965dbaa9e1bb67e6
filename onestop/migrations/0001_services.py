from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_provider"), ("audits", "0012_provider"), ("inspections", "0012_results_by_the_million")]

    operations: list[object] = []
