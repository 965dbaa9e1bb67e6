"""What an audit came to, its printed report, and the copies that a supplier shows to another chain owner."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import Grants, RowSecurity

STATES = [("shown", "Shown"), ("recognised", "Recognised"), ("not_recognised", "Not Recognised"), ("taken_back", "Taken Back")]

SAME_SIDES = """
alter table audits_auditscore add constraint score_has_the_sides_of_its_audit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
alter table audits_auditreport add constraint report_has_the_sides_of_its_audit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
alter table audits_auditcopy add constraint copy_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table audits_auditshare add constraint shown_audit_is_the_suppliers
  foreign key (audit_id, from_owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
alter table audits_auditshare add constraint shown_copy_goes_to_its_reader
  foreign key (copy_id, to_owner_org_id, supplier_org_id) references audits_auditcopy (id, owner_org_id, supplier_org_id);
"""

KEPT = "".join(
    f"""
create trigger {table}_is_kept before update or delete on audits_{table} for each row execute function record_is_append_only();
create trigger {table}s_are_kept before truncate on audits_{table} execute function record_is_append_only();
"""
    for table in ("auditscore", "auditreport", "auditshare")
)

# A copy begins as shown; a recognised one is what the reader relies on, and one that was taken back does not come again.
MOVES = """
create function copy_of_an_audit_moves_on() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and (new.state <> 'shown' or new.decided_at is not null) then
    raise exception 'a copy begins as shown' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' and old.state in ('recognised', 'taken_back') then
    raise exception 'this copy is decided for good' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then
    raise exception 'a copy is kept' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger copy_of_an_audit_moves_on before insert or update or delete on audits_auditcopy
  for each row execute function copy_of_an_audit_moves_on();
create trigger copies_are_kept before truncate on audits_auditcopy execute function record_is_append_only();
"""

# The one question about a report that anybody may ask: it takes a whole token and names no firm, no place and no person.
STATE = """
create function audit_report_state(the_token text)
returns table (number int, newest int, sha256 text, content_sha256 text, visited_on date, printed_at timestamptz)
language sql security definer set search_path = public, pg_temp stable as $$
  select r.number::int, (select max(n.number)::int from audits_auditreport n where n.audit_id = r.audit_id), r.sha256, r.content_sha256,
         a.visit_on, r.at
  from audits_auditreport r join audits_audit a on a.id = r.audit_id where r.token = the_token
$$;
"""
CALL = "audit_report_state(text)"


def pk():
    return models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)


def _walls(apps, schema_editor):
    supplier, owner = role_of(Hat.SUPPLIER), role_of(Hat.OWNER)
    for statement in (
        # What was taken back is not there any more for who was to read it; and the reader decides, nothing else.
        f"create policy reader_decides on audits_auditcopy as restrictive to {owner} using (state <> 'taken_back') "
        "with check (state in ('recognised', 'not_recognised'))",
        f"create policy supplier_takes_back on audits_auditcopy as restrictive for update to {supplier} "
        "using (state <> 'recognised') with check (state = 'taken_back')",
        f"revoke all on function {CALL} from public",
        f"grant execute on function {CALL} to {role_of(Hat.LOBBY)}",
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0011_how_it_is_read"), ("audits", "0010_corrective")]

    operations = [
        migrations.CreateModel(
            name="AuditScore",
            fields=[
                ("id", pk()),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("method", models.CharField(max_length=20)),
                ("inputs", models.JSONField()),
                ("value_hundredths", models.PositiveIntegerField(blank=True, null=True)),
                ("band", models.CharField(blank=True, max_length=1)),
                ("why", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="audits.audit")),
            ],
        ),
        migrations.CreateModel(
            name="AuditReport",
            fields=[
                ("id", pk()),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("token", models.CharField(max_length=43, unique=True)),
                ("content_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="audits.audit")),
            ],
        ),
        migrations.CreateModel(
            name="AuditCopy",
            fields=[
                ("id", pk()),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("month", models.DateField()),
                ("body", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("halves", models.PositiveSmallIntegerField()),
                ("state", models.CharField(choices=STATES, default="shown", max_length=14)),
                ("shown_at", models.DateTimeField()),
                ("shown_by", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("halves_saved", models.PositiveSmallIntegerField(default=0)),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agreements.agreement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditShare",
            fields=[
                ("id", pk()),
                ("from_owner_org_id", models.UUIDField()),
                ("to_owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                ("client_id", models.CharField(max_length=64)),
                ("audit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.audit")),
                ("copy", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.auditcopy")),
            ],
        ),
        *(
            migrations.AddIndex("auditcopy", models.Index(fields=[column, "-shown_at", "-id"], name=name))
            for column, name in (("owner_org_id", "copy_of_reader"), ("supplier_org_id", "copy_of_supplier"))
        ),
        *(
            migrations.AddConstraint(model, constraint)
            for model, constraint in (
                ("auditscore", models.UniqueConstraint(fields=("audit", "number"), name="score_of_an_audit_has_its_number")),
                (
                    "auditscore",
                    models.CheckConstraint(
                        condition=models.Q(("value_hundredths", None), ("value_hundredths__lte", 10000), _connector="OR"),
                        name="score_is_a_percentage",
                    ),
                ),
                ("auditreport", models.UniqueConstraint(fields=("audit", "number"), name="report_of_an_audit_has_its_number")),
                (
                    "auditreport",
                    models.UniqueConstraint(fields=("audit", "content_sha256"), name="report_is_printed_once_for_what_it_says"),
                ),
                ("auditcopy", models.UniqueConstraint(fields=("id", "owner_org_id", "supplier_org_id"), name="copy_names_its_sides")),
                (
                    "auditcopy",
                    models.CheckConstraint(
                        condition=models.Q(("state", "recognised"), ("halves_saved", 0), _connector="OR"),
                        name="only_a_recognised_copy_saves_days",
                    ),
                ),
                (
                    "auditcopy",
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_recognised"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_copy_is_not_recognised_for_a_reason",
                    ),
                ),
                (
                    "auditshare",
                    models.UniqueConstraint(fields=("supplier_org_id", "client_id"), name="audit_is_shown_once_per_asking"),
                ),
                (
                    "auditshare",
                    models.CheckConstraint(
                        condition=models.Q(("from_owner_org_id", models.F("to_owner_org_id")), _negated=True),
                        name="audit_is_shown_to_another_owner",
                    ),
                ),
            )
        ),
        RowSecurity(
            "audits_auditscore",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select insert",
        ),
        RowSecurity(
            "audits_auditreport",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select insert",
        ),
        RowSecurity(
            "audits_auditcopy",
            owner="owner_org_id: select update(state,decided_at,decided_by,reason,halves_saved)",
            supplier="supplier_org_id: select insert update(state)",
        ),
        RowSecurity(
            "audits_auditshare",
            supplier="supplier_org_id: select insert",
        ),
        Grants("audits_audit", clock="update (result_class)"),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(MOVES, "drop function if exists copy_of_an_audit_moves_on() cascade"),
        migrations.RunSQL(STATE, f"drop function if exists {CALL}"),
        migrations.RunPython(_walls, migrations.RunPython.noop),
    ]
