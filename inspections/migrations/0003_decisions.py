"""What is decided about lots, and changes that are told. No state of a lot is jumped, whoever writes it."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

# From where to where a lot may go. What is not named here is refused to every hat, the clock's too.
LOT_MOVES = """
create function lot_moves_as_the_rules_say() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare step text := old.state || ' ' || new.state;
begin
  -- A lot that is made of others takes their state in the moment it is registered.
  if old.state = 'registered' and new.state in ('inspecting', 'released') and new.state_since = old.registered_at then
    return new;
  end if;
  if step not in (
    'registered inspecting', 'registered held',
    'inspecting released', 'inspecting held', 'inspecting not_accepted',
    'released held', 'concession held', 'concession not_accepted', 'regraded held', 'regraded scrapped',
    'held inspecting', 'held released', 'held concession', 'held not_accepted', 'held regraded', 'held scrapped',
    'not_accepted inspecting', 'not_accepted released', 'not_accepted concession', 'not_accepted regraded', 'not_accepted scrapped'
  ) then
    raise exception 'a lot does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if old.state = 'held' and exists (select from inspections_hold h where h.lot_id = old.id and h.ended_at is null) then
    raise exception 'a lot on hold stays where it is until every hold has ended' using errcode = 'restrict_violation';
  end if;
  if new.state = 'concession' and not exists (select from inspections_concession c where c.lot_id = old.id and c.state = 'granted') then
    raise exception 'no concession was granted for this lot' using errcode = 'restrict_violation';
  end if;
  if step = 'not_accepted released' and not exists (
    select from inspections_arbitration a where a.lot_id = old.id and a.state = 'decided' and a.verdict = 'meets'
  ) then
    raise exception 'only arbitration releases a lot that was not accepted' using errcode = 'restrict_violation';
  end if;
  if step not in ('registered inspecting', 'registered held') and not exists (
    select from inspections_lotdecision d where d.lot_id = old.id and d.to_state = new.state and d.at = new.state_since
  ) then
    raise exception 'a lot changes its state by a decision' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger lot_moves_as_the_rules_say before update of state on inspections_lot
  for each row when (old.state is distinct from new.state) execute function lot_moves_as_the_rules_say();
"""
SIDES = """
create function only_named_columns_move() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (to_jsonb(new) - tg_argv) = (to_jsonb(old) - tg_argv) then
    return new;
  end if;
  raise exception 'what was said here stays' using errcode = 'restrict_violation';
end $$;
""" + "".join(
    f"alter table inspections_{table} add constraint {table}_is_of_its_lots_maker "
    "foreign key (lot_id, supplier_org_id) references inspections_lot (id, supplier_org_id);"
    f"alter table inspections_{table} add constraint {table}_is_of_its_lots_customer "
    "foreign key (lot_id, owner_org_id) references inspections_lot (id, owner_org_id);"
    for table in ("lotdecision", "hold", "concession", "arbitration")
) + """
alter table inspections_changereply add constraint change_reply_is_of_its_notices_firm
  foreign key (change_id, supplier_org_id) references inspections_changenotice (id, supplier_org_id);
alter table inspections_changereply add constraint change_reply_has_the_sides_of_its_link
  foreign key (link_id, owner_org_id, supplier_org_id) references suppliers_supplylink (id, owner_org_id, supplier_org_id);
alter table inspections_changereply add constraint change_reply_has_the_sides_of_its_stream
  foreign key (stream_id, owner_org_id, supplier_org_id) references records_recordstream (id, owner_org_id, supplier_org_id);
create trigger lot_decision_is_kept before update or delete or truncate on inspections_lotdecision execute function record_is_append_only();
create trigger hold_stays_as_said before update or delete on inspections_hold
  for each row execute function only_named_columns_move('ended_as', 'ended_by', 'ended_at');
create trigger ended_hold_is_kept before update on inspections_hold
  for each row when (old.ended_at is not null) execute function record_is_append_only();
create trigger concession_stays_as_said before update or delete on inspections_concession for each row
  execute function only_named_columns_move('state', 'due_on', 'granted_quantity', 'until', 'answer', 'answered_by', 'answered_at');
create trigger settled_concession_is_kept before update on inspections_concession
  for each row when (old.state in ('refused', 'withdrawn', 'lapsed')) execute function record_is_append_only();
create trigger arbitration_stays_as_said before update or delete on inspections_arbitration for each row
  execute function only_named_columns_move('state', 'owner_said', 'supplier_said', 'verdict', 'verdict_reason', 'decided_at');
create trigger decided_arbitration_is_kept before update on inspections_arbitration
  for each row when (old.state in ('decided', 'declined', 'withdrawn')) execute function record_is_append_only();
