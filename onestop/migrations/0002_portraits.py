"""Portraits that firms share, who opened them, and the middle of each node."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity

# A link once taken back does not open again; what it showed is kept as it was shown.
KEPT = """
create function portrait_is_only_revoked() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.revoked_at is not null
     or (to_jsonb(new) - 'revoked_at' - 'revoked_by') is distinct from (to_jsonb(old) - 'revoked_at' - 'revoked_by') then
    raise exception 'a portrait that was shared is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger portrait_is_only_revoked before update or delete on onestop_portrait for each row execute function portrait_is_only_revoked();
create trigger portraits_are_kept before truncate on onestop_portrait execute function record_is_append_only();
create trigger look_is_kept before update or delete on onestop_portraitlook for each row execute function record_is_append_only();
create trigger looks_are_kept before truncate on onestop_portraitlook execute function record_is_append_only();
alter table onestop_portrait add constraint portrait_shows_a_score_of_its_firm
  foreign key (score_id, org_id) references records_score (id, subject_org_id);
alter table onestop_portraitlook add constraint look_is_at_a_portrait_of_the_firm
  foreign key (portrait_id, org_id) references onestop_portrait (id, org_id);
"""


def pk():
    return models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("onestop", "0001_services"), ("records", "0007_scores")]

    operations = [
        migrations.CreateModel(
            name="Portrait",
            fields=[
                ("id", pk()),
                ("org_id", models.UUIDField()),
                ("score_id", models.UUIDField()),
                ("body", models.JSONField()),
                ("for_whom", models.CharField(max_length=80)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("client_id", models.CharField(max_length=64)),
                ("shared_at", models.DateTimeField()),
                ("shared_by", models.CharField(max_length=60)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=60)),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["org_id", "-shared_at", "-id"], name="portrait_of_firm")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "client_id"), name="portrait_is_shared_once"),
                    models.UniqueConstraint(fields=("id", "org_id"), name="portrait_names_its_firm"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("shared_at"))), name="portrait_is_good_for_a_while"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortraitLook",
            fields=[
                ("id", pk()),
                ("org_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("net", models.CharField(blank=True, max_length=45)),
                ("device", models.CharField(blank=True, max_length=40)),
                (
                    "portrait",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="onestop.portrait"),
                ),
            ],
            options={"indexes": [models.Index(fields=["portrait", "-at", "-id"], name="look_at_portrait")]},
        ),
        migrations.CreateModel(
            name="NodeMiddle",
            fields=[
                ("id", pk()),
                ("node_code", models.CharField(max_length=12)),
                ("part", models.CharField(max_length=12)),
                ("month", models.DateField()),
                ("firms_from", models.PositiveIntegerField()),
                ("middle", models.PositiveSmallIntegerField()),
                ("low", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("high", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("node_code", "part", "month"), name="middle_of_a_node_is_said_once"),
                    models.CheckConstraint(condition=models.Q(("firms_from__gte", 5)), name="middle_is_of_five_firms_or_more"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("high", None), ("low", None)), ("firms_from__gte", 20), _connector="OR"),
                        name="quarters_are_of_twenty_firms_or_more",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        RowSecurity("onestop_portrait", supplier="org_id: select insert update(revoked_at,revoked_by)", clock="*: select"),
        RowSecurity("onestop_portraitlook", supplier="org_id: select", clock="*: select insert"),
        RowSecurity("onestop_nodemiddle", supplier="*: select", bureau="*: select", clock="*: select insert"),
    ]
