from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspections", "0008_lots_more")]

    operations = []
