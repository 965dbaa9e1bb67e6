"""The sample that both sides keep. A draft is its side's own; what is sealed is not changed, and binds until its last day or a newer one."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SAME_SIDES = """
alter table agreements_sealedsample add constraint sample_has_the_sides_of_its_link
  foreign key (link_id, owner_org_id, supplier_org_id) references suppliers_supplylink (id, owner_org_id, supplier_org_id);
alter table agreements_sealedsample add constraint sample_has_the_sides_of_its_stream
  foreign key (stream_id, owner_org_id, supplier_org_id) references records_recordstream (id, owner_org_id, supplier_org_id);
alter table agreements_sealedsample add constraint sample_shown_has_a_stream check (stream_id is not null or state in ('draft', 'withdrawn'));
"""

# From the offer on only what follows may move: where it stands, who has confirmed and holds a half, and the days that come of it.
OFFERED = """
create function offered_sample_is_not_changed() returns trigger language plpgsql as $$
declare moves text[] := array['state', 'owner_confirmed_at', 'owner_confirmed_by', 'owner_holder', 'supplier_confirmed_at',
  'supplier_confirmed_by', 'supplier_holder', 'sealed_on', 'ended_on', 'replaced_by_id', 'reminded_on'];
begin
  if tg_op = 'DELETE' then
    raise exception 'a sealed sample is kept' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'draft' or new.owner_confirmed_at is not null or new.supplier_confirmed_at is not null then
      raise exception 'a sample begins as a draft' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (current_user like '%hat_owner' and (new.supplier_confirmed_at, new.supplier_confirmed_by) is distinct from (old.supplier_confirmed_at, old.supplier_confirmed_by))
    or (current_user like '%hat_supplier' and (new.owner_confirmed_at, new.owner_confirmed_by) is distinct from (old.owner_confirmed_at, old.owner_confirmed_by)) then
    raise exception 'nobody confirms for the other side' using errcode = 'insufficient_privilege';
  end if;
  if old.state = 'draft' or (old.state = 'offered' and (to_jsonb(new) - moves) = (to_jsonb(old) - moves)) then
    return new;
  elsif old.state = 'sealed' and (to_jsonb(new) - array['state', 'ended_on', 'replaced_by_id', 'reminded_on'])
      = (to_jsonb(old) - array['state', 'ended_on', 'replaced_by_id', 'reminded_on']) then
    return new;
  end if;
  raise exception 'a sample that was offered is not changed' using errcode = 'restrict_violation';
end $$;
create trigger offered_sample_is_not_changed before insert or update or delete on agreements_sealedsample
  for each row execute function offered_sample_is_not_changed();
create trigger samples_are_kept before truncate on agreements_sealedsample execute function record_is_append_only();
"""


def hide_drafts(apps, schema_editor):
    for hat, side in ((Hat.OWNER, "owner"), (Hat.SUPPLIER, "supplier")):
        schema_editor.execute(
            f"create policy draft_is_its_sides_{hat} on agreements_sealedsample as restrictive for all to {role_of(hat)} "
            f"using (state not in ('draft', 'withdrawn') or drafted_by = '{side}')"
        )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0008_duties"), ("suppliers", "0008_verification"), ("records", "0003_why_a_file_is_shown")]

    operations = [
        migrations.CreateModel(
            name="SealedSample",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("owner_name_zh", models.CharField(max_length=80)),
                ("owner_name_en", models.CharField(blank=True, max_length=120)),
                ("supplier_name_zh", models.CharField(max_length=80)),
                ("supplier_name_en", models.CharField(blank=True, max_length=120)),
                ("drafted_by", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")], max_length=8)),
                ("client_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("offered", "Offered"),
                            ("sealed", "Sealed"),
                            ("replaced", "Replaced"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("product", models.CharField(max_length=120)),
                ("colour", models.CharField(max_length=60)),
                ("lab_l", models.DecimalField(decimal_places=2, max_digits=6)),
                ("lab_a", models.DecimalField(decimal_places=2, max_digits=6)),
                ("lab_b", models.DecimalField(decimal_places=2, max_digits=6)),
                ("illuminant", models.CharField(max_length=4)),
                ("observer", models.PositiveSmallIntegerField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("owner_holder", models.CharField(blank=True, max_length=80)),
                ("supplier_holder", models.CharField(blank=True, max_length=80)),
                ("photo_id", models.UUIDField(blank=True, null=True)),
                ("photo_sha256", models.CharField(blank=True, max_length=64)),
                ("owner_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("owner_confirmed_by", models.CharField(blank=True, max_length=60)),
                ("supplier_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("supplier_confirmed_by", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
                ("sealed_on", models.DateField(blank=True, null=True)),
                ("expires_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("reminded_on", models.DateField(blank=True, null=True)),
                ("link", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="suppliers.supplylink")),
                (
                    "stream",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.recordstream"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="agreements.sealedsample",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner_org_id", "-created_at", "-id"], name="sample_of_owner"),
                    models.Index(fields=["supplier_org_id", "-created_at", "-id"], name="sample_of_supplier"),
                    models.Index(condition=models.Q(("state", "sealed")), fields=["expires_on", "id"], name="sample_by_last_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("link", "drafted_by", "client_id"), name="sample_is_drafted_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "sealed")), fields=("link", "product", "colour"), name="one_sample_binds_a_colour"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sealed"), _negated=True),
                            models.Q(
                                ("owner_confirmed_at__isnull", False),
                                ("sealed_on__isnull", False),
                                ("supplier_confirmed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sample_is_sealed_by_both",
                    ),
                    models.CheckConstraint(condition=models.Q(("lab_l__gte", 0), ("lab_l__lte", 100)), name="lightness_from_0_to_100"),
                    models.CheckConstraint(condition=models.Q(("observer__in", [2, 10])), name="observer_is_2_or_10_degrees"),
                    models.CheckConstraint(
                        condition=models.Q(("sealed_on", None), ("expires_on__gte", models.F("sealed_on")), _connector="OR"),
                        name="sample_binds_a_day_at_least",
                    ),
                ],
            },
        ),
        RowSecurity(
            "agreements_sealedsample",
            owner="owner_org_id: select insert update",
            supplier="supplier_org_id: select insert update",
            clock="*: select update(state,ended_on,replaced_by_id,reminded_on)",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(OFFERED, migrations.RunSQL.noop),
        migrations.RunPython(hide_drafts, migrations.RunPython.noop),
    ]
