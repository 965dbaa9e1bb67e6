from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0004_comparison")]

    operations: list[object] = []
