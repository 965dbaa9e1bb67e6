"""Joint actions of a relation: both sides read them, and what was said in them stays."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.scope import RowSecurity

SAME_SIDES = """
alter table inspections_jointaction add constraint joint_action_has_the_sides_of_its_link
  foreign key (link_id, owner_org_id, supplier_org_id) references suppliers_supplylink (id, owner_org_id, supplier_org_id);
alter table inspections_jointaction add constraint joint_action_has_the_sides_of_its_stream
  foreign key (stream_id, owner_org_id, supplier_org_id) references records_recordstream (id, owner_org_id, supplier_org_id);
create function said_in_an_action_stays() returns trigger language plpgsql as $$
declare moves text[] := array['state', 'answer', 'answered_by', 'answered_at', 'outcome', 'closed_by', 'closed_at'];
begin
  if tg_op = 'UPDATE' and (to_jsonb(new) - moves) = (to_jsonb(old) - moves)
    and (old.answered_at is null or (new.answer, new.answered_by, new.answered_at) = (old.answer, old.answered_by, old.answered_at))
    and old.closed_at is null then
    return new;
  end if;
  raise exception 'what was said in a joint action stays' using errcode = 'restrict_violation';
end $$;
create trigger said_in_an_action_stays before update or delete on inspections_jointaction
  for each row execute function said_in_an_action_stays();
create trigger joint_actions_are_kept before truncate on inspections_jointaction execute function record_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0009_results_more"), ("records", "0003_why_a_file_is_shown"), ("suppliers", "0010_lists_of_grams")]

    operations = [
        migrations.CreateModel(
            name='JointAction',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner_org_id', models.UUIDField()),
                ('supplier_org_id', models.UUIDField()),
                ('owner_name_zh', models.CharField(max_length=80)),
                ('owner_name_en', models.CharField(blank=True, max_length=120)),
                ('supplier_name_zh', models.CharField(max_length=80)),
                ('supplier_name_en', models.CharField(blank=True, max_length=120)),
                ('characteristic_code', models.CharField(max_length=20)),
                ('edition_code', models.CharField(blank=True, max_length=40)),
                ('unit', models.CharField(blank=True, max_length=24)),
                ('aim', models.TextField()),
                ('facts', models.JSONField()),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('closed', 'Closed')], default='open', max_length=8)),
                ('opened_by', models.CharField(max_length=60)),
                ('opened_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.CharField(blank=True, max_length=60)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True)),
                ('closed_by', models.CharField(blank=True, max_length=60)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('client_id', models.UUIDField()),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joint_actions', to='suppliers.supplylink')),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.recordstream')),
            ],
            options={
                'indexes': [models.Index(fields=['owner_org_id', '-opened_at', '-id'], name='joint_action_of_owner'), models.Index(fields=['supplier_org_id', '-opened_at', '-id'], name='joint_action_of_supplier')],
                'constraints': [models.UniqueConstraint(fields=('link', 'client_id'), name='joint_action_is_opened_once'), models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('answer', ''), _negated=True), ('state', 'closed'), _connector='OR'), name='answered_action_has_words')],
            },
        ),
        RowSecurity(
            "inspections_jointaction",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select",
            clock="*: select update(state,answer,answered_by,answered_at,outcome,closed_by,closed_at)",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
    ]
