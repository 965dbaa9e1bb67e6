"""One photo filed twice by one firm: the same bytes. Asked of the firm alone, in the words of any likeness."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from foundation.actor import Hat, acting_as
from inspections.models import Signal
from inspections.services.signals_kept import settle_todos
from inspections.signals import Kind
from parties.models import Organisation

LOOKED_BACK = timedelta(days=2)  # a tick that was missed is made up for by the next
TWICE = """
select later.org_id, later.sha256, array_agg(same.id order by same.received_at, same.id), array_agg(same.name order by same.received_at, same.id),
  array_agg(to_char(same.received_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') order by same.received_at, same.id)
from (select distinct org_id, sha256 from records_evidence where received_at > %s and kind in ('jpeg', 'png', 'webp')) later
join records_evidence same using (org_id, sha256)
where not exists (select from inspections_signal s where s.supplier_org_id = later.org_id and s.kind = 'photo' and s.key = later.sha256)
group by 1, 2 having count(*) > 1
"""


@transaction.atomic
def find_photos_alike(*, now: datetime) -> int:
    """Ask about every photo that was filed again in the last days; each is asked about once."""
    with acting_as(Hat.CLOCK):
        with connection.cursor() as cursor:
            cursor.execute(TWICE, [now - LOOKED_BACK])
            found = cursor.fetchall()
        firms = Organisation.objects.in_bulk({row[0] for row in found})
        rows = [
            Signal(
                supplier_org_id=org_id, supplier_name_zh=firms[org_id].name_zh, supplier_name_en=firms[org_id].name_en, kind=Kind.PHOTO, key=sha256,
                facts={"files": [str(each) for each in ids], "names": names, "days": days}, harm=2, certainty=3, rank=6, found_at=now,
                is_demo=firms[org_id].is_demo,
            )
            for org_id, sha256, ids, names, days in found
        ]  # fmt: skip
        Signal.objects.bulk_create(rows, ignore_conflicts=True)
        settle_todos({(row.supplier_org_id, None) for row in rows}, now)
    return len(rows)
