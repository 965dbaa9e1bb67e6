"""20,000 suppliers of one owner and a fifth as many of another, each with its agreements and their obligations."""

from __future__ import annotations

from typing import Any

from tests.cast import BORN, BY_NAME

LINKS = """
insert into suppliers_supplylink (id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, name_zh, name_en, pinyin_key, uscc, contact,
  phone, node_codes, region_code, town_code, address, state, is_demo, created_at, joined_at)
select uuidv7(), %(owner)s, gen_random_uuid(), %(owner_zh)s, '', '宁波' || md5(n::text) || '纺织有限公司（示例）', 'Ningbo mill ' || n,
  'ningbo ' || md5(n::text), '0DEM0' || lpad(n::text, 12, '0') || %(mark)s, '联系人' || n, '+8619' || lpad(n::text, 9, '0'),
  array['knitting'], '330203', '330203009', '示例路 ' || n || ' 号', 'joined', true, %(born)s, %(born)s
from generate_series(1, %(many)s) n
"""
STREAMS = """
insert into records_recordstream (id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en, opened_at, last_at)
select uuidv7(), owner_org_id, supplier_org_id, owner_name_zh, '', name_zh, name_en, created_at, created_at
from suppliers_supplylink where supplier_org_id is not null
"""
# Every third supplier has an older agreement beside the newest; every tenth has none yet.
AGREEMENTS = """
insert into agreements_agreement (id, number, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en,
  link_id, stream_id, template_code, region_code, town_code, node_codes, state, effective_from, effective_to, sent_at, signed_at, is_demo, created_at)
select uuidv7(), left(l.id::text, 18) || right(l.id::text, 6) || '-' || k, l.owner_org_id, l.supplier_org_id, l.owner_name_zh, '', l.name_zh, l.name_en,
  l.id, s.id, 'garment-1', '330203', '330203009', l.node_codes, case k when 1 then 'in_force' else 'expired' end,
  current_date - 300 * k, current_date - 300 * k + 365, l.created_at, l.created_at, true, l.created_at - k * interval '300 days'
from suppliers_supplylink l
join records_recordstream s on s.owner_org_id = l.owner_org_id and s.supplier_org_id = l.supplier_org_id
cross join generate_series(1, 2) k
where (k = 1 or hashtext(l.uscc) % 3 = 0) and hashtext(l.uscc) % 10 <> 0
"""
# Eight a piece over both sides: kept, kept late, overdue, to come, waived.
OBLIGATIONS = """
insert into agreements_obligation (id, agreement_id, owner_org_id, supplier_org_id, clause_id, kind, side, key, created_at, due_on, met_at, met_on, waived_at)
select uuidv7(), a.id, a.owner_org_id, a.supplier_org_id, gen_random_uuid(), 'document', case when k % 4 = 0 then 'owner' else 'supplier' end,
  'k' || k, a.created_at, due, case when met is not null then met::timestamptz end, met, case when k = 7 then a.created_at end
from agreements_agreement a cross join generate_series(1, 8) k
cross join lateral (select current_date - 240 + 40 * k as due) d
cross join lateral (select case when k in (1, 2, 4) then due - 3 when k = 3 and hashtext(a.number) % 2 = 0 then due + 5 end as met) m
"""


def fill(connection: Any, *, many: int) -> None:
    """Write the lists of Chen (many) and Fang (a fifth of that). As the superuser."""
    for who, count, mark in (("chen", many, "A"), ("fang", many // 5, "B")):
        firm = BY_NAME[who]
        connection.execute(LINKS, {"owner": firm.org_id, "owner_zh": firm.org_zh, "many": count, "mark": mark, "born": BORN})
    for statement in (STREAMS, AGREEMENTS, OBLIGATIONS):
        connection.execute(statement)
    connection.execute("analyze")
