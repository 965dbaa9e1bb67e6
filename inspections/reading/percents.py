"""Which cells of a sheet are formatted as a percentage: what reads 98.5 % is kept in the file as 0.985."""

import io
import re
import zipfile
from xml.etree import ElementTree

_BUILT_IN = frozenset({"9", "10"})
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.')
_CELL = re.compile(rb"""<(?:\w+:)?c\b([^>]*)>""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]+\d+)["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def percent_cells(data: bytes, sheet: str | None) -> frozenset[str]:
    """Places such as E9 of a workbook that read_workbook() has checked and read."""
    try:
        return _percent_cells(data, sheet)
    except (ElementTree.ParseError, KeyError):
        return frozenset()  # what says nothing of its formats has none


def _percent_cells(data: bytes, sheet: str | None) -> frozenset[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        if "xl/styles.xml" not in names:
            return frozenset()
        styles = _percent_styles(package.read("xl/styles.xml"))
        part = _part_of(package, sheet) if styles else None
        return frozenset(_places(package.read(part), styles)) if part in names and part else frozenset()


def _percent_styles(xml: bytes) -> set[bytes]:
    root = ElementTree.fromstring(xml)  # noqa: S314 - a checked package declares no entities
    own = {_local(each, "numFmtId"): _local(each, "formatCode") for each in root.iter() if each.tag.endswith("}numFmt")}
    percent = _BUILT_IN | {number for number, code in own.items() if "%" in _NOT_SHOWN.sub("", code)}
    cells = next((each for each in root if each.tag.endswith("}cellXfs")), None)
    if cells is None:
        return set()
    return {str(at).encode() for at, style in enumerate(cells) if _local(style, "numFmtId") in percent}


def _local(element: ElementTree.Element, name: str) -> str:
    return element.attrib.get(name, "")


def _part_of(package: zipfile.ZipFile, sheet: str | None) -> str | None:
    workbook = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - a checked package declares no entities
    relation = next(
        (each.attrib.get(_RELATION) for each in workbook.iter() if each.tag.endswith("}sheet") and _local(each, "name") == sheet), None
    )
    if relation is None or "xl/_rels/workbook.xml.rels" not in package.namelist():
        return None
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - a checked package declares no entities
    target = next((_local(each, "Target") for each in relations if _local(each, "Id") == relation), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _places(xml: bytes, styles: set[bytes]) -> list[str]:
    found = []
    for match in _CELL.finditer(xml):
        style, place = _STYLE.search(match.group(1)), _PLACE.search(match.group(1))
        if style and place and style.group(1) in styles:
            found.append(place.group(1).decode())
    return found
