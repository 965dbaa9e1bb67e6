"""Statistics of the chain that the bureau handed in: the same file for every story, so taken once."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from foundation.actor import as_actor
from oversight.chain import day_before_quarter, quarter_of
from oversight.services.chain_map import StatSaid, import_chain_counts
from tests.cast import actor

FILE = "地区,环节,规模,企业数,规上,产值档\n" + "".join(
    f"{place},{node},{size},{firms},{firms // 9},{band}\n"
    for place, firms, band in (("海曙区", 41, 3), ("鄞州区", 38, 2), ("高新区", 3, 1))
    for node in ("针织", "纺纱")
    for size in ("小型", "中型")
)


def statistics_handed_in(now: datetime) -> None:
    """Of the quarter that is over."""
    officer = actor("zhou")
    last = day_before_quarter(quarter_of(timezone.localdate(now)))
    said = StatSaid(quarter_of(last), "全市统计（示例）", last)
    with as_actor(officer):
        import_chain_counts(actor=officer, said=said, file_name=f"{officer.org_name_zh}.csv", data=FILE.encode(), now=now)
