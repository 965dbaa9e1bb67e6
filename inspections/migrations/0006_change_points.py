from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_result_files")]

    operations = []
