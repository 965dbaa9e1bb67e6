"""What is said on an appeal is said in one's own name: nobody writes the other side's words, the bureau neither side's nor a laboratory's.

A file that a side laid before the bureau opens to it (oversight 0005): a line in that side's name would open any file of the firm.
"""

from django.db import migrations

from foundation.actor import Hat, role_of

SIDES = {Hat.SUPPLIER: "appellant", Hat.OWNER: "respondent", Hat.BUREAU: "bureau"}
RULES = [("records_appealentry", hat, f"side = '{side}'") for hat, side in SIDES.items()]
RULES.append(("records_appealopinion", Hat.BUREAU, "state = 'asked' and opinion = ''"))


def say_it_oneself(apps, schema_editor):
    for table, hat, test in RULES:
        schema_editor.execute(
            f"create policy said_by_oneself_{hat} on {table} as restrictive for insert to {role_of(hat)} with check ({test})"
        )


def say_it_as_before(apps, schema_editor):
    for table, hat, _test in RULES:
        schema_editor.execute(f"drop policy said_by_oneself_{hat} on {table}")


class Migration(migrations.Migration):
    dependencies = [("records", "0007_scores")]

    operations = [migrations.RunPython(say_it_oneself, say_it_as_before)]
