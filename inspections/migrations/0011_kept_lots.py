"""Lots of watched series as they were reckoned, so that a night need not read every reading again; sums that are reckoned in one go."""

import django.db.models.deletion
from django.db import migrations, models

from foundation.scope import RowSecurity

# What a statement changed, as rows that count once (sign 1) or no more (sign -1); a row that was replaced by a correction counts not at all.
INSERTED = "select f.*, 1 as sign from fresh f where f.replaced_by is null"
UPDATED = """select b.*, -1 as sign from former b where b.replaced_by is null
      union all select f.*, 1 as sign from fresh f where f.replaced_by is null"""
# In the order of the key, so that two statements of many rows never wait for each other in a circle. Readings are taken out of their arrays in
# the list of columns and not in a join, which would write them down first.
COUNTED = """
    insert into inspections_resultrollup as kept (id, supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month,
      rows, n_readings, out_count, n_numeric, total, total_squared)
    select uuidv7(), supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month,
      sum(rows), sum(n_readings), sum(out_count), coalesce(sum(n_numeric), 0), coalesce(sum(total * scale), 0), coalesce(sum(total_squared * scale * scale), 0)
    from (
      select c.supplier_org_id, c.owner_org_id, c.characteristic_code, c.edition_code, c.unit, c.origin, date_trunc('month', c.made_on::timestamp)::date as month,
        (array[1, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001]::numeric[])[c.decimals + 1] as scale, sum(c.sign) as rows,
        sum(c.sign * (r.taken / c.width)) as n_readings, sum(c.sign * c.out_count) as out_count,
        sum(c.sign * r.exact) filter (where k.kind is not null) as n_numeric,
        sum(c.sign * r.total) filter (where k.kind is not null) as total,
        sum(c.sign * r.total_squared) filter (where k.kind is not null) as total_squared
      from ({changed}) c
      left join agreements_characteristic k on k.code = c.characteristic_code and k.kind in ('variable', 'attribute') and c.width = 1
      cross join lateral (
        select count(reading) as taken, count(exact) as exact, coalesce(sum(exact), 0) as total, coalesce(sum(exact * exact), 0) as total_squared
        from (
          select reading, case when sign is null or sign = '=' then reading::bigint end as exact
          from (select unnest(c.readings) as reading, unnest(c.qualifiers) as sign) u
        ) x
      ) r
      group by 1, 2, 3, 4, 5, 6, 7, 8
    ) by_scale
    group by supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month
    order by supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month
    on conflict (supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month) do update set
      rows = kept.rows + excluded.rows, n_readings = kept.n_readings + excluded.n_readings, out_count = kept.out_count + excluded.out_count,
      n_numeric = kept.n_numeric + excluded.n_numeric, total = kept.total + excluded.total,
      total_squared = kept.total_squared + excluded.total_squared;
    insert into inspections_watchedseries as kept (id, supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin)
    select uuidv7(), * from (
      select distinct supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin from ({changed}) c
    ) touched
    order by supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin
    on conflict (supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin) do update
      set is_due = true, touched = kept.touched + 1;
"""
KEEP_COUNTS = "".join(
    f"""
create or replace function {name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
{COUNTED.format(changed=changed)}
  return null;
end $$;
"""
    for name, changed in (("new_results_are_counted", INSERTED), ("replaced_results_count_no_more", UPDATED))
)
# A set of two hundred lots stays in its row, and is as short as it can be: nothing is gained by trying to compress it.
AS_IT_IS = """
alter table inspections_watchedlots alter column data set storage external;
alter table inspections_watchedlots set (toast_tuple_target = 8160);
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0010_consistency")]

    operations = [
        migrations.AddField("watchedseries", "touched", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.CreateModel(
            name="WatchedLots",
            fields=[
                (
                    "series",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kept",
                        serialize=False,
                        to="inspections.watchedseries",
                    ),
                ),
                ("supplier_org_id", models.UUIDField(db_index=True)),
                ("touched", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
            ],
        ),
        RowSecurity("inspections_watchedlots", clock="*: select insert update(touched,data)"),
        migrations.RunSQL(AS_IT_IS, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_COUNTS, migrations.RunSQL.noop),
    ]
