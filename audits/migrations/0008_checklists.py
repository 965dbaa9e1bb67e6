"""Checklists that chain owners write: drafts, versions, richer questions, and what an answer found different from the supplier's page."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

# What stands in the library already has its family and its number in its code: mill-walk-1.
NAMED_BY_CODE = """
alter table audits_checklistversion disable trigger checklist_is_kept;
update audits_checklistversion v set family = regexp_replace(code, '-[0-9]+$', ''),
  number = coalesce(substring(code from '-([0-9]+)$')::smallint, 1),
  question_count = (select count(*) from audits_question q where q.version_id = v.code);
alter table audits_checklistversion enable trigger checklist_is_kept;
"""

# A published version changes in one way only: it is retired, once. It has as many questions as it was published with.
KEPT = """
create function checklist_is_retired_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.retired_at is not null or new.retired_at is null
    or to_jsonb(new) - 'retired_at' <> to_jsonb(old) - 'retired_at' then
    raise exception 'a published checklist is append-only: it is retired, never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
drop trigger checklist_is_kept on audits_checklistversion;
create trigger checklist_is_kept before update or delete on audits_checklistversion for each row execute function checklist_is_retired_only();
create function question_joins_with_its_version_only() returns trigger language plpgsql as $$
begin
  if new."order" < 1 or new."order" > (select question_count from audits_checklistversion v where v.code = new.version_id) then
    raise exception 'a published checklist is append-only: no question joins it' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger question_joins_with_its_version_only before insert on audits_question
  for each row execute function question_joins_with_its_version_only();
create function draft_stays_as_it_was_published() returns trigger language plpgsql as $$
begin
  if old.published_id is not null then
    raise exception 'a draft that was published is not changed' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger draft_stays_as_it_was_published before update or delete on audits_checklistdraft
  for each row execute function draft_stays_as_it_was_published();
create function decided_change_stays() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'a proposed change is decided once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger decided_change_stays before update on audits_proposedchange for each row execute function decided_change_stays();
"""

SAME_SIDES = """
alter table audits_checklistversion add constraint checklist_names_its_owner unique (code, owner_org_id);
alter table audits_question add constraint question_is_of_its_checklists_owner
  foreign key (version_id, owner_org_id) references audits_checklistversion (code, owner_org_id);
alter table audits_checklistdraft add constraint draft_became_a_checklist_of_its_owner
  foreign key (published_id, owner_org_id) references audits_checklistversion (code, owner_org_id);
alter table audits_proposedchange add constraint proposed_change_has_the_sides_of_its_audit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
-- A foreign key looks past row security: whose checklist an audit goes by is held here.
create function checklist_is_of_the_library_or_the_owner() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if exists (select from audits_checklistversion v where v.code = new.checklist_id and v.owner_org_id <> new.owner_org_id) then
    raise exception 'this checklist is another firm''s' using errcode = 'foreign_key_violation', constraint = 'checklist_is_of_the_library_or_the_owner';
  end if;
  return new;
end $$;
create trigger checklist_is_of_the_library_or_the_owner before insert or update of checklist_id on audits_audit
  for each row execute function checklist_is_of_the_library_or_the_owner();
create trigger checklist_is_of_the_library_or_the_owner before insert or update of checklist_id on audits_auditprogramme
  for each row execute function checklist_is_of_the_library_or_the_owner();
