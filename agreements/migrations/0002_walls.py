"""The second wall: what each hat may read and write, held by the database itself."""

from django.db import migrations

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity, read_by_all

SAME_SIDES = """
alter table agreements_agreement add constraint agreement_has_the_sides_of_its_stream
  foreign key (stream_id, owner_org_id, supplier_org_id) references records_recordstream (id, owner_org_id, supplier_org_id);
alter table agreements_agreement add constraint agreement_has_the_sides_of_its_link
  foreign key (link_id, owner_org_id, supplier_org_id) references suppliers_supplylink (id, owner_org_id, supplier_org_id);
alter table agreements_agreementversion add constraint version_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table agreements_clause add constraint clause_has_the_sides_of_its_version
  foreign key (version_id, owner_org_id, supplier_org_id) references agreements_agreementversion (id, owner_org_id, supplier_org_id);
alter table agreements_signature add constraint signature_has_the_sides_of_its_version
  foreign key (version_id, owner_org_id, supplier_org_id) references agreements_agreementversion (id, owner_org_id, supplier_org_id);
alter table agreements_obligation add constraint obligation_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
"""

IN_FORCE_ONCE = """
create extension if not exists btree_gist;
alter table agreements_agreementversion add constraint one_version_in_force_at_any_instant
  exclude using gist (agreement_id with =, daterange(effective_from, effective_to) with &&) where (in_force);
"""

# What is signed is a text, and the hash is the hash of that text: held here, whatever the product computes.
HASHED = """
alter table agreements_agreementversion add constraint locked_text_has_its_hash
  check (locked_at is null or (canonical <> '' and sha256 = encode(sha256(convert_to(canonical, 'UTF8')), 'hex')));
alter table agreements_agreementversion add constraint version_names_its_text unique (id, sha256);
alter table agreements_signature add constraint signature_is_under_the_text_that_stands
  foreign key (version_id, sha256) references agreements_agreementversion (id, sha256);
alter table agreements_signature add constraint signature_names_a_text check (sha256 ~ '^[0-9a-f]{64}$');
"""

# Before it is sent, a draft is its owner's own: neither the supplier nor the bureau sees it, nor later its redrafts.
DRAFTS = [
    ("agreements_agreement", Hat.SUPPLIER, "state <> 'draft' or sent_at is not null"),
    ("agreements_agreement", Hat.BUREAU, "state <> 'draft' or sent_at is not null"),
    ("agreements_agreementversion", Hat.SUPPLIER, "locked_at is not null or in_force"),
    # Clauses are read by version, a dozen at a time: the subquery costs one index look-up each.
    ("agreements_clause", Hat.SUPPLIER, "exists (select 1 from agreements_agreementversion v where v.id = version_id)"),
]

# From the moment the text is locked for signing, nothing of it changes but its state and the day on which it ends; and
# its first day moves, once, to the day on which it truly took effect: nobody is bound backwards.
LOCKED = """
create function locked_version_is_not_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.locked_at is null then return old; end if;
  elsif old.locked_at is null then
    return new;
  elsif (to_jsonb(new) - 'in_force' - 'effective_to' - 'effective_from') = (to_jsonb(old) - 'in_force' - 'effective_to' - 'effective_from')
     and (new.effective_from = old.effective_from
          or (new.effective_from > old.effective_from and new.in_force and not old.in_force)) then
    return new;
  end if;
  raise exception 'a locked agreement version is not changed' using errcode = 'restrict_violation';
end $$;
create function clock_alone_puts_a_version_in_force() returns trigger language plpgsql as $$
begin
  if new.in_force and (tg_op = 'INSERT' or not old.in_force) and (current_user like '%hat_owner' or current_user like '%hat_supplier') then
    raise exception 'a version takes effect by its signatures and its day, not by a hand' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger clock_alone_puts_a_version_in_force before insert or update on agreements_agreementversion
  for each row execute function clock_alone_puts_a_version_in_force();
create trigger locked_version_is_not_changed before update or delete on agreements_agreementversion
  for each row execute function locked_version_is_not_changed();
create function clause_of_locked_version_is_not_changed() returns trigger language plpgsql as $$
declare it uuid;
begin
  it := case when tg_op = 'DELETE' then old.version_id else new.version_id end;
  if exists (select 1 from agreements_agreementversion v where v.id = it and v.locked_at is not null) then
    raise exception 'a clause of a locked agreement version is not changed' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  if tg_op = 'UPDATE' and new.version_id <> old.version_id then
    raise exception 'a clause stays in its version' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger clause_of_locked_version_is_not_changed before insert or update or delete on agreements_clause
  for each row execute function clause_of_locked_version_is_not_changed();
create trigger versions_are_kept before truncate on agreements_agreementversion execute function record_is_append_only();
create trigger clauses_are_kept before truncate on agreements_clause execute function record_is_append_only();
create trigger signature_is_kept before update or delete on agreements_signature for each row execute function record_is_append_only();
create trigger signatures_are_kept before truncate on agreements_signature execute function record_is_append_only();
create trigger template_is_kept before update or delete on agreements_agreementtemplate for each row execute function record_is_append_only();
create trigger templates_are_kept before truncate on agreements_agreementtemplate execute function record_is_append_only();
"""


def hide_drafts(apps, schema_editor):
    for table, hat, test in DRAFTS:
        schema_editor.execute(f"create policy draft_is_its_owners_{hat} on {table} as restrictive for select to {role_of(hat)} using ({test})")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_first_tables"), ("suppliers", "0002_walls")]

    operations = [
        read_by_all("agreements_agreementtemplate"),
        RowSecurity(
            "agreements_agreement",
            owner="owner_org_id: select insert update(state,effective_from,effective_to,sent_at,signed_at) delete",
            supplier="supplier_org_id: select update(state,effective_from,effective_to,signed_at)",
            bureau="*: select",
            clock="*: select update(state,effective_from,effective_to,signed_at)",
        ),
        RowSecurity(
            "agreements_agreementversion",
            owner="owner_org_id: select insert update delete",
            supplier="supplier_org_id: select",
            clock="*: select insert update(in_force,effective_from,effective_to)",
        ),
        RowSecurity(
            "agreements_clause",
            owner="owner_org_id: select insert update delete",
            supplier="supplier_org_id: select",
            clock="*: select insert",  # a returned agreement gets its next draft, whoever returns it
        ),
        RowSecurity(
            "agreements_signature",
            owner=["owner_org_id: select", "org_id: insert"],
            supplier=["supplier_org_id: select", "org_id: insert"],
            clock="*: select",
        ),
        RowSecurity(
            "agreements_obligation",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            bureau="*: select",
            clock="*: select insert update(met_at,met_on,waived_at,void_at,subject_id)",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(IN_FORCE_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(HASHED, migrations.RunSQL.noop),
        migrations.RunPython(hide_drafts, migrations.RunPython.noop),
        migrations.RunSQL(LOCKED, migrations.RunSQL.noop),
    ]
