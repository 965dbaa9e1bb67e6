"""A provider of services comes in by a hat of its own: it keeps its people, its files and its inbox, as a laboratory does."""

from django.db import migrations

from foundation.scope import Grants, MoreRules


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_people_of_a_firm")]

    operations = [
        MoreRules("parties_apitoken", provider="org_id: insert select update(revoked_at)"),
        Grants("parties_chainnode", provider="select"),
        MoreRules("parties_colleagueinvitation", provider="org_id: insert select update(revoked_at)"),
        MoreRules("parties_cqofacts", provider="org_id: insert select"),
        MoreRules("parties_deputy", provider="org_id: insert select update(ended_at)"),
        MoreRules("parties_membership", provider="org_id: insert select update(valid_to)"),
        MoreRules("parties_organisation", provider="id: select"),
        MoreRules("parties_organisationcode", provider="org_id: select"),
        MoreRules("parties_orgrole", provider="org_id: select"),
        MoreRules("parties_person", provider="id@user: select update(email,locale,name,phone)"),
        Grants("parties_region", provider="select"),
        Grants("parties_workingday", provider="select"),
    ]
