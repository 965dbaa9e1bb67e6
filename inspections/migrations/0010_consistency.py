from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspections", "0009_results_more")]

    operations = []
