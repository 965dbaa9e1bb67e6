"""Descent stays in one world: what a customer sees of it names only lots that it sees. A lot on which something hangs is not changed."""

from django.db import migrations

from foundation.actor import Hat, role_of

ONE_WORLD = """
alter table inspections_lotparent add constraint parent_is_of_the_same_maker
  foreign key (parent_id, supplier_org_id) references inspections_lot (id, supplier_org_id);
alter table inspections_lotparent add constraint descent_has_the_customer_of_its_lot
  foreign key (lot_id, owner_org_id) references inspections_lot (id, owner_org_id);
alter table inspections_lotparent add constraint descent_shown_names_a_lot_that_is_shown
  foreign key (parent_id, owner_org_id) references inspections_lot (id, owner_org_id);
"""

# As the definer: whoever changes a lot may not see everything that hangs on it.
NOT_CHANGED = """
create function lot_is_free_to_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from inspections_characteristicresult where lot_id = old.id)
    or exists (select from inspections_lotparent where lot_id = old.id or parent_id = old.id)
    or exists (select from inspections_lot where whole_id = old.id) then
    raise exception 'a lot with results, parts or portions is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger lot_is_free_to_change before update of lot_no, product_code, product, colour, node_code, made_on, quantity, unit
  on inspections_lot for each row execute function lot_is_free_to_change();
"""


def only_the_maker_gives_portions(apps, schema_editor):
    """A customer cannot register a portion of a lot that it does not see."""
    schema_editor.execute(
        f"create policy only_the_maker_gives_portions on inspections_lot as restrictive for insert to {role_of(Hat.OWNER)} with check (whole_id is null)"
    )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0007_signals")]

    operations = [
        migrations.RunSQL(ONE_WORLD, migrations.RunSQL.noop),
        migrations.RunSQL(NOT_CHANGED, migrations.RunSQL.noop),
        migrations.RunPython(only_the_maker_gives_portions, migrations.RunPython.noop),
    ]
