"""A pause of the agreement moves the day of a visit that was announced."""

from django.db import migrations

from foundation.scope import Grants


class Migration(migrations.Migration):
    dependencies = [("audits", "0002_walls"), ("agreements", "0008_duties")]

    operations = [Grants("audits_audit", clock="update (visit_on)")]
