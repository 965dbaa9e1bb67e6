"""A provider of services comes in by a hat of its own: it keeps its people, its files and its inbox, as a laboratory does."""

from django.db import migrations

from foundation.scope import MoreRules


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_walls")]

    operations = [
        MoreRules("notices_notification", provider="org_id: select update(read_at)"),
        MoreRules("notices_todo", provider="org_id: select update(done_at)"),
    ]
