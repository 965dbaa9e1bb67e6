from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_change_points")]

    operations = []
