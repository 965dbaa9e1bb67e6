"""Two lines that are one firm: merged, and split again. Invitations by the thousand; what is said at the door when it is the wrong one."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import Grants, RowSecurity

_OLD = (
        "紡織廠製業針線絲綢麗華東國際貿實發興達進術設計蘭聖偉億龍鳳錦綉電機環裝飾產園藝紅縣鎮區寧慶與雲氈襪絨層團責無衛體價優質軟輕銀鋼鐵橋漢陽錢張陳"
        "趙孫楊黃劉馬葉倫澤豐勝紗緯經緞綿單帶鈕釦鏈輔範聯創藍綠順風飛鷹凱維納紹餘長寶鴻賢榮儀檢測驗務貨開關廣門間紙繩縫紉縐綸縷紋"
)
_NEW = (
        "纺织厂制业针线丝绸丽华东国际贸实发兴达进术设计兰圣伟亿龙凤锦绣电机环装饰产园艺红县镇区宁庆与云毡袜绒层团责无卫体价优质软轻银钢铁桥汉阳钱张陈"
        "赵孙杨黄刘马叶伦泽丰胜纱纬经缎绵单带纽扣链辅范联创蓝绿顺风飞鹰凯维纳绍余长宝鸿贤荣仪检测验务货开关广门间纸绳缝纫绉纶缕纹"
)
# What parties.names.normalised_name() does, for the index that finds twins; a test holds the two together.
ALIKE = f"""
create function name_core(the_name text) returns text language plpgsql immutable strict parallel safe as $$
declare whole text; bare text;
begin
  whole := lower(translate(normalize(
    translate(regexp_replace(the_name, '[\\s\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]+', '', 'g'),
              '（）〔〕［］【】「」', '()()()()()'), NFKC), '{_OLD}', '{_NEW}'));
  bare := regexp_replace(whole, '\\([^()]*\\)$', '');
  return coalesce(
    nullif(regexp_replace(bare, '(股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|集团|公司|工厂|厂|(co|company)\\.?,?(ltd|limited)?\\.?|ltd\\.?|limited|inc\\.?)$', ''), ''),
    nullif(bare, ''), whole);
end $$;
alter table suppliers_supplylink add column name_core text generated always as (name_core(name_zh)) stored;
create index link_by_name_core on suppliers_supplylink (owner_org_id, name_core, id) where merged_into_id is null;
"""
NOT_ALIKE = "alter table suppliers_supplylink drop column name_core; drop function name_core(text)"

# Both lines of a merge, and the line that another was taken into, are of the one owner.
OF_ONE_OWNER = """
alter table suppliers_supplylink add constraint merged_into_a_line_of_the_same_owner
  foreign key (merged_into_id, owner_org_id) references suppliers_supplylink (id, owner_org_id) deferrable initially immediate;
alter table suppliers_merge add constraint kept_line_is_the_owners_own
  foreign key (kept_id, owner_org_id) references suppliers_supplylink (id, owner_org_id) deferrable initially immediate;
alter table suppliers_merge add constraint absorbed_line_is_the_owners_own
  foreign key (absorbed_id, owner_org_id) references suppliers_supplylink (id, owner_org_id) deferrable initially immediate;
"""
NOT_OF_ONE_OWNER = """
alter table suppliers_supplylink drop constraint merged_into_a_line_of_the_same_owner;
alter table suppliers_merge drop constraint kept_line_is_the_owners_own;
alter table suppliers_merge drop constraint absorbed_line_is_the_owners_own;
"""

UNTIL = """
update suppliers_supplylink l set invited_until = i.expires_at
  from (select link_id, max(expires_at) as expires_at from suppliers_invitation where used_at is null group by link_id) i where i.link_id = l.id;