create trigger sample_stays_as_sent before update or delete on inspections_arbitrationsample for each row
  execute function only_named_columns_move('state', 'verdict', 'verdict_reason', 'answered_at');
create trigger change_reply_stays_as_said before update or delete on inspections_changereply for each row
  execute function only_named_columns_move('state', 'why', 'answered_by', 'answered_at', 'effective_on');
create trigger holds_are_kept before truncate on inspections_hold execute function record_is_append_only();
create trigger concessions_are_kept before truncate on inspections_concession execute function record_is_append_only();
create trigger arbitrations_are_kept before truncate on inspections_arbitration execute function record_is_append_only();
create trigger change_replies_are_kept before truncate on inspections_changereply execute function record_is_append_only();

create function sent_change_stays_as_said() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare moves text[] := array['state', 'settled_on', 'effective_on'];
begin
  if tg_op = 'DELETE' or (old.state <> 'draft' and (to_jsonb(new) - moves) <> (to_jsonb(old) - moves)) then
    raise exception 'a change that was told stays as it was told' using errcode = 'restrict_violation';
  end if;
  if new.settled_on is not null and exists (select from inspections_changereply r where r.change_id = new.id and r.state = 'waiting') then
    raise exception 'a change waits until every customer has answered or its days ran out' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger sent_change_stays_as_said before update or delete on inspections_changenotice
  for each row execute function sent_change_stays_as_said();
create function answered_change_reply_stays() returns trigger language plpgsql as $$
begin
  if old.state <> 'waiting' and (new.state, new.why, new.answered_by, new.answered_at) is distinct from (old.state, old.why, old.answered_by, old.answered_at) then
    raise exception 'an answer to a change is given once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger answered_change_reply_stays before update on inspections_changereply
  for each row execute function answered_change_reply_stays();
