"""The second wall: what each hat may read and write, held by the database itself."""

from django.db import migrations

from foundation.scope import RowSecurity, read_by_all

SAME_SIDES = """
alter table audits_auditprogramme add constraint programme_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table audits_audit add constraint audit_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table audits_response add constraint response_has_the_sides_of_its_audit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
-- The owner's side of an answer is empty until it is submitted, and an empty side is not compared: the firm's own always is.
alter table audits_audit add constraint audit_names_its_supplier unique (id, supplier_org_id);
alter table audits_response add constraint response_is_of_the_firm_that_is_audited
  foreign key (audit_id, supplier_org_id) references audits_audit (id, supplier_org_id);
alter table audits_response add constraint response_names_its_supplier unique (id, supplier_org_id);
alter table audits_response add constraint response_names_its_sides unique (id, owner_org_id, supplier_org_id);
alter table audits_responseevidence add constraint photo_is_of_the_firm_that_answers
  foreign key (response_id, supplier_org_id) references audits_response (id, supplier_org_id);
alter table audits_responseevidence add constraint photo_has_the_sides_of_its_answer
  foreign key (response_id, owner_org_id, supplier_org_id) references audits_response (id, owner_org_id, supplier_org_id);
alter table audits_finding add constraint finding_has_the_sides_of_its_audit
  foreign key (audit_id, owner_org_id, supplier_org_id) references audits_audit (id, owner_org_id, supplier_org_id);
alter table audits_findingtext add constraint finding_text_has_the_sides_of_its_finding
  foreign key (finding_id, owner_org_id, supplier_org_id) references audits_finding (id, owner_org_id, supplier_org_id);
alter table audits_correctiveaction add constraint corrective_action_has_the_sides_of_its_finding
  foreign key (finding_id, owner_org_id, supplier_org_id) references audits_finding (id, owner_org_id, supplier_org_id);
"""

# A published question is never edited; an answer of a submitted audit stays as it was sent.
KEPT = """
create trigger checklist_is_kept before update or delete on audits_checklistversion for each row execute function record_is_append_only();
create trigger question_is_kept before update or delete on audits_question for each row execute function record_is_append_only();
create function answer_of_submitted_audit_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.owner_org_id is not null then
    raise exception 'an answer of a submitted audit is not changed' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger answer_of_submitted_audit_is_kept before update or delete on audits_response
  for each row execute function answer_of_submitted_audit_is_kept();
create trigger photo_of_submitted_audit_is_kept before update or delete on audits_responseevidence
  for each row execute function answer_of_submitted_audit_is_kept();
create function answer_joins_an_open_audit_only() returns trigger language plpgsql as $$
begin
  if current_user <> (select tableowner from pg_tables where schemaname = tg_table_schema and tablename = tg_table_name) and (
    case tg_table_name
      when 'audits_response' then exists (
        select 1 from audits_audit a where a.id = (to_jsonb(new) ->> 'audit_id')::uuid and a.state not in ('planned', 'notified', 'in_progress'))
      else exists (select 1 from audits_response r where r.id = (to_jsonb(new) ->> 'response_id')::uuid and r.owner_org_id is not null)
    end
  ) then
    raise exception 'nothing is added to a submitted audit' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger answer_joins_an_open_audit_only before insert on audits_response
  for each row execute function answer_joins_an_open_audit_only();
create trigger photo_joins_an_open_answer_only before insert on audits_responseevidence
  for each row execute function answer_joins_an_open_audit_only();
create trigger checklists_are_kept before truncate on audits_checklistversion execute function record_is_append_only();
create trigger questions_are_kept before truncate on audits_question execute function record_is_append_only();
create trigger answers_are_kept before truncate on audits_response execute function record_is_append_only();
create trigger photos_are_kept before truncate on audits_responseevidence execute function record_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_first_tables"), ("agreements", "0002_walls")]

    operations = [
        read_by_all("audits_checklistversion"),
        read_by_all("audits_question"),
        RowSecurity(
            "audits_auditprogramme",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select insert update(is_active,ends_on)",
        ),
        RowSecurity(
            "audits_audit",
            owner="owner_org_id: select update(state,reviewed_at,reviewed_by,closed_at,result_class)",
            supplier="supplier_org_id: select update(state,submitted_at,submitted_by)",
            bureau="*: select",
            clock="*: select insert update(state)",
        ),
        RowSecurity(
            "audits_response",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select insert update",
        ),
        RowSecurity(
            "audits_responseevidence",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select insert update(owner_org_id) delete",
        ),
        RowSecurity(
            "audits_finding",
            owner="owner_org_id: select insert update(state,closed_at)",
            supplier="supplier_org_id: select update(state,answered_at)",
            bureau="*: select",
            clock="*: select",
        ),
        RowSecurity(
            "audits_findingtext",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select",
        ),
        RowSecurity(
            "audits_correctiveaction",
            owner="owner_org_id: select update(state,decided_by_id,decided_by,decided_at,reason)",
            supplier="supplier_org_id: select insert",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
