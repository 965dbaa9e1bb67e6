"""A firm shows its portrait to one of its chain owners: without a link, to be read in the owner's own hat, until it is over or taken back."""

from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import MoreRules

READ = "id,reader_org_id,body,shared_at,expires_at,revoked_at,is_demo"
NOT_TAKEN_BACK = (
    f"create policy {Hat.OWNER}_reads_what_is_shown on onestop_portrait as restrictive for select to {role_of(Hat.OWNER)} "
    "using (revoked_at is null)"
)


class Migration(migrations.Migration):
    dependencies = [("onestop", "0003_times_for_the_platform")]

    operations = [
        migrations.AddField("portrait", "reader_org_id", models.UUIDField(blank=True, null=True)),
        migrations.AddConstraint(
            "portrait",
            models.CheckConstraint(
                condition=models.Q(("reader_org_id", models.F("org_id")), _negated=True), name="portrait_is_shown_to_another"
            ),
        ),
        migrations.AddIndex(
            "portrait",
            models.Index(
                condition=models.Q(("reader_org_id__isnull", False)), fields=["reader_org_id", "-shared_at", "-id"], name="portrait_of_reader"
            ),
        ),
        MoreRules("onestop_portrait", owner=f"reader_org_id: select({READ})"),
        migrations.RunSQL(NOT_TAKEN_BACK, f"drop policy {Hat.OWNER}_reads_what_is_shown on onestop_portrait"),
    ]
