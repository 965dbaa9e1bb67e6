"""The bureau reads of appeals against findings, and of lots before a laboratory, who, which laboratory, how it stands and since when.

Column by column: what the sides wrote, and what was measured, stays with them.
"""

from django.db import migrations

from foundation.scope import MoreRules

FINDINGS = "id,finding_id,owner_org_id,supplier_org_id,arbiter_name_zh,arbiter_name_en,code,grade,asked_at,state,outcome,decided_at"
LOTS = "id,owner_org_id,supplier_org_id,lab_name_zh,lab_name_en,sample_code,asked_at,state,decided_at"


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0007_duty_tells_whose_it_is"),
        ("audits", "0010_corrective"),
        ("inspections", "0003_decisions"),
    ]

    operations = [
        MoreRules("audits_findingappeal", bureau=f"*: select({FINDINGS})"),
        MoreRules("inspections_arbitration", bureau=f"*: select({LOTS})"),
    ]
