"""Campaigns by rule, the list of policy tools, and reports whose figures stay."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

STAYS = """
create function policy_uses_are_counted() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update oversight_policytool p set n_used = (select count(*) from oversight_policyuse u where u.policy_id = p.id) / 5 * 5
  where p.id in (select policy_id from changed);
  return null;
end $$;
create trigger policy_uses_are_counted after insert on oversight_policyuse
  referencing new table as changed for each statement execute function policy_uses_are_counted();
create trigger policy_use_is_kept before update or delete or truncate on oversight_policyuse execute function record_is_append_only();
create function campaign_uptake_is_counted() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into oversight_campaignuptake (campaign_id, org_id, told, seen, done, passed)
      select c.id, c.org_id, count(*), 0, 0, 0 from fresh f join oversight_campaign c on c.id = f.campaign_id group by c.id, c.org_id
    on conflict (campaign_id) do update set told = oversight_campaignuptake.told + excluded.told;
  else
    update oversight_campaignuptake t set seen = t.seen + d.seen, done = t.done + d.done, passed = t.passed + d.passed
    from (
      select n.campaign_id, count(*) filter (where n.seen_at is not null and o.seen_at is null) as seen,
        count(*) filter (where n.done_at is not null) - count(*) filter (where o.done_at is not null) as done,
        count(*) filter (where n.passed_at is not null) - count(*) filter (where o.passed_at is not null) as passed
      from fresh n join stale o using (id) group by n.campaign_id
    ) d where d.campaign_id = t.campaign_id;
  end if;
  return null;
end $$;
create trigger campaign_told_is_counted after insert on oversight_campaignreach
  referencing new table as fresh for each statement execute function campaign_uptake_is_counted();
create trigger campaign_uptake_is_counted after update on oversight_campaignreach
  referencing new table as fresh old table as stale for each statement execute function campaign_uptake_is_counted();
create trigger sent_campaign_stays before update or delete on oversight_campaign
  for each row when (old.state <> 'draft') execute function only_named_columns_move('state', 'stopped_by', 'stopped_at');
create trigger report_is_kept before update or delete or truncate on oversight_report execute function record_is_append_only();
create trigger report_file_is_kept before update or delete or truncate on oversight_reportfile execute function record_is_append_only();
"""
EVERYBODY = {"lab": "*: select", "provider": "*: select", "platform": "*: select", "owner": "*: select", "supplier": "*: select"}
TOLD = "exists (select from oversight_campaignreach r where r.campaign_id = oversight_campaign.id)"


def _narrow(apps, schema_editor):
    for hat in EVERYBODY:
        schema_editor.execute(
            f"create policy {hat}_reads_what_is_published on oversight_policytool as restrictive for select to {role_of(Hat(hat))} using (state <> 'draft')"
        )
    for hat in ("owner", "supplier"):  # the wall of the reach lets a firm see its own lines only
        schema_editor.execute(
            f"create policy {hat}_reads_what_it_was_told on oversight_campaign as restrictive for select to {role_of(Hat(hat))} using ({TOLD})"
        )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0005_duty")]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("org_name_zh", models.CharField(max_length=80)),
                ("org_name_en", models.CharField(blank=True, max_length=120)),
                ("title_zh", models.CharField(max_length=60)),
                ("title_en", models.CharField(blank=True, max_length=120)),
                ("message_zh", models.TextField()),
                ("message_en", models.TextField(blank=True)),
                ("task_zh", models.CharField(max_length=200)),
                ("task_en", models.CharField(blank=True, max_length=300)),
                ("due_on", models.DateField()),
                ("rule", models.JSONField(default=dict)),
                ("problem_id", models.UUIDField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("sending", "Sending"), ("sent", "Sent"), ("stopped", "Stopped")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("created_by", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                ("sent_by", models.CharField(blank=True, max_length=60)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_by", models.CharField(blank=True, max_length=60)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("client_id", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="CampaignUptake",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="uptake",
                        serialize=False,
                        to="oversight.campaign",
                    ),
                ),
                ("org_id", models.UUIDField()),
                ("told", models.PositiveIntegerField(default=0)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("passed", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PolicyTool",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
                ("title_zh", models.CharField(max_length=80)),
                ("title_en", models.CharField(blank=True, max_length=160)),
                ("eligible_zh", models.TextField()),
                ("eligible_en", models.TextField(blank=True)),
                ("apply_zh", models.TextField()),
                ("apply_en", models.TextField(blank=True)),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("rule", models.JSONField(default=dict)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")], default="draft", max_length=10
                    ),
                ),
                ("n_used", models.PositiveIntegerField(default=0, editable=False)),
                ("changed_by", models.CharField(max_length=60)),
                ("changed_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("client_id", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "kind", "-created_at", "-id"], name="policy_by_kind")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "client_id"), name="policy_is_drafted_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="policy_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="policy",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="campaigns", to="oversight.policytool"
            ),
        ),
        migrations.CreateModel(
            name="PolicyUse",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("policy", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="oversight.policytool")),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("org_name_zh", models.CharField(max_length=80)),
                ("org_name_en", models.CharField(blank=True, max_length=120)),
                ("period", models.CharField(max_length=7)),
                ("language", models.CharField(max_length=8)),
                ("words", models.TextField(blank=True)),
                ("parts", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("as_of", models.DateTimeField()),
                ("made_by", models.CharField(max_length=60)),
                ("client_id", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["org_id", "-as_of", "-id"], name="report_newest")],
                "constraints": [models.UniqueConstraint(fields=("org_id", "client_id"), name="report_is_made_once")],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("extension", models.CharField(max_length=4)),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="files", to="oversight.report")),
            ],
        ),
        migrations.CreateModel(
            name="CampaignReach",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("told_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("passed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reaches", to="oversight.campaign"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["org_id", "-told_at", "-id"], name="campaign_of_firm")],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "org_id"), name="campaign_tells_a_firm_once"),
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("passed_at", None), _connector="OR"), name="task_is_done_or_passed_on"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["org_id", "-created_at", "-id"], name="campaign_newest"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(fields=("org_id", "client_id"), name="campaign_is_drafted_once"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("sent_at__isnull", False), _connector="OR"), name="sent_campaign_has_its_moment"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyuse",
            constraint=models.UniqueConstraint(fields=("policy", "org_id"), name="firm_uses_a_policy_once"),
        ),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.UniqueConstraint(fields=("report", "extension"), name="report_has_a_file_of_a_kind_once"),
        ),
        RowSecurity("oversight_policytool", bureau=["*: select", "org_id: insert update"], clock="*: select", **EVERYBODY),
        RowSecurity("oversight_policyuse", owner="org_id: select insert", supplier="org_id: select insert"),
        RowSecurity(
            "oversight_campaign",
            bureau="org_id: select insert update delete",
            owner="*: select",
            supplier="*: select",
            clock="*: select update(state)",
        ),
        RowSecurity(
            "oversight_campaignreach",
            owner="org_id: select update(seen_at,done_at,passed_at)",
            supplier="org_id: select update(seen_at,done_at,passed_at)",
            clock="*: select insert",
        ),
        RowSecurity("oversight_campaignuptake", bureau="org_id: select"),
        RowSecurity("oversight_report", bureau="org_id: select insert"),
        RowSecurity("oversight_reportfile", bureau="org_id: select insert"),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
        migrations.RunPython(_narrow, migrations.RunPython.noop),
    ]