"""


def decide_as_oneself(apps, schema_editor):
    """A hat writes decisions and holds of its own side only."""
    for hat in (Hat.OWNER, Hat.SUPPLIER):
        for table in ("lotdecision", "hold"):
            schema_editor.execute(
                f"create policy decided_by_oneself_{hat} on inspections_{table} as restrictive for insert to {role_of(hat)} with check (side = '{hat}')"
            )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_walls"), ("records", "0003_why_a_file_is_shown"), ("suppliers", "0010_lists_of_grams")]

    operations = [
        migrations.AddConstraint(
            model_name="lot", constraint=models.UniqueConstraint(fields=("id", "owner_org_id"), name="lot_names_its_customer")
        ),
        migrations.CreateModel(
            name='Arbitration',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner_org_id', models.UUIDField()),
                ('supplier_org_id', models.UUIDField()),
                ('lab_org_id', models.UUIDField(blank=True, null=True)),
                ('lab_name_zh', models.CharField(max_length=120)),
                ('lab_name_en', models.CharField(blank=True, max_length=160)),
                ('asked_side', models.CharField(max_length=8)),
                ('characteristic_code', models.CharField(max_length=20)),
                ('edition_code', models.CharField(blank=True, max_length=40)),
                ('sample_code', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('accepted', 'Accepted'), ('decided', 'Decided'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='asked', max_length=10)),
                ('why', models.CharField(max_length=500)),
                ('asked_by', models.CharField(max_length=60)),
                ('asked_at', models.DateTimeField()),
                ('owner_said', models.CharField(blank=True, max_length=6)),
                ('supplier_said', models.CharField(blank=True, max_length=6)),
                ('verdict', models.CharField(blank=True, choices=[('meets', 'Meets'), ('fails', 'Fails')], max_length=6)),
                ('verdict_reason', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('client_id', models.UUIDField()),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='arbitrations', to='inspections.lot')),
            ],
        ),
        migrations.CreateModel(
            name='ChangeNotice',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('supplier_org_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('people', 'People'), ('machine', 'Machine'), ('material', 'Material'), ('method', 'Method'), ('environment', 'Environment'), ('subcontractor', 'Subcontractor')], max_length=14)),
                ('products', models.CharField(max_length=200)),
                ('was', models.CharField(max_length=500)),
                ('becomes', models.CharField(max_length=500)),
                ('planned_on', models.DateField()),
                ('photo_id', models.UUIDField(blank=True, null=True)),
                ('photo_hash', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('effective', 'Effective'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('drafted_by', models.CharField(max_length=60)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('settled_on', models.DateField(blank=True, null=True)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('client_id', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(fields=['supplier_org_id', '-planned_on', '-id'], name='change_of_supplier')],
                'constraints': [models.UniqueConstraint(fields=('supplier_org_id', 'client_id'), name='change_is_drafted_once'), models.UniqueConstraint(fields=('id', 'supplier_org_id'), name='change_names_its_supplier'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'effective'), _negated=True), models.Q(('effective_on__isnull', False), ('settled_on__isnull', False)), _connector='OR'), name='change_waits_for_every_reply')],
            },
        ),
        migrations.CreateModel(
            name='ChangeReply',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('clause_id', models.UUIDField()),
                ('owner_org_id', models.UUIDField()),
                ('supplier_org_id', models.UUIDField()),
                ('owner_name_zh', models.CharField(max_length=80)),
                ('owner_name_en', models.CharField(blank=True, max_length=120)),
                ('supplier_name_zh', models.CharField(max_length=80)),
                ('supplier_name_en', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(choices=[('people', 'People'), ('machine', 'Machine'), ('material', 'Material'), ('method', 'Method'), ('environment', 'Environment'), ('subcontractor', 'Subcontractor')], max_length=14)),
                ('products', models.CharField(max_length=200)),
                ('was', models.CharField(max_length=500)),
                ('becomes', models.CharField(max_length=500)),
                ('planned_on', models.DateField()),
                ('photo_id', models.UUIDField(blank=True, null=True)),
                ('photo_hash', models.CharField(blank=True, max_length=64)),
                ('sent_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('accepted', 'Accepted'), ('accepted_with_trial', 'Accepted With Trial'), ('refused', 'Refused'), ('lapsed', 'Lapsed'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('answered_by', models.CharField(blank=True, max_length=60)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='inspections.changenotice')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplylink')),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.recordstream')),
            ],
        ),
        migrations.CreateModel(
            name='Concession',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner_org_id', models.UUIDField()),
                ('supplier_org_id', models.UUIDField()),
                ('clause_id', models.UUIDField()),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], default='asked', max_length=10)),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14)),
                ('why', models.CharField(max_length=500)),
                ('asked_by', models.CharField(max_length=60)),
                ('asked_at', models.DateTimeField()),
                ('due_on', models.DateField(blank=True, null=True)),
                ('granted_quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('answered_by', models.CharField(blank=True, max_length=60)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('client_id', models.UUIDField()),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='concessions', to='inspections.lot')),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner_org_id', models.UUIDField(blank=True, null=True)),
                ('supplier_org_id', models.UUIDField()),
                ('side', models.CharField(max_length=8)),
                ('by_cqo', models.BooleanField()),
                ('was', models.CharField(max_length=12)),
                ('why_code', models.CharField(blank=True, max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('held_by', models.CharField(max_length=60)),
                ('held_at', models.DateTimeField()),
                ('ended_as', models.CharField(blank=True, max_length=12)),
                ('ended_by', models.CharField(blank=True, max_length=60)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='inspections.lot')),
            ],
        ),
        migrations.CreateModel(
            name='LotDecision',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner_org_id', models.UUIDField(blank=True, null=True)),
                ('supplier_org_id', models.UUIDField()),
                ('side', models.CharField(max_length=8)),
                ('kind', models.CharField(choices=[('hold', 'Hold'), ('lift', 'Lift'), ('release', 'Release'), ('not_accept', 'Not Accept'), ('rework', 'Rework'), ('regrade', 'Regrade'), ('scrap', 'Scrap'), ('concession', 'Concession'), ('lapse', 'Lapse'), ('arbitration', 'Arbitration')], max_length=12)),
                ('from_state', models.CharField(max_length=12)),
                ('to_state', models.CharField(max_length=12)),
                ('as_cqo', models.BooleanField(default=False)),
                ('why_code', models.CharField(blank=True, max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('new_grade', models.CharField(blank=True, max_length=60)),
                ('quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('decided_by', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='inspections.lot')),
            ],
        ),
        migrations.CreateModel(
            name='ArbitrationSample',
            fields=[
                ('arbitration', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sample', serialize=False, to='inspections.arbitration')),
                ('lab_org_id', models.UUIDField()),
                ('sample_code', models.CharField(max_length=16)),
                ('product', models.CharField(max_length=120)),
                ('characteristic_code', models.CharField(max_length=20)),
                ('edition_code', models.CharField(blank=True, max_length=40)),
                ('bounds', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('accepted', 'Accepted'), ('decided', 'Decided'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='asked', max_length=10)),
                ('verdict', models.CharField(blank=True, choices=[('meets', 'Meets'), ('fails', 'Fails')], max_length=6)),
                ('verdict_reason', models.CharField(blank=True, max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['lab_org_id', '-arbitration'], name='sample_of_laboratory')],
            },
        ),
        migrations.AddConstraint(
            model_name='arbitration',
            constraint=models.UniqueConstraint(fields=('lot', 'client_id'), name='arbitration_is_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='arbitration',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'accepted'])), fields=('lot',), name='one_arbitration_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='arbitration',
            constraint=models.CheckConstraint(condition=models.Q(('lab_org_id', None), models.Q(models.Q(('lab_org_id', models.F('owner_org_id')), _negated=True), models.Q(('lab_org_id', models.F('supplier_org_id')), _negated=True)), _connector='OR'), name='arbiter_is_of_neither_side'),
        ),
        migrations.AddConstraint(
            model_name='arbitration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'decided'), _negated=True), models.Q(('verdict', ''), _negated=True), _connector='OR'), name='decided_arbitration_has_a_verdict'),
        ),
        migrations.AddIndex(
            model_name='changereply',
            index=models.Index(fields=['owner_org_id', '-planned_on', '-id'], name='change_reply_of_owner'),
        ),
        migrations.AddIndex(
            model_name='changereply',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_on'], name='change_reply_waits'),
        ),
        migrations.AddConstraint(
            model_name='changereply',
            constraint=models.UniqueConstraint(fields=('change', 'link'), name='customer_is_told_of_a_change_once'),
        ),
        migrations.AddConstraint(
            model_name='changereply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='refused_change_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='changereply',
            constraint=models.CheckConstraint(condition=models.Q(('effective_on', None), models.Q(('state__in', ['waiting', 'refused', 'withdrawn']), _negated=True), _connector='OR'), name='no_change_against_a_refusal'),
        ),
        migrations.AddConstraint(
            model_name='concession',
            constraint=models.UniqueConstraint(fields=('lot', 'client_id'), name='concession_is_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='concession',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'granted'])), fields=('lot',), name='one_concession_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='concession',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='concession_has_a_quantity'),
        ),
        migrations.AddConstraint(
            model_name='concession',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'refused', 'withdrawn']), models.Q(('granted_quantity__gt', 0), ('until__isnull', False)), _connector='OR'), name='granted_concession_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='concession',
            constraint=models.CheckConstraint(condition=models.Q(('granted_quantity', None), ('granted_quantity__lte', models.F('quantity')), _connector='OR'), name='no_more_granted_than_asked'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('lot', 'side', 'by_cqo'), name='side_holds_a_lot_once'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['owner', 'supplier'])), name='hold_is_of_a_side'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('by_cqo', False), ('ended_as__in', ['', 'cqo', 'arbitration', 'not_accepted']), _connector='OR'), name='officers_hold_beats_everyone'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_as', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('ended_as', ''), _negated=True)), _connector='OR'), name='ended_hold_says_how'),
        ),
        migrations.AddIndex(
            model_name='lotdecision',
            index=models.Index(fields=['lot', 'at'], name='decision_of_lot'),
        ),
        migrations.AddConstraint(
            model_name='lotdecision',
            constraint=models.UniqueConstraint(fields=('lot', 'side', 'client_id'), name='lot_decision_is_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='lotdecision',
            constraint=models.CheckConstraint(condition=models.Q(('quantity', None), ('quantity__gt', 0), _connector='OR'), name='decided_quantity_is_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='lotdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'regrade'), _negated=True), models.Q(('new_grade', ''), _negated=True), _connector='OR'), name='regraded_lot_has_a_grade'),
        ),
        RowSecurity(
            "inspections_lotdecision",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select insert",
        ),
        RowSecurity(
            "inspections_hold",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select update(ended_as,ended_by,ended_at)",
        ),
        RowSecurity(
            "inspections_concession",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select insert",
            clock="*: select update(state,due_on,granted_quantity,until,answer,answered_by,answered_at)",
        ),
        RowSecurity(
            "inspections_arbitration",
            owner="owner_org_id: select insert",
            supplier="supplier_org_id: select insert",
            clock="*: select update(state,owner_said,supplier_said,verdict,verdict_reason,decided_at)",
        ),
        RowSecurity(
            "inspections_arbitrationsample",
            lab="lab_org_id: select",
            clock="*: select insert update(state,verdict,verdict_reason,answered_at)",
        ),
        RowSecurity(
            "inspections_changenotice",
            supplier="supplier_org_id: select insert update(kind,products,was,becomes,planned_on,photo_id,photo_hash,state,sent_at)",
            clock="*: select update(state,settled_on,effective_on)",
        ),
        RowSecurity(
            "inspections_changereply",
            owner="owner_org_id: select",
            supplier="supplier_org_id: select",
            clock="*: select insert update(state,why,answered_by,answered_at,effective_on)",
        ),
        migrations.RunSQL(SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(LOT_MOVES, migrations.RunSQL.noop),
        migrations.RunPython(decide_as_oneself, migrations.RunPython.noop),
    ]
