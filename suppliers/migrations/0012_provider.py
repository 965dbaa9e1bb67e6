"""A provider of services comes in by a hat of its own: it keeps its people, its files and its inbox, as a laboratory does."""

from django.db import migrations

from foundation.actor import Hat, role_of
from foundation.scope import MoreRules

ASK = "on function verification_ask(uuid, text, text, timestamptz)"
LET_IT_ASK = f"grant execute {ASK} to {role_of(Hat.PROVIDER)}"
LET_IT_NOT = f"revoke execute {ASK} from {role_of(Hat.PROVIDER)}"


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0011_lists_lighter")]

    operations = [
        MoreRules("suppliers_instrument", provider="org_id: insert select update"),
        MoreRules("suppliers_paper", provider="org_id: insert select update(expires_on,issued_on,issuer,kind,number,remind_on,retired_at,scope,standard)"),
        MoreRules("suppliers_process", provider="org_id: insert select update"),
        MoreRules("suppliers_product", provider="org_id: insert select update"),
        MoreRules("suppliers_site", provider="org_id: insert select update"),
        MoreRules("suppliers_verification", provider="org_id: select"),
        migrations.RunSQL(LET_IT_ASK, LET_IT_NOT),
    ]
