"""Offers, requests and the copies that providers read, with their walls. No state of a request is jumped, whoever writes it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import MoreRules, RowSecurity

MOVES = """
create function service_moves_as_the_rules_say() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'a request for help is kept' using errcode = 'restrict_violation';
  end if;
  if old.state <> new.state and (old.state || ' ' || new.state) not in (
    'new offered', 'new withdrawn', 'offered accepted', 'offered withdrawn', 'accepted in_service', 'accepted withdrawn',
    'in_service delivered', 'delivered confirmed', 'delivered disputed', 'disputed delivered', 'disputed confirmed', 'confirmed rated'
  ) then
    raise exception 'a request for help does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if (new.org_id, new.kind, new.need, new.facts, new.subject_id) is distinct from (old.org_id, old.kind, old.need, old.facts, old.subject_id) then
    raise exception 'what was asked stays as it was asked' using errcode = 'restrict_violation';
  end if;
  if old.state = 'rated' and to_jsonb(new) <> to_jsonb(old) then
    raise exception 'a rating is given once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger service_moves_as_the_rules_say before update or delete on onestop_servicerequest
  for each row execute function service_moves_as_the_rules_say();
create trigger services_are_kept before truncate on onestop_servicerequest execute function record_is_append_only();
create trigger service_calls_are_kept before delete or truncate on onestop_servicecall execute function record_is_append_only();
"""
MINE = "provider_org_id = nullif(current_setting('app.org', true), '')::uuid"
OFFERS = [
    f"create policy published_offers_{hat} on onestop_serviceoffer as restrictive for select to {role_of(hat)} using (state = 'published')"
    for hat in (Hat.OWNER, Hat.SUPPLIER, Hat.BUREAU, Hat.PLATFORM)
] + [
    f"create policy published_offers_and_ones_own_{hat} on onestop_serviceoffer as restrictive for select to {role_of(hat)} "
    f"using (state = 'published' or {MINE})"
    for hat in (Hat.LAB, Hat.PROVIDER)
]
# A firm reads who was called of its own requests: the wall of the request is the wall of its calls.
CALLS = [
    f"create policy calls_of_ones_own_{hat} on onestop_servicecall as restrictive for select to {role_of(hat)} "
    "using (exists (select 1 from onestop_servicerequest asked where asked.id = request_id))"
    for hat in (Hat.OWNER, Hat.SUPPLIER)
]
OFFERED = "kind,title,about,price_note,answer_hours,service_days,capacity,node_codes,state"
MOVED = (
    "state,answered_at,escalated_at,provider_org_id,provider_name_zh,provider_name_en,accepted_at,deliver_by,started_at,delivered_at,why,"
    "disputes,confirmed_at,rated_at,satisfaction,rating_words,answer_minutes,answer_due_at"
)
CALLED = (
    "state,stage,clock_at,price,days,words,answered_at,answered_by,firm_name_zh,firm_name_en,contact,phone,photo_id,report,files,why,"
    "satisfaction,rating_words"
)
# Of a request the bureau reads how it goes; not whose it is, nor a word of it.
STATES = (
    "id,kind,node_code,region_code,state,created_at,answer_due_at,answered_at,escalated_at,offer_id,provider_org_id,provider_name_zh,"
    "provider_name_en,accepted_at,deliver_by,started_at,delivered_at,disputes,confirmed_at,rated_at,satisfaction,answer_minutes,is_demo"
)


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_provider"), ("audits", "0012_provider"), ("inspections", "0012_results_by_the_million"), ("records", "0005_provider")]

    operations = [
        migrations.CreateModel(
            name='ServiceOffer',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('provider_org_id', models.UUIDField()),
                ('provider_hat', models.CharField(max_length=8)),
                ('provider_name_zh', models.CharField(max_length=80)),
                ('provider_name_en', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(choices=[('standards', 'Standards'), ('metrology', 'Metrology'), ('certification', 'Certification'), ('testing', 'Testing'), ('quality', 'Quality'), ('property', 'Property'), ('brand', 'Brand'), ('registration', 'Registration'), ('credit', 'Credit')], max_length=14)),
                ('title', models.CharField(max_length=80)),
                ('about', models.CharField(max_length=1000)),
                ('price_note', models.CharField(max_length=200)),
                ('answer_hours', models.PositiveSmallIntegerField()),
                ('service_days', models.PositiveSmallIntegerField()),
                ('capacity', models.PositiveSmallIntegerField()),
                ('node_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('paused', 'Paused')], default='draft', max_length=10)),
                ('n_rated', models.PositiveIntegerField(default=0)),
                ('n_first_pass', models.PositiveIntegerField(default=0)),
                ('n_satisfied', models.PositiveIntegerField(default=0)),
                ('answer_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'published')), fields=['kind', '-created_at', '-id'], name='offer_published'), models.Index(fields=['provider_org_id', '-created_at', '-id'], name='offer_of_provider')],
                'constraints': [models.UniqueConstraint(fields=('provider_org_id', 'client_id'), name='offer_is_made_once'), models.CheckConstraint(condition=models.Q(('answer_hours__gte', 1), ('service_days__gte', 1), ('capacity__gte', 1)), name='offer_has_hours_days_and_room'), models.CheckConstraint(condition=models.Q(('n_first_pass__lte', models.F('n_rated')), ('n_satisfied__lte', models.F('n_rated'))), name='offer_counts_no_more_than_rated')],
            },
        ),
        migrations.CreateModel(
            name='ServiceRequest',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('org_id', models.UUIDField()),
                ('hat', models.CharField(max_length=8)),
                ('org_name_zh', models.CharField(max_length=80)),
                ('org_name_en', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(choices=[('standards', 'Standards'), ('metrology', 'Metrology'), ('certification', 'Certification'), ('testing', 'Testing'), ('quality', 'Quality'), ('property', 'Property'), ('brand', 'Brand'), ('registration', 'Registration'), ('credit', 'Credit')], max_length=14)),
                ('need', models.CharField(max_length=1000)),
                ('node_code', models.CharField(blank=True, max_length=12)),
                ('region_code', models.CharField(blank=True, max_length=12)),
                ('about', models.CharField(blank=True, max_length=14)),
                ('subject_id', models.UUIDField(blank=True, null=True)),
                ('facts', models.JSONField(default=dict)),
                ('photo_id', models.UUIDField(blank=True, null=True)),
                ('contact', models.CharField(max_length=60)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('offer_id', models.UUIDField(blank=True, null=True)),
                ('wanted_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('new', 'New'), ('offered', 'Offered'), ('accepted', 'Accepted'), ('in_service', 'In Service'), ('delivered', 'Delivered'), ('disputed', 'Disputed'), ('confirmed', 'Confirmed'), ('rated', 'Rated'), ('withdrawn', 'Withdrawn')], default='new', max_length=10)),
                ('asked_by', models.CharField(max_length=60)),
                ('created_at', models.DateTimeField()),
                ('answer_due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('escalated_at', models.DateTimeField(blank=True, null=True)),
                ('provider_org_id', models.UUIDField(blank=True, null=True)),
                ('provider_name_zh', models.CharField(blank=True, max_length=80)),
                ('provider_name_en', models.CharField(blank=True, max_length=120)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('deliver_by', models.DateField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('disputes', models.PositiveSmallIntegerField(default=0)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('rated_at', models.DateTimeField(blank=True, null=True)),
                ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('rating_words', models.CharField(blank=True, max_length=500)),
                ('answer_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('client_id', models.UUIDField()),
            ],
            options={
                'indexes': [models.Index(fields=['org_id', '-created_at', '-id'], name='service_of_firm'), models.Index(fields=['-created_at', '-id'], name='service_newest'), models.Index(condition=models.Q(('escalated_at', None), ('state', 'new')), fields=['answer_due_at'], name='service_untouched')],
                'constraints': [models.UniqueConstraint(fields=('org_id', 'client_id'), name='service_is_asked_for_once'), models.CheckConstraint(condition=models.Q(('state__in', ['new', 'offered', 'withdrawn']), models.Q(('accepted_at__isnull', False), ('provider_org_id__isnull', False)), _connector='OR'), name='service_in_work_has_a_provider'), models.CheckConstraint(condition=models.Q(('provider_org_id', models.F('org_id')), _negated=True), name='nobody_serves_itself'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['confirmed', 'rated']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='settled_service_was_confirmed'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'rated'), _negated=True), models.Q(('satisfaction__gte', 1), ('satisfaction__lte', 5)), _connector='OR'), name='rating_is_one_to_five')],
            },
        ),
        migrations.CreateModel(
            name='ServiceCall',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('provider_org_id', models.UUIDField()),
                ('provider_hat', models.CharField(max_length=8)),
                ('provider_name_zh', models.CharField(max_length=80)),
                ('provider_name_en', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(choices=[('standards', 'Standards'), ('metrology', 'Metrology'), ('certification', 'Certification'), ('testing', 'Testing'), ('quality', 'Quality'), ('property', 'Property'), ('brand', 'Brand'), ('registration', 'Registration'), ('credit', 'Credit')], max_length=14)),
                ('need', models.CharField(max_length=1000)),
                ('node_code', models.CharField(blank=True, max_length=12)),
                ('region_code', models.CharField(blank=True, max_length=12)),
                ('facts', models.JSONField(default=dict)),
                ('wanted_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('quoted', 'Quoted'), ('passed', 'Passed'), ('handed_over', 'Handed Over'), ('chosen', 'Chosen'), ('not_chosen', 'Not Chosen'), ('withdrawn', 'Withdrawn')], default='asked', max_length=12)),
                ('stage', models.CharField(choices=[('new', 'New'), ('offered', 'Offered'), ('accepted', 'Accepted'), ('in_service', 'In Service'), ('delivered', 'Delivered'), ('disputed', 'Disputed'), ('confirmed', 'Confirmed'), ('rated', 'Rated'), ('withdrawn', 'Withdrawn')], default='new', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('clock_at', models.DateTimeField()),
                ('price', models.CharField(blank=True, max_length=200)),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('words', models.CharField(blank=True, max_length=1000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.CharField(blank=True, max_length=60)),
                ('firm_name_zh', models.CharField(blank=True, max_length=80)),
                ('firm_name_en', models.CharField(blank=True, max_length=120)),
                ('contact', models.CharField(blank=True, max_length=60)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('photo_id', models.UUIDField(blank=True, null=True)),
                ('report', models.CharField(blank=True, max_length=1000)),
                ('files', models.JSONField(default=list)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('rating_words', models.CharField(blank=True, max_length=500)),
                ('is_demo', models.BooleanField(default=False)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='onestop.servicerequest')),
            ],
            options={
                'indexes': [models.Index(fields=['provider_org_id', 'clock_at', 'id'], name='call_by_clock'), models.Index(fields=['provider_org_id', '-asked_at', '-id'], name='call_newest')],
                'constraints': [models.UniqueConstraint(fields=('request', 'provider_org_id'), name='provider_is_called_once'), models.UniqueConstraint(condition=models.Q(('state', 'chosen')), fields=('request',), name='one_provider_is_chosen'), models.CheckConstraint(condition=models.Q(('state', 'chosen'), models.Q(('contact', ''), ('firm_name_zh', ''), ('phone', '')), _connector='OR'), name='only_the_chosen_learn_who_asks'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['quoted', 'chosen']), _negated=True), models.Q(models.Q(('price', ''), _negated=True), ('days__gte', 1)), _connector='OR'), name='quote_has_price_and_days')],
            },
        ),
        RowSecurity(
            "onestop_serviceoffer",
            owner="*: select",
            supplier="*: select",
            bureau="*: select",
            platform="*: select",
            lab=["*: select", f"provider_org_id: insert update({OFFERED})"],
            provider=["*: select", f"provider_org_id: insert update({OFFERED})"],
            clock="*: select update(n_rated,n_first_pass,n_satisfied,answer_minutes)",
        ),
        RowSecurity(
            "onestop_servicerequest",
            owner="org_id: select insert",
            supplier="org_id: select insert",
            bureau=f"*: select({STATES})",
            clock=f"*: select update({MOVED})",
        ),
        RowSecurity(
            "onestop_servicecall",
            owner="*: select",
            supplier="*: select",
            lab="provider_org_id: select",
            provider="provider_org_id: select",
            clock=f"*: select insert update({CALLED})",
        ),
        # What a provider delivers is filed among the firm's own files.
        MoreRules("records_evidence", clock="*: insert select"),
        migrations.RunSQL([MOVES, *OFFERS, *CALLS], migrations.RunSQL.noop),
    ]
