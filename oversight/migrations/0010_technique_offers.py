"""Who helps firms to work by a technique: the offers of the desk that were made from it. A draft stays its provider's own."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

OUTSIDE = (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM)


def narrow(apps, schema_editor):
    """Whoever reads the offer reads from which technique it was made."""
    for hat in OUTSIDE:
        schema_editor.execute(
            f"create policy narrowed_{hat} on oversight_techniqueoffer as restrictive for select to {role_of(hat)} "
            "using (exists (select from onestop_serviceoffer o where o.id = offer_id))"
        )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0009_published_figures"), ("onestop", "0002_portraits")]

    operations = [
        migrations.CreateModel(
            name="TechniqueOffer",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("technique_code", models.CharField(max_length=16)),
                ("provider_org_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "offer",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="onestop.serviceoffer"),
                ),
            ],
            options={"indexes": [models.Index(fields=["technique_code", "at"], name="offers_of_technique")]},
        ),
        RowSecurity(
            "oversight_techniqueoffer",
            **{hat.value: "*: select" for hat in (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.PLATFORM, Hat.CLOCK)},
            lab=["*: select", "provider_org_id: insert"],
            provider=["*: select", "provider_org_id: insert"],
        ),
        migrations.RunPython(narrow, migrations.RunPython.noop),
    ]
