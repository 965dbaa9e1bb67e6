"""The platform's look at a firm that says who it is."""

import django.contrib.postgres.fields
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

# A firm asks for itself alone, with a file of its own. It waits once: asked again, it keeps its place and shows the newer licence.
# What it says of itself is copied as of that day, and the licence is shown to the platform as long as it waits.
ASK = """
create function verification_ask(the_evidence uuid, the_hat text, the_person text, the_moment timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare the_org uuid := nullif(current_setting('app.org', true), '')::uuid; org parties_organisation; waits suppliers_verification;
        file records_evidence; said record;
begin
  select * into org from parties_organisation where id = the_org for update;
  select * into file from records_evidence where id = the_evidence and org_id = the_org;
  if org.id is null or file.id is null or org.state in ('verified', 'closed') then
    return null;
  end if;
  select org.name_zh, org.name_en,
         coalesce((select c.claimed from parties_organisationcode c where c.org_id = the_org), '') as uscc,
         coalesce((select s.address from suppliers_site s where s.org_id = the_org and s.is_main), '') as address into said;
  select * into waits from suppliers_verification where org_id = the_org and state = 'waiting';
  if waits.id is null then
    insert into suppliers_verification (id, org_id, hat, asked_at, asked_by, evidence_id, name_zh, name_en, uscc, address, state, decided_by,
                                        verified_by, reasons, note)
      values (uuidv7(), the_org, the_hat, the_moment, the_person, the_evidence, said.name_zh, said.name_en, said.uscc, said.address, 'waiting', '',
              '', '{}', '')
      returning * into waits;
  elsif waits.evidence_id <> the_evidence then
    update records_evidenceshare set revoked_at = the_moment
     where evidence_id = waits.evidence_id and 'verification' = any(whats) and revoked_at is null;
    update suppliers_verification set evidence_id = the_evidence, asked_by = the_person, name_zh = said.name_zh, name_en = said.name_en,
           uscc = said.uscc, address = said.address where id = waits.id;
  end if;
  update parties_organisation set state = 'verifying' where id = the_org and state = 'registered';
  insert into records_evidenceshare (id, evidence_id, org_id, grantee_org_id, kind, mime, name, size, sha256, path, taken_at, received_at,
                                     granted_at, whats)
    select uuidv7(), file.id, the_org, r.org_id, file.kind, file.mime, file.name, file.size, file.shared_sha256, file.shared_path,
           file.taken_at, file.received_at, the_moment, '{verification}'
    from parties_orgrole r where r.hat = 'platform'
    on conflict (evidence_id, grantee_org_id) do update set revoked_at = null, whats = '{verification}';
  return waits.id;
end $$;
"""
CALL = "verification_ask(uuid, text, text, timestamptz)"
DECIDES = "*: select update(state,decided_at,decided_by,verified_at,verified_by,reasons,note)"


def let_firms_ask(apps, schema_editor):
    schema_editor.execute(f"revoke all on function {CALL} from public")
    for hat in (Hat.SUPPLIER, Hat.OWNER, Hat.LAB):
        schema_editor.execute(f"grant execute on function {CALL} to {role_of(hat)}")


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0007_what_a_firm_has"),
        ("records", "0003_why_a_file_is_shown"),
        ("parties", "0003_people_of_a_firm"),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("hat", models.CharField(max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=60)),
                ("evidence_id", models.UUIDField()),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("uscc", models.CharField(blank=True, max_length=18)),
                ("address", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("verified", "Verified"), ("returned", "Returned"), ("suspended", "Suspended")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("verified_by", models.CharField(blank=True, max_length=60)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "asked_at", "id"], name="verification_by_age"),
                    models.Index(fields=["state", "-decided_at", "-id"], name="verification_by_decision"),
                    models.Index(fields=["org_id", "-asked_at"], name="verification_of_firm"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("org_id",), name="firm_waits_for_one_look"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("decided_at__isnull", False), _connector="OR"),
                        name="decision_has_its_moment",
                    ),
                ],
            },
        ),
        RowSecurity(
            "suppliers_verification",
            owner="org_id: select",
            supplier="org_id: select",
            lab="org_id: select",
            platform=DECIDES,
            clock="*: select",
        ),
        migrations.RunSQL(ASK, f"drop function {CALL}"),
        migrations.RunPython(let_firms_ask, migrations.RunPython.noop),
    ]
