"""Who holds which role in a firm, how a colleague comes in, and who stands in."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

# The lobby reads an invitation by its token alone. One whose sender may no longer take people in opens nothing.
READ = """
create function colleague_read(the_token text)
returns table (invitation_id uuid, org_id uuid, org_name_zh varchar, org_name_en varchar, org_is_demo boolean, name varchar, contact varchar,
               roles varchar[], sent_by varchar, expires_at timestamptz, used_at timestamptz, revoked_at timestamptz, is_known boolean)
language sql security definer set search_path = public, pg_temp stable as $$
  select i.id, i.org_id, i.org_name_zh, i.org_name_en, i.org_is_demo, i.name, i.contact, i.roles, i.sent_by, i.expires_at, i.used_at, i.revoked_at,
         exists (select 1 from parties_person p where p.phone = i.contact or p.email = i.contact)
  from parties_colleagueinvitation i
  where i.token_hash = the_token
$$;
"""

# Takes the invitation, or nothing: only the person who signs in with the invited contact, only once, only the roles that were written.
TAKE = """
create function colleague_take(the_token text, the_person uuid, the_moment timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare inv parties_colleagueinvitation; person_name text; day date := (the_moment at time zone 'Asia/Shanghai')::date; r text;
begin
  select * into inv from parties_colleagueinvitation where token_hash = the_token for update;
  if inv.id is null or inv.used_at is not null or inv.revoked_at is not null or inv.expires_at <= the_moment then
    return null;
  end if;
  if not exists (select 1 from parties_membership m where m.person_id = inv.sent_by_id and m.org_id = inv.org_id
                 and m.role in ('org_admin', 'signatory') and m.valid_from <= day and (m.valid_to is null or m.valid_to >= day)) then
    return null;
  end if;
  select p.name into person_name from parties_person p
   where p.id = the_person and p.is_active and (p.phone = inv.contact or p.email = inv.contact);
  if person_name is null then
    return null;
  end if;
  foreach r in array inv.roles loop
    if not exists (select 1 from parties_membership m where m.person_id = the_person and m.org_id = inv.org_id and m.role = r
                   and (m.valid_to is null or m.valid_to >= day)) then
      insert into parties_membership (id, person_id, person_name, org_id, org_name_zh, org_name_en, org_is_demo, role, valid_from)
        values (uuidv7(), the_person, person_name, inv.org_id, inv.org_name_zh, inv.org_name_en, inv.org_is_demo, r, day)
        on conflict (person_id, org_id, role, valid_from) do update set valid_to = null;
    end if;
  end loop;
  update parties_colleagueinvitation set used_at = the_moment where id = inv.id;
  return inv.org_id;
end $$;
"""
CALLS = ("colleague_read(text)", "colleague_take(text, uuid, timestamptz)")
OWN = {hat: "org_id: select insert update(revoked_at)" for hat in ("owner", "supplier", "bureau", "lab", "platform")}


def let_the_lobby_knock(apps, schema_editor):
    for function in CALLS:
        schema_editor.execute(f"revoke all on function {function} from public")
        schema_editor.execute(f"grant execute on function {function} to {role_of(Hat.LOBBY)}")


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_walls")]

    operations = [
        migrations.AlterField(
            model_name="organisation",
            name="state",
            field=models.CharField(
                choices=[
                    ("registered", "Registered"), ("verifying", "Verifying"), ("verified", "Verified"), ("suspended", "Suspended"),
                    ("closed", "Closed"),
                ],
                default="registered",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="CqoFacts",
            fields=[
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="cqo_facts", serialize=False,
                        to="parties.membership",
                    ),
                ),
                ("org_id", models.UUIDField()),
                ("appointed_on", models.DateField()),
                ("appointed_by", models.CharField(max_length=60)),
                ("appointed_by_id", models.UUIDField()),
                ("training_certificate", models.CharField(blank=True, max_length=60)),
                ("years_in_quality", models.PositiveSmallIntegerField()),
                (
                    "education",
                    models.CharField(
                        choices=[("vocational", "Vocational"), ("college", "College"), ("bachelor", "Bachelor"), ("master", "Master")],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ColleagueInvitation",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("org_name_zh", models.CharField(max_length=80)),
                ("org_name_en", models.CharField(blank=True, max_length=120)),
                ("org_is_demo", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=60)),
                ("contact", models.CharField(max_length=60)),
                ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("sent_by", models.CharField(max_length=60)),
                ("sent_by_id", models.UUIDField()),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"indexes": [models.Index(fields=["org_id", "-sent_at"], name="colleague_asked_newest")]},
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("stands_for_name", models.CharField(max_length=60)),
                ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("named_by", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stands_in", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "stands_for",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deputies", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "person", "stands_for", "valid_from"), name="deputy_is_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="deputy_ends_after_it_starts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("stands_for")), _negated=True), name="nobody_stands_in_for_himself"
                    ),
                ],
            },
        ),
        RowSecurity("parties_colleagueinvitation", **OWN),
        RowSecurity("parties_cqofacts", **dict.fromkeys(("owner", "supplier", "lab"), "org_id: select insert")),
        RowSecurity(
            "parties_deputy",
            lobby="*: select",
            **dict.fromkeys(("owner", "supplier", "bureau", "lab", "platform"), "org_id: select insert update(ended_at)"),
        ),
        migrations.RunSQL(READ, "drop function colleague_read(text)"),
        migrations.RunSQL(TAKE, "drop function colleague_take(text, uuid, timestamptz)"),
        migrations.RunPython(let_the_lobby_knock, migrations.RunPython.noop),
    ]
