"""A lot that is inspected from now on costs little: there is room beside it, and what always may be is not asked row by row."""

from django.db import migrations

# A lot changes its state, and nothing that an index holds: with room on its page the new row stands there and no index is touched.
# From registered to inspecting lot_moves_as_the_rules_say() lets every lot pass; that step alone is taken by thousands at once.
ROOM = """
alter table inspections_lot set (fillfactor = 50);
drop trigger lot_moves_as_the_rules_say on inspections_lot;
create trigger lot_moves_as_the_rules_say before update of state on inspections_lot for each row
  when (old.state is distinct from new.state and not (old.state = 'registered' and new.state = 'inspecting'))
  execute function lot_moves_as_the_rules_say();
"""
BEFORE = """
alter table inspections_lot reset (fillfactor);
drop trigger lot_moves_as_the_rules_say on inspections_lot;
create trigger lot_moves_as_the_rules_say before update of state on inspections_lot
  for each row when (old.state is distinct from new.state) execute function lot_moves_as_the_rules_say();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0011_kept_lots")]

    operations = [migrations.RunSQL(ROOM, BEFORE)]
