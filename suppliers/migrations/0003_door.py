"""The door: the only way in which a listed line meets a firm. It answers the same whether or not the code was known."""

from django.db import migrations

from foundation.actor import Hat, role_of

READ = """
create function door_read(the_token text)
returns table (link_id uuid, owner_org_id uuid, owner_name_zh varchar, owner_name_en varchar, name_zh varchar, name_en varchar, uscc varchar,
               node_codes varchar[], region_code varchar, town_code varchar, address varchar, is_demo boolean,
               expires_at timestamptz, used_at timestamptz, revoked_at timestamptz, declined_at timestamptz)
language sql security definer set search_path = public, pg_temp stable as $$
  select l.id, l.owner_org_id, l.owner_name_zh, l.owner_name_en, l.name_zh, l.name_en, l.uscc,
         l.node_codes, l.region_code, l.town_code, l.address, l.is_demo, i.expires_at, i.used_at, i.revoked_at, i.declined_at
  from suppliers_invitation i join suppliers_supplylink l on l.id = i.link_id
  where i.token_hash = the_token
$$;
"""

# What accepting lets the inviter see, from the first day on. Shown before it is accepted, and written by door_take():
# what a person is told and what is granted are one row.
GIVES = """
create function door_grants(the_token text) returns table (to_org_id uuid, to_name_zh varchar, to_name_en varchar, what varchar)
language sql security definer set search_path = public, pg_temp stable as $$
  select l.owner_org_id, l.owner_name_zh, l.owner_name_en, given.what::varchar
  from suppliers_invitation i join suppliers_supplylink l on l.id = i.link_id cross join (values ('firm')) as given (what)
  where i.token_hash = the_token
$$;
"""

# Takes the invitation, or nothing: the caller gets the link or null, never a reason that speaks of other firms.
TAKE = """
create function door_take(the_token text, the_org uuid, the_moment timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare inv suppliers_invitation; lnk suppliers_supplylink;
begin
  -- In a hat, a firm joins for itself alone. In the lobby nobody has a hat, and only door_found() comes here.
  if nullif(current_setting('app.org', true), '')::uuid <> the_org then
    return null;
  end if;
  select * into inv from suppliers_invitation where token_hash = the_token for update;
  if inv.id is null or inv.used_at is not null or inv.revoked_at is not null or inv.declined_at is not null
     or inv.expires_at <= the_moment then
    return null;
  end if;
  select * into lnk from suppliers_supplylink where id = inv.link_id for update;
  if lnk.supplier_org_id is not null or lnk.owner_org_id = the_org
     or not exists (select 1 from parties_organisationcode c where c.org_id = the_org and c.claimed = lnk.uscc) then
    return null;
  end if;
  update suppliers_invitation set used_at = the_moment where id = inv.id;
  update suppliers_supplylink set supplier_org_id = the_org, state = 'joined', joined_at = the_moment where id = lnk.id;
  insert into parties_orgrole (id, org_id, hat) values (uuidv7(), the_org, 'supplier') on conflict do nothing;
  insert into records_grant (id, from_org_id, to_org_id, to_name_zh, to_name_en, what, valid_from)
    select uuidv7(), the_org, g.to_org_id, g.to_name_zh, g.to_name_en, g.what, (the_moment at time zone 'Asia/Shanghai')::date
    from door_grants(the_token) g
    on conflict do nothing;
  return lnk.id;
end $$;
"""

# A new person founds the firm's registry row as unverified: the code is a claim until the platform has seen the licence.
FOUND = """
create function door_found(the_token text, the_person uuid, the_firm jsonb, the_moment timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare the_org uuid := uuidv7(); lnk record; person_name text; day date := (the_moment at time zone 'Asia/Shanghai')::date; r text;
begin
  select * into lnk from door_read(the_token);
  if lnk.link_id is null or exists (select 1 from parties_membership m where m.person_id = the_person) then return null; end if;
  select name into person_name from parties_person where id = the_person;
  insert into parties_organisation (id, name_zh, name_en, pinyin_key, size, above_scale, region_id, town_id, node_codes, state, is_demo, created_at)
    values (the_org, lnk.name_zh, coalesce(the_firm->>'name_en', ''), the_firm->>'pinyin_key', '', false, nullif(lnk.region_code, ''),
            nullif(lnk.town_code, ''), array(select jsonb_array_elements_text(the_firm->'node_codes')), 'registered', lnk.is_demo, the_moment);
  insert into parties_organisationcode (org_id, claimed) values (the_org, lnk.uscc);
  foreach r in array array['org_admin', 'signatory', 'quality'] loop
    insert into parties_membership (id, person_id, person_name, org_id, org_name_zh, org_name_en, org_is_demo, role, valid_from)
      values (uuidv7(), the_person, person_name, the_org, lnk.name_zh, coalesce(the_firm->>'name_en', ''), lnk.is_demo, r, day);
  end loop;
  insert into suppliers_site (id, org_id, name_zh, name_en, address, region_code, town_code, node_codes, is_main, created_at)
    values (uuidv7(), the_org, lnk.name_zh, coalesce(the_firm->>'name_en', ''), lnk.address, lnk.region_code, lnk.town_code,
            array(select jsonb_array_elements_text(the_firm->'node_codes')), true, the_moment);
  if door_take(the_token, the_org, the_moment) is null then
    raise exception 'invitation_spent' using errcode = 'raise_exception';
  end if;
  return the_org;
end $$;
"""

DECLINE = """
create function door_decline(the_token text, the_moment timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare the_link uuid;
begin
  update suppliers_invitation set declined_at = the_moment
   where token_hash = the_token and used_at is null and revoked_at is null and declined_at is null and expires_at > the_moment
   returning link_id into the_link;
  update suppliers_supplylink set state = 'declined' where id = the_link and supplier_org_id is null;
  return the_link is not null;
end $$;
"""

CALLS = {
    "door_read(text)": (Hat.LOBBY, Hat.SUPPLIER, Hat.OWNER, Hat.BUREAU, Hat.LAB, Hat.PLATFORM),
    "door_grants(text)": (Hat.LOBBY, Hat.SUPPLIER, Hat.OWNER, Hat.BUREAU, Hat.LAB, Hat.PLATFORM),
    "door_take(text, uuid, timestamptz)": (Hat.SUPPLIER, Hat.OWNER),
    "door_found(text, uuid, jsonb, timestamptz)": (Hat.LOBBY,),
    "door_decline(text, timestamptz)": (Hat.LOBBY, Hat.SUPPLIER, Hat.OWNER),
}


def let_the_hats_knock(apps, schema_editor):
    for function, hats in CALLS.items():
        schema_editor.execute(f"revoke all on function {function} from public")
        for hat in hats:
            schema_editor.execute(f"grant execute on function {function} to {role_of(hat)}")


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0002_walls"),
        ("parties", "0002_walls"),
        ("records", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(READ, "drop function door_read(text)"),
        migrations.RunSQL(GIVES, "drop function door_grants(text)"),
        migrations.RunSQL(TAKE, "drop function door_take(text, uuid, timestamptz)"),
        migrations.RunSQL(FOUND, "drop function door_found(text, uuid, jsonb, timestamptz)"),
        migrations.RunSQL(DECLINE, "drop function door_decline(text, timestamptz)"),
        migrations.RunPython(let_the_hats_knock, migrations.RunPython.noop),
    ]
