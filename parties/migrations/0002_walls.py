"""The second wall: what each hat may read and write, held by the database itself."""

from django.db import migrations

from foundation.scope import Grants, RowSecurity, read_by_all


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_first_tables"), ("sessions", "0001_initial"), ("account", "0001_initial")]

    operations = [
        read_by_all("parties_region"),
        read_by_all("parties_chainnode"),
        read_by_all("parties_workingday"),
        RowSecurity(
            "parties_organisation",
            owner="id: select",
            supplier="id: select",
            lab="id: select",
            bureau="*: select",
            platform="*: select update(state)",
            clock="*: select",
        ),
        RowSecurity(
            "parties_organisationcode",
            owner="org_id: select",
            supplier="org_id: select",
            lab="org_id: select",
            platform="*: select update(verified)",
            clock="*: select",
        ),
        RowSecurity(
            "parties_orgrole",
            lobby="*: select",
            owner="org_id: select",
            supplier="org_id: select",
            bureau="org_id: select",
            lab="org_id: select",
            platform="*: select insert",
            clock="*: select",
        ),
        RowSecurity(
            "parties_person",
            lobby="*: select insert update",
            owner="id@user: select update(name,locale,email,phone)",
            supplier="id@user: select update(name,locale,email,phone)",
            bureau="id@user: select update(name,locale,email,phone)",
            lab="id@user: select update(name,locale,email,phone)",
            platform="id@user: select update(name,locale,email,phone)",
            clock="*: select",
        ),
        RowSecurity(
            "parties_membership",
            lobby="*: select",
            owner="org_id: select insert update(valid_to)",
            supplier="org_id: select insert update(valid_to)",
            bureau="org_id: select insert update(valid_to)",
            lab="org_id: select insert update(valid_to)",
            platform="org_id: select insert update(valid_to)",
            clock="*: select",
        ),
        RowSecurity(
            "parties_apitoken",
            lobby="*: select",
            owner="org_id: select insert update(revoked_at)",
            supplier="org_id: select insert update(revoked_at)",
            bureau="org_id: select insert update(revoked_at)",
            lab="org_id: select insert update(revoked_at)",
            platform="org_id: select insert update(revoked_at)",
        ),
        Grants("django_session", lobby="select, insert, update, delete"),
        Grants("account_emailaddress", lobby="select, insert, update, delete"),
        Grants("account_emailconfirmation", lobby="select, insert, update, delete"),
        Grants("django_migrations", clock="select"),
    ]
