"""Other lists have kept views too, in either hat. A hat keeps and sees its own only."""

from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import MoreRules

HATS = (Hat.OWNER, Hat.SUPPLIER)
WHOSE = ("owner_org_id", "hat", "of", "person_id")


def keep_in_ones_own_hat(apps, schema_editor):
    for hat in HATS:
        test = f"hat = '{hat}'"
        schema_editor.execute(
            f"create policy kept_in_ones_own_hat_{hat} on suppliers_savedview as restrictive to {role_of(hat)} using ({test}) with check ({test})"
        )


def keep_in_any(apps, schema_editor):
    for hat in HATS:
        schema_editor.execute(f"drop policy kept_in_ones_own_hat_{hat} on suppliers_savedview")


def named(*fields):
    return models.UniqueConstraint(fields=(*fields, "name"), name="view_has_a_name_of_its_own", nulls_distinct=False)


def opens(*fields):
    return models.UniqueConstraint(
        condition=models.Q(("is_default", True)), fields=fields, name="one_view_opens_first", nulls_distinct=False
    )


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0012_provider")]

    operations = [
        migrations.AddField("savedview", "hat", models.CharField(default="owner", max_length=8)),
        migrations.AddField(
            "savedview",
            "of",
            models.CharField(choices=[("suppliers", "Suppliers"), ("lots", "Lots")], default="suppliers", max_length=10),
        ),
        migrations.RemoveConstraint("savedview", "view_has_a_name_of_its_own"),
        migrations.RemoveConstraint("savedview", "one_view_opens_first"),
        migrations.AddConstraint("savedview", named(*WHOSE)),
        migrations.AddConstraint("savedview", opens(*WHOSE)),
        MoreRules("suppliers_savedview", supplier="owner_org_id: select insert update delete"),
        migrations.RunPython(keep_in_ones_own_hat, keep_in_any),
    ]
