"""The rules of duty access are asked by the bureau alone and told by the database alone; a firm's list of lots is of those it made.

Functions are open to everybody until somebody says otherwise: any hat could have asked for the sides of a thing, or told a look that
nobody took. And a lot is its maker's and its customer's: the list of one firm's lots must not open those of a firm that is not told.
"""

from django.db import migrations

from foundation.actor import Hat, role_of

OF_THE_DATABASE = ("duty_sides(text, uuid)", "duty_case_opens(uuid, text, uuid)", "duty_look_is_told(oversight_dutycase, oversight_dutylook, timestamptz)")
LOOKED = (
    "exists (select 1 from oversight_dutylook l where l.subject_id = {} and l.what = '{}' "
    "and l.tx = pg_current_xact_id_if_assigned()::text::bigint)"
)
OWN = [LOOKED.format("inspections_lot.id", "results"), LOOKED.format("inspections_lot.supplier_org_id", "lots")]
BOTH = [*OWN, LOOKED.format("inspections_lot.owner_org_id", "lots")]


def _lots_open(schema_editor, tests):
    schema_editor.execute("drop policy duty_opens_look_by_look on inspections_lot")
    schema_editor.execute(
        f"create policy duty_opens_look_by_look on inspections_lot as restrictive for select to {role_of(Hat.BUREAU)} using ({' or '.join(tests)})"
    )


def close_further(apps, schema_editor):
    for function in OF_THE_DATABASE:
        schema_editor.execute(f"revoke all on function {function} from public")
    schema_editor.execute(f"grant execute on function {OF_THE_DATABASE[1]} to {role_of(Hat.BUREAU)}")
    _lots_open(schema_editor, OWN)


def open_again(apps, schema_editor):
    for function in OF_THE_DATABASE:
        schema_editor.execute(f"grant execute on function {function} to public")
    _lots_open(schema_editor, BOTH)


class Migration(migrations.Migration):
    dependencies = [("oversight", "0006_campaigns")]

    operations = [migrations.RunPython(close_further, open_again)]