"""

# The line is locked before its invitation, as its owner's verbs do: the two never wait for each other. A line that was
# merged into another takes nobody in, whatever became of its invitation.
TAKE = """
create or replace function door_take(the_token text, the_org uuid, the_moment timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare inv suppliers_invitation; lnk suppliers_supplylink;
begin
  -- In a hat, a firm joins for itself alone. In the lobby nobody has a hat, and only door_found() comes here.
  if nullif(current_setting('app.org', true), '')::uuid <> the_org then
    return null;
  end if;
  select l.* into lnk from suppliers_supplylink l
    where l.id = (select i.link_id from suppliers_invitation i where i.token_hash = the_token) for update;
  select * into inv from suppliers_invitation where token_hash = the_token for update;
  if inv.id is null or inv.used_at is not null or inv.revoked_at is not null or inv.declined_at is not null
     or inv.expires_at <= the_moment then
    return null;
  end if;
  if lnk.supplier_org_id is not null or lnk.merged_into_id is not null or lnk.owner_org_id = the_org
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

# "This is not us", with a word of whoever says so. Nothing about the caller is kept.
DECLINE = """
create function door_decline(the_token text, the_word text, the_moment timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare the_link uuid;
begin
  perform 1 from suppliers_supplylink l
    where l.id = (select i.link_id from suppliers_invitation i where i.token_hash = the_token) for update;
  update suppliers_invitation set declined_at = the_moment, declined_word = left(the_word, 200)
   where token_hash = the_token and used_at is null and revoked_at is null and declined_at is null and expires_at > the_moment
   returning link_id into the_link;
  update suppliers_supplylink set state = 'declined' where id = the_link and supplier_org_id is null;
  return the_link is not null;
end $$;
"""


def let_the_hats_decline(apps, schema_editor):
    schema_editor.execute("revoke all on function door_decline(text, text, timestamptz) from public")
    for hat in (Hat.LOBBY, Hat.SUPPLIER, Hat.OWNER):
        schema_editor.execute(f"grant execute on function door_decline(text, text, timestamptz) to {role_of(hat)}")


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0005_list_at_work")]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("wrote", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("absorbed_state", models.CharField(max_length=10)),
                ("person_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.CharField(blank=True, default="", max_length=60)),
                ("stayed", models.JSONField(default=list)),
                ("absorbed", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merged_by", to="suppliers.supplylink")),
                ("kept", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="suppliers.supplylink")),
            ],
            options={
                "indexes": [models.Index(fields=["owner_org_id", "-at", "-id"], name="merge_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("absorbed",), name="line_is_absorbed_once_at_a_time"
                    )
                ],
            },
        ),
        migrations.AddField("invitation", "declined_word", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("invitation", "reminded_at", models.DateTimeField(blank=True, null=True)),
        Grants("suppliers_invitation", owner="update (reminded_at)"),
        migrations.AddField("supplylink", "invited_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "supplylink",
            "merged_into",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="absorbed", to="suppliers.supplylink"
            ),
        ),
        migrations.AddIndex(
            "supplylink",
            models.Index(
                condition=models.Q(("merged_into", None), ("state", "invited")), fields=["invited_until"], name="link_invitation_runs_out"
            ),
        ),
        migrations.AddConstraint(
            "supplylink",
            models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("supplier_org_id", None), models.Q(("merged_into", models.F("id")), _negated=True)),
                    _connector="OR",
                ),
                name="merged_line_has_met_no_firm",
            ),
        ),
        RowSecurity("suppliers_merge", owner="owner_org_id: select insert update(before,undone_at,undone_by,stayed)"),
        migrations.RunSQL(OF_ONE_OWNER, NOT_OF_ONE_OWNER),
        migrations.RunSQL(UNTIL, migrations.RunSQL.noop),
        migrations.RunSQL(ALIKE, NOT_ALIKE),
        migrations.RunSQL(TAKE, migrations.RunSQL.noop),
        migrations.RunSQL("drop function door_decline(text, timestamptz)", migrations.RunSQL.noop),
        migrations.RunSQL(DECLINE, "drop function door_decline(text, text, timestamptz)"),
        migrations.RunPython(let_the_hats_decline, migrations.RunPython.noop),
    ]
