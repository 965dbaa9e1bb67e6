"""What a side says of an agreement in force: suspend, resume, end, amend, renew. The days are the bureau's too, the words are not."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SAME_SIDES = """
alter table agreements_statusnotice add constraint notice_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table agreements_statuswords add constraint notice_words_have_the_sides_of_their_notice
  foreign key (notice_id, owner_org_id, supplier_org_id) references agreements_statusnotice (id, owner_org_id, supplier_org_id);
"""

# Deferred: a new draft is made before the text that it replaces is marked so.
ONE_AT_WORK = """
alter table agreements_agreementversion add constraint one_version_is_worked_on
  exclude using gist (agreement_id with =) where (state in ('draft', 'in_review', 'agreed', 'signing', 'signed') and not in_force)
  deferrable initially deferred;
"""

KEPT = """
create function notice_only_moves_on() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE'
     and (to_jsonb(new) - 'consented_at' - 'done_at' - 'dropped_at') = (to_jsonb(old) - 'consented_at' - 'done_at' - 'dropped_at')
     and (old.consented_at is null or new.consented_at is not distinct from old.consented_at)
     and (old.done_at is null or new.done_at is not distinct from old.done_at)
     and (old.dropped_at is null or new.dropped_at is not distinct from old.dropped_at) then
    return new;
  end if;
  raise exception 'a notice is kept as it was given' using errcode = 'restrict_violation';
end $$;
create trigger notice_only_moves_on before update or delete on agreements_statusnotice for each row execute function notice_only_moves_on();
create trigger notices_are_kept before truncate on agreements_statusnotice execute function record_is_append_only();
create trigger notice_words_stay before update or delete on agreements_statuswords for each row execute function record_is_append_only();
create trigger notice_words_are_kept before truncate on agreements_statuswords execute function record_is_append_only();
"""

# As in 0002_walls; and a draft that was withdrawn before anybody saw it stays its owner's own.
UNSENT = "sent_at is not null or state not in ('draft', 'withdrawn')"


def hide_unsent_and_wishes(apps, schema_editor):
    for hat in (Hat.SUPPLIER, Hat.BUREAU):
        schema_editor.execute(f"alter policy draft_is_its_owners_{hat} on agreements_agreement using ({UNSENT})")
    schema_editor.execute(
        f"create policy wish_is_between_the_sides on agreements_statusnotice as restrictive for select to {role_of(Hat.BUREAU)} "
        "using (effective_on is not null)"
    )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_papers")]

    operations = [
        migrations.AddField(
            model_name="agreementversion",
            name="summary",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.CreateModel(
            name="StatusNotice",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("suspend", "Suspend"),
                            ("resume", "Resume"),
                            ("terminate", "Terminate"),
                            ("amendment", "Amendment"),
                            ("renewal", "Renewal"),
                        ],
                        max_length=10,
                    ),
                ),
                ("side", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")], max_length=8)),
                ("org_id", models.UUIDField()),
                ("given_at", models.DateTimeField()),
                ("effective_on", models.DateField(blank=True, null=True)),
                ("consented_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="agreements.agreement"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StatusWords",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("side", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")], max_length=8)),
                ("org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="words", to="agreements.statusnotice"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="statusnotice",
            index=models.Index(
                condition=models.Q(("done_at", None), ("dropped_at", None)),
                fields=["effective_on", "given_at"],
                name="notice_that_waits_for_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusnotice",
            constraint=models.UniqueConstraint(fields=("id", "owner_org_id", "supplier_org_id"), name="notice_names_its_sides"),
        ),
        migrations.AddConstraint(
            model_name="statusnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None), ("dropped_at", None)), fields=("agreement", "kind"), name="notice_stands_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="statusnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("org_id", models.F("owner_org_id")), ("side", "owner")),
                    models.Q(("org_id", models.F("supplier_org_id")), ("side", "supplier")),
                    _connector="OR",
                ),
                name="notice_is_given_by_its_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effective_on", None), ("kind__in", ["amendment", "renewal"]), ("side", "supplier")),
                    models.Q(("effective_on__isnull", False), ("kind__in", ["suspend", "resume", "terminate"])),
                    _connector="OR",
                ),
                name="notice_has_a_day_and_a_wish_has_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="statuswords",
            constraint=models.UniqueConstraint(fields=("notice", "side"), name="each_side_speaks_once_to_a_notice"),
        ),
        migrations.AddConstraint(
            model_name="statuswords",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("org_id", models.F("owner_org_id")), ("side", "owner")),
                    models.Q(("org_id", models.F("supplier_org_id")), ("side", "supplier")),
                    _connector="OR",
                ),
                name="notice_words_are_of_their_side",
            ),
        ),
        RowSecurity(
            "agreements_statusnotice",
            owner=["owner_org_id: select", "org_id: insert"],
            supplier=["supplier_org_id: select", "org_id: insert"],
            bureau="*: select",
            clock="*: select update(consented_at,done_at,dropped_at)",
        ),
        RowSecurity(
            "agreements_statuswords",
            owner=["owner_org_id: select", "org_id: insert"],
            supplier=["supplier_org_id: select", "org_id: insert"],
            clock="*: select",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_AT_WORK, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunPython(hide_unsent_and_wishes, migrations.RunPython.noop),
    ]
