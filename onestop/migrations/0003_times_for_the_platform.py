"""The platform reads how requests go: states and times, as the bureau does; not whose they are, nor a word of them."""

from django.db import migrations

from foundation.scope import MoreRules

STATES = (
    "id,kind,node_code,region_code,state,created_at,answer_due_at,answered_at,escalated_at,offer_id,provider_org_id,provider_name_zh,"
    "provider_name_en,accepted_at,deliver_by,started_at,delivered_at,disputes,confirmed_at,rated_at,satisfaction,answer_minutes,is_demo"
)


class Migration(migrations.Migration):
    dependencies = [("onestop", "0002_portraits")]

    operations = [MoreRules("onestop_servicerequest", platform=f"*: select({STATES})")]
