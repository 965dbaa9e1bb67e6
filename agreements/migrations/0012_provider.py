"""A provider of services comes in by a hat of its own: it keeps its people, its files and its inbox, as a laboratory does."""

from django.db import migrations

from foundation.actor import Hat, role_of
from foundation.scope import Grants, MoreRules


HIDE = (
    "drop policy if exists released_or_nothing_provider on agreements_speclimit",
    f"create policy released_or_nothing_provider on agreements_speclimit as restrictive for select to {role_of(Hat.PROVIDER)} "
    "using (released_at is not null)",
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0011_how_it_is_read")]

    operations = [
        Grants("agreements_agreementtemplate", provider="select"),
        Grants("agreements_characteristic", provider="select"),
        Grants("agreements_methodedition", provider="select"),
        Grants("agreements_productkind", provider="select"),
        Grants("agreements_productstandard", provider="select"),
        MoreRules("agreements_speclimit", provider="*: select"),
        Grants("agreements_testmethod", provider="select"),
        migrations.RunSQL(list(HIDE), HIDE[0]),
    ]
