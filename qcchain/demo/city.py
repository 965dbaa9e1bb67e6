"""The whole city for load and for the eye: as many firms as the chain has, over the demo's own; rows by COPY and INSERT … SELECT.

Each firm has a person, a site, a line in an invented owner's list; a quarter of them an agreement with duties, a fifth a
certificate, four in ten results of two lots. Agreements of the city carry states, days and duties and no text: the text costs what nobody reads at this scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from django.db import connection

from foundation.actor import Hat
from parties.models import OrganisationCode
from parties.names import pinyin_key
from parties.reference import regions
from qcchain.demo.firms import HAISHU, Firm, stable_id
from qcchain.demo.moments import Moments
from qcchain.demo.names import SEED, TRADES, codes, firm_name, long_names
from qcchain.demo.spread import above_scale_counts, chain_counts, haishu_counts
from records.models import Evidence
from suppliers.models import SupplyLink
from suppliers.services.grams import put_grams

COLUMNS = "number, org_id, name_zh, name_en, pinyin_key, size, above_scale, region, town, node, uscc, person, owner, failing, signs, holds"
TABLE = f"""
create temporary table city_firm (number int, org_id uuid, name_zh text, name_en text, pinyin_key text, size text, above_scale boolean, region text,
  town text, node text, uscc text, person text, owner uuid, failing real, signs boolean,
  holds boolean, person_id uuid default uuidv7(), link_id uuid default uuidv7(),
  stream_id uuid default uuidv7(), agreement_id uuid default uuidv7(), evidence_id uuid default uuidv7()) on commit drop;
