"""An invented list as a chain owner would send it: seven columns, some rows twice, some codes that do not fit."""

from __future__ import annotations

import io
import random
from typing import Any

import openpyxl

from parties.uscc import check_character

HEADER = ["企业名称", "统一社会信用代码", "联系人", "手机号", "所属环节", "所在区", "地址"]
NODES = {"针织": "knitting", "印染": "dyeing", "服装": "garment", "家纺": "home", "纺纱": "spinning"}
REGIONS = {"海曙区": "330203", "鄞州区": "330212", "慈溪市": "330282", "奉化区": "330213"}
_CHARACTERS = "砚棠澜织云杼初经鹿岑青缎禾缕蔚绶拾纱岚彩纬锦绫罗绮缃黛霁晴朗川溪山海石林松竹梅兰恒丰泰和瑞祥永盛"
_TRADES = ["针织", "印染", "服饰", "纺织", "拉链", "家纺"]


def rows_of_a_list(many: int) -> list[list[str]]:
    """One row in a hundred stands twice, one in a hundred has a code that does not fit together. The same for the same length."""
    pick, rows = random.Random(many), []
    for n in range(many):
        if n % 100 == 50:
            rows.append(list(rows[-1]))
            continue
        body = f"0DEM0{n:012d}"
        code = body + check_character(body)
        if n % 100 == 75:
            code = code[:-1] + ("A" if code[-1] != "A" else "B")
        name = f"宁波{''.join(pick.choices(_CHARACTERS, k=3))}{pick.choice(_TRADES)}有限公司（示例）"
        rows.append([name, code, "周师傅", f"190{n:08d}", pick.choice(list(NODES)), pick.choice(list(REGIONS)), f"示例路{n + 1}号"])
    return rows


def ready(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """What a careful clerk would have left: the first of each code, only codes that fit, words as codes."""
    first: dict[str, tuple[str, ...]] = {}
    for name, code, contact, phone, node, region, address in rows:
        if check_character(code[:17]) == code[17]:
            first.setdefault(code, (name, code, contact, f"+86{phone}", NODES[node], REGIONS[region], address))
    return list(first.values())


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (HEADER, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
