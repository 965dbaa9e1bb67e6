"""The second wall: what each hat may read and write, held by the database itself."""

from django.db import migrations

from foundation.scope import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_first_tables"), ("parties", "0002_walls")]

    operations = [
        RowSecurity(
            "notices_todo",
            owner="org_id: select update(done_at)",
            supplier="org_id: select update(done_at)",
            bureau="org_id: select update(done_at)",
            lab="org_id: select update(done_at)",
            platform="org_id: select update(done_at)",
            clock="*: select insert update",
        ),
        RowSecurity(
            "notices_notification",
            owner="org_id: select update(read_at)",
            supplier="org_id: select update(read_at)",
            bureau="org_id: select update(read_at)",
            lab="org_id: select update(read_at)",
            platform="org_id: select update(read_at)",
            clock="*: select insert",
        ),
    ]
