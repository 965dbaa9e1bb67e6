"""Who may see a lot and its results, and what nobody may change."""

from django.db import migrations

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SAME_SIDES = """
alter table inspections_lot add constraint lot_has_the_sides_of_its_link
  foreign key (link_id, owner_org_id, supplier_org_id) references suppliers_supplylink (id, owner_org_id, supplier_org_id);
alter table inspections_lot add constraint lot_has_the_sides_of_its_stream
  foreign key (stream_id, owner_org_id, supplier_org_id) references records_recordstream (id, owner_org_id, supplier_org_id);
alter table inspections_lot add constraint portion_is_of_the_same_maker
  foreign key (whole_id, supplier_org_id) references inspections_lot (id, supplier_org_id);
alter table inspections_lotparent add constraint descent_is_of_its_lots_maker
  foreign key (lot_id, supplier_org_id) references inspections_lot (id, supplier_org_id);
create trigger lots_are_kept before delete or truncate on inspections_lot execute function record_is_append_only();
create trigger descent_is_kept before update or delete or truncate on inspections_lotparent execute function record_is_append_only();
"""

# One look at the lots for a statement of many rows; as the definer, since a laboratory sees no lot.
HELD_TO_LOTS = """
create function results_have_the_sides_of_their_lots() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from fresh f left join inspections_lot l on l.id = f.lot_id
    where l.id is null or l.supplier_org_id <> f.supplier_org_id or l.made_on <> f.made_on or l.product_code <> f.product_code
      or (f.owner_org_id is not null and f.owner_org_id is distinct from l.owner_org_id)
  ) then
    raise exception 'a result has the sides, the day and the product of its lot' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
create trigger results_have_the_sides_of_their_lots after insert on inspections_characteristicresult
  referencing new table as fresh for each statement execute function results_have_the_sides_of_their_lots();

create function result_is_not_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE'
    and (to_jsonb(new) - array['replaced_by', 'owner_org_id']) = (to_jsonb(old) - array['replaced_by', 'owner_org_id'])
    and (old.replaced_by is null or new.replaced_by = old.replaced_by)
    and (old.owner_org_id is null or new.owner_org_id = old.owner_org_id) then
    return new;
  end if;
  raise exception 'a result is not changed; a correction is a row of its own' using errcode = 'restrict_violation';
end $$;
create trigger result_is_not_changed before update or delete on inspections_characteristicresult
  for each row execute function result_is_not_changed();
create trigger results_are_kept before truncate on inspections_characteristicresult execute function record_is_append_only();
"""


def file_as_oneself(apps, schema_editor):
    """Whoever files a result files it under the own firm, whatever side of the lot it stands on."""
    for hat in (Hat.OWNER, Hat.SUPPLIER):
        schema_editor.execute(
            f"create policy filed_by_oneself_{hat} on inspections_characteristicresult as restrictive for insert to {role_of(hat)} "
            "with check (org_id = nullif(current_setting('app.org', true), '')::uuid)"
        )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_first_tables"), ("records", "0003_why_a_file_is_shown"), ("suppliers", "0010_lists_of_grams")]

    operations = [
        RowSecurity(
            "inspections_lot",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert update(lot_no,product_code,product,colour,node_code,made_on,quantity,unit,note)",
            clock="*: select insert update(state,state_since,stream_id)",
        ),
        RowSecurity(
            "inspections_lotparent",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select insert",
        ),
        RowSecurity(
            "inspections_characteristicresult",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            lab="org_id: select insert",
            clock="*: select insert update(replaced_by,owner_org_id)",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(HELD_TO_LOTS, migrations.RunSQL.noop),
        migrations.RunPython(file_as_oneself, migrations.RunPython.noop),
    ]
