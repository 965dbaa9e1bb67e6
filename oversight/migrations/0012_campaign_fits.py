"""How many firms of the registry fitted when a campaign was sent: of a rule that looks closer, those who were told are told out of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0011_two_samples")]

    operations = [migrations.AddField("campaign", "fits", models.PositiveIntegerField(blank=True, null=True))]
