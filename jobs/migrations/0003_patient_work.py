"""Effects that come by the thousand let others pass."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_walls")]

    operations = [
        migrations.AddField("outboxevent", "patient", models.BooleanField(default=False)),
        # Not as db_default: Django would ask for it back, and those who ask for effects may not read them.
        migrations.RunSQL("alter table jobs_outboxevent alter column patient set default false", migrations.RunSQL.noop),
        migrations.RemoveIndex("outboxevent", "outbox_waiting"),
        migrations.AddIndex(
            "outboxevent",
            models.Index(condition=models.Q(("dead_at", None), ("done_at", None)), fields=["patient", "next_try_at"], name="outbox_waiting"),
        ),
    ]
