"""Rows that are no data: blank ones, a header again, and below the data the totals, means and notes."""

import re
from collections.abc import Callable, Sequence

from inspections.reading.shapes import Cell, Record
from inspections.reading.texts import fold

_TOTALS = re.compile(
    r"^(合计|总计|共计|小计|总和|累计|平均值?|均值|标准差|标准偏差|极差|最大值?|最小值?|变异系数|"
    r"grandtotal|subtotal|total|sum|mean|average|avg|max|min|stdev|std|range|cv)($|[:：(（%\d].*)",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"^(备注|附注|说明|注意事项|注意|注释|注|填表说明|填写说明|填报说明|填表人|填报人|制表人|制表|审核人|审核|审批|批准|检验员?|检测人员?|"
    r"负责人签字|签字|盖章|以下空白|notes?|remarks?|nb|preparedby|endofreport)($|[:：.．、,，(（\d一二三①②③※*].*)",
    re.IGNORECASE,
)


def tail_reasons(records: Sequence[Record], is_data: Callable[[Record], bool]) -> dict[int, str]:
    """Number of a record → why it is no data, from the end upward to the first that carries a lot.

    `is_data` says of a record that its lot is known: then it is data, whatever else it says.
    """
    reasons: dict[int, str] = {}
    pending: list[int] = []  # lone lines that are notes only if a note stands above them
    for record in reversed(records):
        label = label_of(record.cells)
        if not label:
            continue
        if is_data(record):
            break
        if _TOTALS.match(label):
            reasons[record.number] = "totals_row"
        elif _NOTES.match(label):
            reasons |= {record.number: "notes_row"} | dict.fromkeys(pending, "notes_row")
            pending = []
        elif sum(1 for cell in record.cells if fold(cell)) == 1:
            pending.append(record.number)
        else:
            break
    return reasons


def label_of(cells: Sequence[Cell]) -> str:
    return next(("".join(text.split()) for cell in cells if (text := fold(cell))), "")
