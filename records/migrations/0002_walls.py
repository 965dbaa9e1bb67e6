"""The second wall: what each hat may read and write, held by the database itself."""

from django.db import migrations

from foundation.scope import Grants, RowSecurity

SAME_SIDES = """
alter table records_recordentry add constraint entry_stands_in_a_stream_of_its_sides
  foreign key (stream_id, owner_org_id, supplier_org_id) references records_recordstream (id, owner_org_id, supplier_org_id);
alter table records_recordpayload add constraint payload_has_the_sides_of_its_entry
  foreign key (entry_id, owner_org_id, supplier_org_id) references records_recordentry (id, owner_org_id, supplier_org_id);
alter table records_ack add constraint ack_has_the_sides_of_its_entry
  foreign key (entry_id, owner_org_id, supplier_org_id) references records_recordentry (id, owner_org_id, supplier_org_id);
alter table records_recordentry add constraint correction_stands_in_the_relation_it_corrects
  foreign key (corrects_id, owner_org_id, supplier_org_id) references records_recordentry (id, owner_org_id, supplier_org_id);
"""

# RFC 6962: a leaf is the hash of 0x00 and the entry. The database checks what the product computed.
LEAF = """
alter table records_recordentry add constraint leaf_is_the_hash_of_the_entry
  check (leaf = sha256('\\x00'::bytea || convert_to(canonical, 'UTF8')));
"""

APPEND_ONLY = """
create function record_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the record is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create function record_entry_may_be_numbered_once() returns trigger language plpgsql as $$
begin
  if old.number is null and old.place is null and new.number is not null and new.place is not null
     and (to_jsonb(new) - 'number' - 'place') = (to_jsonb(old) - 'number' - 'place') then
    return new;
  end if;
  raise exception 'the record is append-only: entry % is not changed', old.id using errcode = 'restrict_violation';
end $$;
create trigger entry_is_numbered_once before update on records_recordentry for each row execute function record_entry_may_be_numbered_once();
create trigger entry_is_kept before delete on records_recordentry for each row execute function record_is_append_only();
create trigger entries_are_kept before truncate on records_recordentry execute function record_is_append_only();
create trigger payload_is_kept before update or delete on records_recordpayload for each row execute function record_is_append_only();
create trigger payloads_are_kept before truncate on records_recordpayload execute function record_is_append_only();
create trigger head_is_kept before update or delete on records_head for each row execute function record_is_append_only();
create trigger heads_are_kept before truncate on records_head execute function record_is_append_only();
create trigger ack_is_kept before update or delete on records_ack for each row execute function record_is_append_only();
create trigger acks_are_kept before truncate on records_ack execute function record_is_append_only();
create trigger look_is_kept before update or delete on records_accessevent for each row execute function record_is_append_only();
create trigger looks_are_kept before truncate on records_accessevent execute function record_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_first_tables"), ("parties", "0002_walls")]

    operations = [
        RowSecurity(
            "records_recordstream",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select insert update(last_at)",
        ),
        RowSecurity(
            "records_recordentry",
            owner=["owner_org_id: select", "actor_org_id: insert"],
            supplier=["supplier_org_id: select", "actor_org_id: insert"],
            clock="*: select insert update(number,place)",
        ),
        RowSecurity(
            "records_recordpayload",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select insert",
        ),
        Grants("records_head", clock="select, insert"),
        RowSecurity(
            "records_ack",
            owner=["owner_org_id: select", "org_id: insert"],
            supplier=["supplier_org_id: select", "org_id: insert"],
            clock="*: select",
        ),
        RowSecurity(
            "records_evidence",
            owner="org_id: select insert",
            supplier="org_id: select insert",
            lab="org_id: select insert",
            clock="*: select",
        ),
        RowSecurity(
            "records_uploadsession",
            owner="org_id: select insert update(received,evidence_id)",
            supplier="org_id: select insert update(received,evidence_id)",
            lab="org_id: select insert update(received,evidence_id)",
        ),
        RowSecurity(
            "records_grant",
            owner="from_org_id: select update(revoked_at)",
            supplier="from_org_id: select update(revoked_at)",
            clock="*: select insert update(revoked_at,valid_to)",
        ),
        RowSecurity(
            "records_evidenceshare",
            owner="grantee_org_id: select",
            supplier="grantee_org_id: select",
            clock="*: select insert update(revoked_at)",
        ),
        RowSecurity(
            "records_accessevent",
            owner=["org_id: select", "viewer_org_id: insert"],
            supplier=["org_id: select", "viewer_org_id: insert"],
            lab=["org_id: select", "viewer_org_id: insert"],
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(LEAF, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
