"""A finding may be of a lot that was not accepted. It then has the sides of the lot, and always those of its agreement."""

import django.db.models.deletion
from django.db import migrations, models

SAME_SIDES = """
alter table audits_finding add constraint finding_has_the_sides_of_its_agreement
  foreign key (agreement_id, owner_org_id, supplier_org_id) references agreements_agreement (id, owner_org_id, supplier_org_id);
alter table audits_finding add constraint finding_is_of_its_lots_customer
  foreign key (lot_id, owner_org_id) references inspections_lot (id, owner_org_id);
alter table audits_finding add constraint finding_is_of_its_lots_maker
  foreign key (lot_id, supplier_org_id) references inspections_lot (id, supplier_org_id);
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0003_visits_move"), ("agreements", "0002_walls"), ("inspections", "0010_consistency")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="finding", name="agreement_id"),
                migrations.AddField(
                    model_name="finding",
                    name="agreement",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agreements.agreement",
                    ),
                    preserve_default=False,
                ),
            ]
        ),
        migrations.AlterField(
            model_name="finding",
            name="audit",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="audits.audit"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="lot",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="inspections.lot"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding", constraint=models.UniqueConstraint(fields=("lot", "client_id"), name="finding_of_a_lot_is_raised_once")
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("audit", None), ("lot__isnull", False)) | models.Q(("audit__isnull", False), ("lot", None)),
                name="finding_is_of_an_audit_or_a_lot",
            ),
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
    ]