"""

ORG = "owner_org_id = nullif(current_setting('app.org', true), '')::uuid"
# The supplier's own wall on audits decides inside: its own, and none that is hidden until it begins.
USED = {
    "audits_checklistversion": "exists (select from audits_audit a where a.checklist_id = code)",
    "audits_question": "exists (select from audits_audit a where a.checklist_id = version_id)",
}


def _narrowed(apps, schema_editor):
    for table, used in USED.items():
        also = {Hat.OWNER: f" or {ORG}", Hat.SUPPLIER: f" or {used}"}
        for hat in Hat:
            if hat is not Hat.CLOCK:
                test = f"owner_org_id is null{also.get(hat, '')}"
                schema_editor.execute(
                    f"create policy {hat}_reads_the_library_and_its_own on {table} as restrictive for select to {role_of(hat)} using ({test})"
                )


READ = {hat.value: "*: select" for hat in Hat}


class Migration(migrations.Migration):
    dependencies = [("audits", "0007_year_plan")]

    operations = [
        migrations.CreateModel(
            name="ChecklistDraft",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("body", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("made_by", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=60)),
                ("changed_at", models.DateTimeField()),
                ("client_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="ProposedChange",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("site_id", models.UUIDField()),
                ("question_code", models.CharField(max_length=20)),
                ("entry", models.CharField(max_length=20)),
                ("old", models.CharField(blank=True, max_length=200)),
                ("new", models.CharField(max_length=200)),
                ("proposed_by", models.CharField(max_length=60)),
                ("proposed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("taken_over", "Taken Over"), ("left", "Left")], default="open", max_length=10
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="based_on",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.checklistversion"
            ),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="family",
            field=models.CharField(blank=True, default="", max_length=36),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="node_codes",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="number",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="owner_org_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="published_by",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="question_count",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="scoring",
            field=models.CharField(choices=[("weighted", "Weighted"), ("vda63", "Vda63")], default="weighted", max_length=8),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="sections",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="source_en",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="checklistversion",
            name="source_zh",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="question",
            name="clause_type",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="question",
            name="element",
            field=models.CharField(blank=True, default="", max_length=4),
        ),
        migrations.AddField(
            model_name="question",
            name="example_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="highest",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("yes_no", "Yes No"),
                    ("scale", "Scale"),
                    ("number", "Number"),
                    ("choice", "Choice"),
                    ("text", "Text"),
                    ("photo", "Photo"),
                    ("signature", "Signature"),
                ],
                default="yes_no",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="lowest",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="question",
            name="node_codes",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="question",
            name="options",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="question",
            name="owner_org_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="photos_least",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="question",
            name="proposes",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="question",
            name="section",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="question",
            name="show_if",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="question",
            name="source",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="question",
            name="sub_element",
            field=models.CharField(blank=True, default="", max_length=4),
        ),
        migrations.AddField(
            model_name="question",
            name="unit",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="response",
            name="value",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="question",
            name="photo",
            field=models.CharField(
                choices=[("none", "None"), ("optional", "Optional"), ("on_no", "On No"), ("always", "Always")], default="none", max_length=8
            ),
        ),
        migrations.RunSQL(NAMED_BY_CODE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="checklistversion",
            index=models.Index(fields=["owner_org_id", "family", "-number"], name="checklist_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="checklistversion",
            constraint=models.UniqueConstraint(fields=("family", "number"), name="checklist_has_each_version_once"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("version", "code"), name="question_has_its_code"),
        ),
        migrations.AddField(
            model_name="checklistdraft",
            name="based_on",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.checklistversion"
            ),
        ),
        migrations.AddField(
            model_name="checklistdraft",
            name="published",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.checklistversion"
            ),
        ),
        migrations.AddField(
            model_name="proposedchange",
            name="audit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="proposed_changes", to="audits.audit"),
        ),
        migrations.AddIndex(
            model_name="checklistdraft",
            index=models.Index(fields=["owner_org_id", "-changed_at", "-id"], name="checklist_draft_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="checklistdraft",
            constraint=models.UniqueConstraint(fields=("owner_org_id", "client_id"), name="checklist_draft_is_begun_once"),
        ),
        migrations.AddIndex(
            model_name="proposedchange",
            index=models.Index(fields=["supplier_org_id", "-proposed_at", "-id"], name="proposed_change_of_supplier"),
        ),
        migrations.AddConstraint(
            model_name="proposedchange",
            constraint=models.UniqueConstraint(fields=("audit", "entry"), name="change_is_proposed_once_per_audit"),
        ),
        RowSecurity("audits_checklistversion", **{**READ, "owner": ["*: select", "owner_org_id: insert update(retired_at)"]}),
        RowSecurity("audits_question", **{**READ, "owner": ["*: select", "owner_org_id: insert"]}),
        RowSecurity("audits_checklistdraft", owner="owner_org_id: select insert update delete"),
        RowSecurity(
            "audits_proposedchange",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select update(state,decided_by,decided_at)",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunPython(_narrowed, migrations.RunPython.noop),
    ]
