"""What a statement of results adds up to is reckoned in one pass over its rows; its series follow from the sums, which are few."""

from django.db import migrations

# What a statement changed, as rows that count once (sign 1) or no more (sign -1); a row that was replaced by a correction counts not at all.
INSERTED = "select f.*, 1 as sign from fresh f where f.replaced_by is null"
UPDATED = """select b.*, -1 as sign from former b where b.replaced_by is null
        union all select f.*, 1 as sign from fresh f where f.replaced_by is null"""
# Nearly all sets have no qualifiers, and are spared the question. Readings are taken out of their arrays in the list of columns and not in a
# join, which would write them down first. In the order of the key, so that two statements never wait for each other in a circle.
COUNTED = """
  with changed as materialized (
    select supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin,
      date_trunc('month', made_on::timestamp)::date as month, width, decimals, sum(sign) as rows, sum(sign * (taken / width)) as n_readings,
      sum(sign * out_count) as out_count, sum(sign * exact) as exact, sum(sign * total) as total, sum(sign * total_squared) as total_squared
    from (
      select c.*, r.*
      from ({changed}) c
      cross join lateral (
        select count(reading) as taken, count(reading) as exact, coalesce(sum(reading), 0) as total,
          coalesce(sum(reading::bigint * reading), 0) as total_squared
        from (select unnest(c.readings) as reading) u
      ) r
      where c.qualifiers is null
      union all
      select c.*, r.*
      from ({changed}) c
      cross join lateral (
        select count(reading) as taken, count(exact) as exact, coalesce(sum(exact), 0) as total, coalesce(sum(exact * exact), 0) as total_squared
        from (
          select reading, case when sign is null or sign = '=' then reading::bigint end as exact
          from (select unnest(c.readings) as reading, unnest(c.qualifiers) as sign) u
        ) x
      ) r
      where c.qualifiers is not null
    ) sets
    group by supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin, month, width, decimals
  ), added as (
    insert into inspections_resultrollup as kept (id, supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month,
      rows, n_readings, out_count, n_numeric, total, total_squared)
    select uuidv7(), c.supplier_org_id, c.owner_org_id, c.characteristic_code, c.edition_code, c.unit, c.origin, c.month,
      sum(c.rows), sum(c.n_readings), sum(c.out_count), coalesce(sum(c.exact) filter (where k.kind is not null), 0),
      coalesce(sum(c.total * c.scale) filter (where k.kind is not null), 0),
      coalesce(sum(c.total_squared * c.scale * c.scale) filter (where k.kind is not null), 0)
    from (select *, (array[1, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001]::numeric[])[decimals + 1] as scale from changed) c
    left join agreements_characteristic k on k.code = c.characteristic_code and k.kind in ('variable', 'attribute') and c.width = 1
    group by 2, 3, 4, 5, 6, 7, 8
    order by 2, 3, 4, 5, 6, 7, 8
    on conflict (supplier_org_id, owner_org_id, characteristic_code, edition_code, unit, origin, month) do update set
      rows = kept.rows + excluded.rows, n_readings = kept.n_readings + excluded.n_readings, out_count = kept.out_count + excluded.out_count,
      n_numeric = kept.n_numeric + excluded.n_numeric, total = kept.total + excluded.total,
      total_squared = kept.total_squared + excluded.total_squared
  )
  insert into inspections_watchedseries as kept (id, supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin)
  select uuidv7(), * from (
    select distinct supplier_org_id, owner_org_id, characteristic_code, product_code, edition_code, unit, origin from changed
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


class Migration(migrations.Migration):
    dependencies = [("inspections", "0013_held_along")]

    operations = [migrations.RunSQL(KEEP_COUNTS, migrations.RunSQL.noop)]
