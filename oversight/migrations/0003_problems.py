from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_problem_map")]

    operations: list[object] = []
