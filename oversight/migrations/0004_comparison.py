from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_problems")]

    operations: list[object] = []
