"""The second wall: what each hat may read and write, held by the database itself."""

from django.db import migrations

from foundation.scope import RowSecurity

# A listed line meets a firm only through the definer functions of the door: never because its owner says so.
MEETING = """
create function link_meets_a_firm_at_the_door() returns trigger language plpgsql as $$
begin
  if new.supplier_org_id is distinct from (case when tg_op = 'UPDATE' then old.supplier_org_id end)
     and current_user <> (select tableowner from pg_tables where schemaname = tg_table_schema and tablename = tg_table_name) then
    raise exception 'a supply link meets a firm only when the firm accepts' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger link_meets_a_firm_at_the_door before insert or update on suppliers_supplylink
  for each row execute function link_meets_a_firm_at_the_door();
"""

# A record is kept by two firms of which one has accepted the other's invitation: nobody opens one with a stranger.
STREAM = """
alter table records_recordstream add constraint record_is_kept_by_two_linked_firms
  foreign key (owner_org_id, supplier_org_id) references suppliers_supplylink (owner_org_id, supplier_org_id)
  deferrable initially immediate;
"""


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0001_first_tables"), ("records", "0002_walls")]

    operations = [
        RowSecurity(
            "suppliers_supplylink",
            owner="owner_org_id: select insert update delete",
            supplier="supplier_org_id: select",
            clock="*: select",
        ),
        RowSecurity(
            "suppliers_linkgram",
            owner="owner_org_id: select insert delete",
        ),
        RowSecurity(
            "suppliers_invitation",
            owner="owner_org_id: select insert update(revoked_at) delete",
        ),
        RowSecurity(
            "suppliers_supplierimport",
            owner="owner_org_id: select insert update delete",
        ),
        RowSecurity(
            "suppliers_importrow",
            owner="owner_org_id: select insert update delete",
        ),
        RowSecurity(
            "suppliers_site",
            owner="org_id: select insert update",
            supplier="org_id: select insert update",
            lab="org_id: select insert update",
            platform="*: select",
            clock="*: select",
        ),
        RowSecurity(
            "suppliers_paper",
            owner="org_id: select insert",
            supplier="org_id: select insert",
            lab="org_id: select insert",
            platform="*: select update(state)",
            clock="*: select",
        ),
        migrations.RunSQL(MEETING, migrations.RunSQL.noop),
        migrations.RunSQL(STREAM, "alter table records_recordstream drop constraint record_is_kept_by_two_linked_firms"),
    ]