copy city_firm ({COLUMNS}) from stdin
"""
_ORG = "f.org_id, f.name_zh, f.name_en"
_SIDES = "f.owner, f.org_id, o.name_zh, o.name_en, f.name_zh, f.name_en"
_NAMES = "owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en"
_OWNED = "from city_firm f join parties_organisation o on o.id = f.owner"
_SIGNED = f"{_OWNED} where f.signs"
STATEMENTS = (
    """insert into parties_organisation (id, name_zh, name_en, pinyin_key, size, above_scale, region_id, town_id, node_codes, state, is_demo, created_at)
       select f.org_id, f.name_zh, f.name_en, f.pinyin_key, f.size, f.above_scale, f.region, nullif(f.town, ''), array[f.node], 'verified', true, %(born)s
       from city_firm f""",
    "insert into parties_organisationcode (org_id, claimed, verified) select org_id, uscc, uscc from city_firm",
    "insert into parties_orgrole (id, org_id, hat) select uuidv7(), org_id, 'supplier' from city_firm",
    """insert into parties_person (id, username, name, password, locale, is_active, is_demo, created_at)
       select person_id, 'demo-city-' || number, person, '!demo', 'zh-hans', true, true, %(born)s from city_firm""",
    f"""insert into parties_membership (id, person_id, person_name, org_id, org_name_zh, org_name_en, org_is_demo, role, valid_from)
       select uuidv7(), f.person_id, f.person, {_ORG}, true, r.role, %(born)s from city_firm f cross join (values ('org_admin'), ('signatory')) r (role)""",
    f"""insert into suppliers_site (id, org_id, name_zh, name_en, address, region_code, town_code, node_codes, is_main, created_at)
       select uuidv7(), {_ORG}, '示例路 ' || f.number || ' 号', f.region, f.town, array[f.node], true, %(born)s from city_firm f""",
    """insert into suppliers_supplylink (id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, name_zh, name_en, pinyin_key, uscc, contact,
         phone, node_codes, region_code, town_code, address, state, is_demo, created_at, joined_at)
       select f.link_id, f.owner, f.org_id, o.name_zh, o.name_en, f.name_zh, f.name_en, f.pinyin_key, f.uscc, f.person, '', array[f.node], f.region,
         f.town, '示例路 ' || f.number || ' 号', 'joined', true, %(joined)s, %(joined)s """ + _OWNED,
    f"""insert into records_recordstream (id, {_NAMES}, opened_at, last_at) select f.stream_id, {_SIDES}, %(joined)s, %(joined)s {_SIGNED}""",
    f"""insert into agreements_agreement (id, number, {_NAMES}, link_id, stream_id, template_code, region_code, town_code, node_codes, state,
         effective_from, sent_at, signed_at, is_demo, created_at)
       select f.agreement_id, to_char(%(joined)s::timestamptz, '"QCA-"YYYY-') || (10000 + f.number), {_SIDES}, f.link_id, f.stream_id, 'garment-1', f.region, f.town, array[f.node], 'in_force',
         (%(joined)s::timestamptz + interval '20 days')::date, %(joined)s::timestamptz + interval '5 days', %(joined)s::timestamptz + interval '15 days',
         true, %(joined)s::timestamptz + f.number * interval '1 second' {_SIGNED}""",
    """insert into agreements_obligation (id, agreement_id, owner_org_id, supplier_org_id, clause_id, kind, side, key, created_at, due_on, met_on, met_at)
       select uuidv7(), d.agreement_id, d.owner, d.org_id, uuidv7(), case d.side when 'owner' then 'owner_duty' else 'document' end, d.side, 'city-' || n,
         %(joined)s, d.due_on, case when d.is_met then d.due_on - d.number %% 6 end,
         case when d.is_met then (d.due_on - d.number %% 6 + time '09:00') at time zone 'Asia/Shanghai' end
       from (
         select f.*, n, case n %% 2 when 0 then 'owner' else 'supplier' end as side, %(today)s::date - 330 + n * 65 + f.number %% 60 as due_on,
           (f.number * 7 + n * 13) %% 100 < 94 and %(today)s::date - 330 + n * 65 + f.number %% 60 < %(today)s::date as is_met
         from city_firm f cross join generate_series(1, 6) n where f.signs
       ) d""",
    """insert into records_evidence (id, org_id, kind, mime, name, size, sha256, shared_sha256, original_path, shared_path, taken_at, received_at, counts_from,
         person_name, client_id)
       select f.evidence_id, f.org_id, e.kind, e.mime, '证书.jpg', e.size, e.sha256, e.shared_sha256, e.original_path, e.shared_path, '', %(joined)s,
         %(joined)s::date, f.person, 'city-' || f.number from city_firm f cross join records_evidence e where e.id = %(picture)s and f.holds""",
    """insert into suppliers_paper (id, org_id, kind, standard, number, scope, issuer, issued_on, expires_on, evidence_id, state, filed_at)
       select uuidv7(), f.org_id, 'certificate', 'iso_9001', 'DEMO-' || f.number, '', '示例认证机构', %(today)s::date - 400,
         %(today)s::date - 60 + f.number %% 720, f.evidence_id, 'verified', %(joined)s from city_firm f where f.holds""",
    """insert into inspections_lot (id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en, lot_no, product_code, product,
         colour, node_code, made_on, quantity, unit, state, state_since, token, note, registered_by, registered_at, client_id, is_demo)
       select uuidv7(), f.org_id, '', '', f.name_zh, f.name_en, 'CITY-' || f.number || '-' || n, 'P-1', '示例产品', '', f.node,
         %(today)s::date - (f.number * 31 + n * 170) %% 380 - 1, 500, 'kg', 'released', %(joined)s,
         substr(md5('city' || f.number || '-' || n), 1, 22), '', f.person, %(joined)s, uuidv7(), true
       from city_firm f cross join generate_series(1, 2) n where f.number %% 5 < 2""",
    """insert into inspections_characteristicresult (id, lot_id, supplier_org_id, org_id, product_code, made_on, characteristic_code, edition_code, unit,
         readings, decimals, measured_at, received_at, origin, entered_via, instrument, verdict, out_count, marks, said_key, said)
       select uuidv7(), l.id, l.supplier_org_id, l.supplier_org_id, l.product_code, l.made_on, c.code, c.edition, c.unit,
         array[c.target + d.away, c.target + d.away / 2, c.target], c.decimals, l.made_on + time '15:00', l.made_on + time '16:00', 'self', 'web', '',
         case when d.is_out then 'out' else 'in' end, d.is_out::int, '{}', uuidv7(), uuidv7()
       from inspections_lot l join city_firm f on f.org_id = l.supplier_org_id
       cross join (values ('PH', 'GB/T 7573-2009', '', 66, 1, 22), ('DIM', 'GB/T 8630-2013', '%%', -21, 1, 30), ('CF-RUB', 'GB/T 3920-2008', '', 40, 1, -20),
         ('FIB-CON', 'GB/T 2910', '%%', 950, 1, 80)) c (code, edition, unit, target, decimals, off)
       cross join lateral (select abs(hashtext(l.lot_no || c.code)) %% 1000 < f.failing * 1000 as is_out) h
       cross join lateral (select h.is_out, case when h.is_out then c.off else abs(hashtext(l.lot_no || c.code || 'x')) %% 5 end as away) d
       where (f.number + length(c.code)) %% 2 = 0""",
)  # fmt: skip


def fill_city(firms: Sequence[Firm], moments: Moments) -> int:
    """Everybody who is not there yet; how many they are. As the database owner."""
    rows = list(_rows(firms))
    picture = Evidence.objects.filter(kind="jpeg").order_by("id").values_list("pk", flat=True).first()
    facts = {"born": moments.ago(900), "joined": moments.ago(420), "today": moments.today, "picture": picture}
    create, copy_in = TABLE.strip().rsplit(";", 1)
    with connection.cursor() as cursor:
        cursor.execute(create)
        with cursor.copy(copy_in) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("analyze city_firm")
        for statement in STATEMENTS:
            cursor.execute(statement, facts)
        cursor.execute("select owner, link_id, name_zh from city_firm order by number")
        named = cursor.fetchall()
    for owner in dict.fromkeys(owner for owner, _link, _name in named):
        put_grams(owner, [(link, name) for by, link, name in named if by == owner])
    return len(rows)


def _rows(firms: Sequence[Firm]) -> Iterator[tuple[object, ...]]:
    """One firm a row, cell by cell, until every cell of the given counts is full."""
    random, names, above = Random(SEED), long_names(), above_scale_counts()
    owners = [firm.id for firm in firms if firm.hat == Hat.OWNER and not firm.is_neutral]
    towns = _towns_left(firms, random)
    given = {*OrganisationCode.objects.values_list("claimed", flat=True), *SupplyLink.objects.values_list("uscc", flat=True)}
    fresh = (code for code in codes(SEED + 1) if code not in given)
    number = 1
    for (region, node), whole in chain_counts().items():
        there = [firm for firm in firms if firm.region == region and node in firm.nodes]
        large = above[region, node] - sum(firm.above_scale for firm in there)
        failing = random.choice((0.01, 0.02, 0.03, 0.05, 0.08, 0.13))
        signing, holding = random.uniform(0.12, 0.38), random.uniform(0.08, 0.3)
        for place in range(whole - len(there)):
            name, is_large = firm_name(next(names), *TRADES[node]), place < large
            size = (
                random.choice(("medium", "medium", "large")) if is_large else random.choice(("micro", "micro", "micro", "small", "small"))
            )
            town = towns[region].pop() if towns.get(region) else ""
            yield (
                number, stable_id("city", str(number)), name.zh, name.en, pinyin_key(name.zh)[:200], size, is_large, region, town, node, next(fresh),
                f"{name.zh[2]}师傅", owners[number % len(owners)], failing, random.random() < signing,
                random.random() < holding,
            )  # fmt: skip
            number += 1


def _towns_left(firms: Sequence[Firm], random: Random) -> dict[str, list[str]]:
    """A town for each firm to come: Haishu's as they are counted, elsewhere as the seed says."""
    left: dict[str, list[str]] = {}
    by_name = {row.name_zh: row.code for row in regions() if row.parent == HAISHU}
    there = [firm.town for firm in firms if firm.region == HAISHU]
    left[HAISHU] = [code for name, n in haishu_counts().items() for code in [by_name[name]] * max(0, n - there.count(by_name[name]))]
    for (region, _node), n in chain_counts().items():
        if region != HAISHU and (towns := [row.code for row in regions() if row.parent == region]):
            left.setdefault(region, []).extend(random.choices(towns, k=n))
    for towns in left.values():
        random.shuffle(towns)
    return left
