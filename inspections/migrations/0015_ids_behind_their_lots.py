"""Lots of watched series are kept in another order; what was kept before is reckoned anew from the rows when it is next looked at."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspections", "0014_results_in_one_pass")]

    operations = [migrations.RunSQL("delete from inspections_watchedlots", "delete from inspections_watchedlots")]
